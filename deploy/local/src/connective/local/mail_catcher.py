"""A mailbox for this machine: takes whatever is posted by SMTP, shows it, and sends nothing on.

So a demonstration, and a test, can read the links that the gateway posts. It speaks as much of RFC 5321 as the
standard library's client needs, and listens on loopback alone.
"""

import asyncio
from collections.abc import Callable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

LOOPBACK = "127.0.0.1"
PORT = 2525
_MOST_BYTES = 1 << 20
Caught = Callable[[EmailMessage], None]


def printed(message: EmailMessage) -> None:
    """Show a message on the terminal."""
    print(f"\nTo: {message['To']}\nSubject: {message['Subject']}\n\n{message.get_content().strip()}\n", flush=True)


class MailCatcher:
    """Listens while the block runs."""

    def __init__(self, caught: Caught = printed, port: int = PORT) -> None:
        self._caught, self.port = caught, port
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "MailCatcher":
        self._server = await asyncio.start_server(self._serve, LOOPBACK, self.port, limit=_MOST_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _say(writer, "220 a mailbox of this machine")
            while line := await reader.readline():
                verb = line.split(b" ", 1)[0].strip().upper()
                if verb == b"DATA":
                    await _say(writer, "354 go on")
                    self._take(await reader.readuntil(b"\r\n.\r\n"))
                await _say(writer, "221 done" if verb == b"QUIT" else "250 yes")
                if verb == b"QUIT":
                    return
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            return
        finally:
            writer.close()

    def _take(self, data: bytes) -> None:
        # A line that begins with a dot was sent with one more (RFC 5321, section 4.5.2).
        lines = data.removesuffix(b".\r\n").split(b"\r\n")
        text = b"\r\n".join(line[1:] if line.startswith(b"..") else line for line in lines)
        self._caught(BytesParser(_class=EmailMessage, policy=default).parsebytes(text))


async def _say(writer: asyncio.StreamWriter, words: str) -> None:
    writer.write(words.encode() + b"\r\n")
    await writer.drain()


async def catch_until_told(port: int) -> None:
    """Show what comes, until Ctrl-C."""
    async with MailCatcher(port=port) as catcher:
        print(f"Mail to {LOOPBACK}:{catcher.port} is shown here and sent nowhere. Ctrl-C ends it.", flush=True)
        await asyncio.Event().wait()
