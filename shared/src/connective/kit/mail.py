"""Mail as a port: what is said is content-free, and how it travels is settings."""

import asyncio
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """One plain message. Its subject and text name no person and no kind of service: a notice must not tell."""

    to: str
    subject: str
    text: str


class Post(Protocol):
    """Sends mail; raises OSError when it cannot."""

    async def send(self, mail: Mail) -> None: ...  # noqa: D102 - as the class says


class SmtpPost:
    """Mail over SMTP."""

    def __init__(self, host: str, port: int, sender: str) -> None:
        self._host, self._port, self._sender = host, port, sender

    async def send(self, mail: Mail) -> None:
        """Send one message; the standard library's client blocks, so it runs in a thread."""
        await asyncio.to_thread(self._send, mail)

    def _send(self, mail: Mail) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, mail.to, mail.subject
        message.set_content(mail.text)
        with smtplib.SMTP(self._host, self._port, timeout=10) as server:
            server.send_message(message)


class KeptPost:
    """Keeps what would be sent, for tests and the demo."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []

    async def send(self, mail: Mail) -> None:
        """Keep it."""
        self.sent.append(mail)
