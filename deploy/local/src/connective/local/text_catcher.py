"""A telephone and a mailbox for this machine: takes what the Hub posts and texts, and shows it on a page.

It answers as a text gateway of GOV.UK Notify's shape does, sends nothing on, and listens on loopback alone; so a
demonstration can read the link that comes by e-mail and the code that comes by telephone, without any setting.
"""

import asyncio
import html
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage

from connective.local.mail_catcher import LOOPBACK, MailCatcher
from connective.local.services import public_address

TAKES = "/v2/notifications/sms"
KEY = "demo-00000000-0000-4000-8000-000000000001-00000000-0000-4000-8000-000000000002"
"""A key in the form the gateway wants; the catcher believes everybody."""
_ADDRESS = re.compile(r"https?://\S+")
_MOST_BYTES = 1 << 16
_MOST_KEPT = 200
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>What the Hub sent</title>
<meta name="viewport" content="width=device-width"><style>body{{font:1.1rem/1.5 Arial,sans-serif;max-width:45rem;
margin:2rem auto;padding:0 1rem}}pre{{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere;background:#f3f2f1;
padding:1rem;border-left:5px solid #1d70b8}}h2{{margin:2rem 0 0}}p{{margin:.25rem 0}}</style>
<h1>What the Hub sent</h1><p>Newest first; nothing left this machine. Reload to see more.</p>{items}</html>"""


@dataclass(frozen=True, slots=True)
class Sent:
    """One message, however it travelled."""

    to: str
    subject: str
    text: str

    def shown(self) -> str:
        """As a part of the page; addresses of the Hub can be followed."""
        words = html.escape(self.text)
        linked = _ADDRESS.sub(r'<a href="\g<0>">\g<0></a>', words)
        return f"<h2>{html.escape(self.subject)}</h2><p>To {html.escape(self.to)}</p><pre>{linked}</pre>"


class Catcher:
    """Listens while the block runs: for mail on one port, for text messages and readers on another."""

    def __init__(self, mail_port: int = 0, port: int = 0, caught: Callable[[Sent], None] | None = None) -> None:
        self.kept: list[Sent] = []
        self._caught = caught
        self._mail = MailCatcher(self._take_mail, mail_port)
        self.port = port
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """Where what was sent is read."""
        return public_address(self.port) + "/"

    def environment(self) -> dict[str, str]:
        """What the services are told, so that everything comes here."""
        mail = {"SMTP_HOST": LOOPBACK, "SMTP_PORT": str(self._mail.port)}
        own = {f"{service}_{name}": value for service in ("GATEWAY", "PARTNERS") for name, value in mail.items()}
        return own | {"GATEWAY_SMS_URL": f"http://{LOOPBACK}:{self.port}{TAKES}", "GATEWAY_SMS_KEY": KEY}

    async def __aenter__(self) -> "Catcher":
        await self._mail.__aenter__()
        self._server = await asyncio.start_server(self._serve, LOOPBACK, self.port, limit=_MOST_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._mail.__aexit__()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def _keep(self, sent: Sent) -> None:
        self.kept.insert(0, sent)
        del self.kept[_MOST_KEPT:]
        if self._caught is not None:
            self._caught(sent)

    def _take_mail(self, message: EmailMessage) -> None:
        self._keep(Sent(str(message["To"]), str(message["Subject"]), message.get_content().strip()))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *rest = head.split("\r\n")
            if line.startswith(f"POST {TAKES} "):
                lengths = [each.partition(":")[2] for each in rest if each.lower().startswith("content-length:")]
                self._take_text(json.loads(await reader.readexactly(min(int(lengths[0]), _MOST_BYTES))))
                _answer(writer, "201 Created", "application/json", "{}")
            elif line.startswith("GET / "):
                items = "".join(sent.shown() for sent in self.kept) or "<p>Nothing yet.</p>"
                _answer(writer, "200 OK", "text/html; charset=utf-8", _PAGE.format(items=items))
            else:
                _answer(writer, "404 Not Found", "text/plain", "Nothing is here.")
            await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, ValueError, LookupError):
            return
        finally:
            writer.close()

    def _take_text(self, body: dict[str, object]) -> None:
        values = body.get("personalisation")
        code, minutes = (values.get("code"), values.get("minutes")) if isinstance(values, dict) else (None, None)
        words = f"Your code is {code}. It works for {minutes} minutes, with the link that came by e-mail."
        self._keep(Sent(str(body.get("phone_number")), "A text message", words))


def _answer(writer: asyncio.StreamWriter, status: str, kind: str, text: str) -> None:
    body = text.encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    writer.write(head.encode() + body)
