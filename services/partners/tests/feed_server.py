"""Another directory's feed: an HTTP server in this process that answers as it is told, honestly or not."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, bytes]
Page = dict[str, Any]


@dataclass
class Feed:
    """Services, told `size` a page; `lie` may change what a page says, `instead` a whole answer."""

    services: list[dict[str, Any]] = field(default_factory=list)
    size: int = 2
    port: int = 0
    lie: Callable[[int, Page], Page] = lambda _, page: page
    instead: Callable[[str, dict[str, str]], Answer | None] = lambda _, __: None
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v3"

    def answer(self, target: str) -> Answer:
        self.asked.append(target)
        parts = urlsplit(target)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        other = self.instead(parts.path, asked)
        if other is not None:
            return other
        if parts.path == "/v3/services":
            return 200, json.dumps(self._page(int(asked["page"]))).encode()
        wanted = parts.path.rpartition("/")[2]
        found = next((each for each in self.services if each.get("id") == wanted), None)
        return (404, b"{}") if found is None else (200, json.dumps(found).encode())

    def _page(self, number: int) -> Page:
        pages = max(1, -(-len(self.services) // self.size))
        contents = self.services[(number - 1) * self.size : number * self.size]
        page = {
            "total_items": len(self.services),
            "total_pages": pages,
            "page_number": number,
            "size": len(contents),
            "first_page": number == 1,
            "last_page": number == pages,
            "empty": not contents,
            "contents": contents,
        }
        return self.lie(number, page)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            status, body = self.answer(head.split(" ")[1])
            where = "Location: http://127.0.0.1/\r\n" if 300 <= status < 400 else ""
            writer.write(f"HTTP/1.1 {status} So\r\n{where}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def feeding(*services: dict[str, Any], **told: Any) -> AsyncIterator[Feed]:
    """A feed that listens on a free port."""
    feed = Feed(list(services), **told)
    server = await asyncio.start_server(feed.serve, "127.0.0.1", 0)
    feed.port = server.sockets[0].getsockname()[1]
    try:
        yield feed
    finally:
        server.close()
        await server.wait_closed()


def listed(number: int, **told: Any) -> dict[str, Any]:
    """A full record of a feed."""
    record = {
        "id": f"00000000-0000-4000-8000-{number:012d}",
        "name": f"Pantry {number}",
        "status": "active",
        "phones": [{"number": "01632 960200"}],
        "attributes": [{"taxonomy_term": {"code": "food_bank", "name": "Food bank"}}],
        "organization": {"id": "11111111-0000-4000-8000-000000000000", "name": "County Pantries", "description": "C"},
        "service_areas": [{"name": "TA20"}],
    }
    return record | told
