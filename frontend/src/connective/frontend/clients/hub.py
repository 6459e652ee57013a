"""The public API, asked on behalf of whoever has signed in: the only way in which pages know or do anything."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from email.message import Message
from typing import Any

from pyreqwest.exceptions import PyreqwestError, RequestTimeoutError
from pyreqwest.response import Response

from connective.frontend.domain.answers import Answer, File, Part, Refused, refused
from connective.kit.context import trace
from connective.kit.http import Outgoing
from connective.kit.logs import log

API = "/api/v1"
OPEN_DIRECTORY = "/open-referral/v3"
"""The directory as Open Referral UK, which anybody may read."""
Query = Mapping[str, str | int | bool | Sequence[str] | None]
LONG = timedelta(minutes=10)
"""For what takes long by its nature: a whole ledger that is read again, or taken away as a file."""


@dataclass(frozen=True, slots=True)
class Poured:
    """A file on its way: its kind, its name as the API gives it, and its content piece by piece."""

    media_type: str
    disposition: str
    pieces: AsyncIterator[bytes]


asked_so_far: ContextVar[list[float] | None] = ContextVar("asked_so_far", default=None)
"""How long each call took that the page in hand made, in seconds."""


class Hub:
    """The gateway, as one person asks it."""

    def __init__(
        self, outgoing: Outgoing, base: str, token: str | None, *, root: str = API, visitor: str | None = None
    ) -> None:
        self._outgoing = outgoing
        self._base = base.rstrip("/") + root
        self._token = token
        self._visitor = visitor

    async def get(self, path: str, query: Query | None = None) -> dict[str, Any]:
        """Read. Raises Refused."""
        return (await self.read(path, query)).body

    async def read(self, path: str, query: Query | None = None) -> Answer:
        """Read, with the version that a change of it must name. Raises Refused."""
        return await self._send("GET", path, {}, query=query)

    async def file(self, path: str, query: Query | None = None) -> File:
        """Read what is no JSON: a PDF, a table, a bundle. Raises Refused."""
        _, headers, content = await self._ask("GET", path, {}, query=query)
        return File(content, headers.get("content-type") or "application/octet-stream", _file_name(headers))

    async def version(self, path: str) -> str | None:
        """Its version as a change must name it, and nothing else: asking discloses nothing. Raises Refused."""
        return (await self._send("HEAD", path, {})).etag

    async def post(
        self,
        path: str,
        body: Any = None,  # noqa: ANN401 - JSON
        *,
        key: str | None = None,
        version: str | None = None,
        within: timedelta | None = None,
    ) -> Answer:
        """Make or act: `key` is the one-time key of the form that asks for it. Raises Refused.

        `within` is for an answer that takes longer than others.
        """
        return await self._send("POST", path, _conditions(key, version), body=body, within=within)

    async def pour(self, path: str, query: Query | None = None) -> Poured:
        """A file, passed on piece by piece as it comes, however large it is. Raises Refused before its first piece."""
        builder = self._outgoing.client.request("GET", self._base + path).query(_pairs(query or {}))
        request = builder.headers(self._headers()).timeout(LONG).build_streamed()
        async with AsyncExitStack() as opened:
            try:
                response = await opened.enter_async_context(request)
                if response.status >= 400:
                    document = _document(bytes(await response.bytes()))
                    raise refused(response.status, document, _seconds(response.headers.get("retry-after")))
            except RequestTimeoutError as error:
                raise Refused(504, "too-slow", "") from error
            except (PyreqwestError, OSError) as error:
                raise Refused(503, "unreachable", "", retry_after=5) from error
            kind = response.headers.get("content-type") or "application/octet-stream"
            disposition = response.headers.get("content-disposition") or "attachment"
            return Poured(kind, disposition, _pieces(response, opened.pop_all()))

    async def put(self, path: str, body: Any = None, *, version: str | None = None) -> Answer:  # noqa: ANN401 - JSON
        """Replace. Raises Refused."""
        return await self._send("PUT", path, _conditions(None, version), body=body)

    async def send_file(self, path: str, content: bytes, *, version: str) -> Answer:
        """Send a file as it is: the content of an attachment, say. Raises Refused."""
        headers = {**_conditions(None, version), "content-type": "application/octet-stream"}
        return await self._send("PUT", path, headers, body=content, within=LONG)

    async def post_file(self, path: str, file: File, query: Query, *, key: str) -> Answer:
        """Send a file that is read at once: listings, say. Raises Refused."""
        headers = {**_conditions(key, None), "content-type": file.media_type}
        return await self._send("POST", path, headers, query=query, body=file.content, within=LONG)

    async def patch(self, path: str, body: Any, *, version: str) -> Answer:  # noqa: ANN401 - JSON
        """Change some of it. Raises Refused."""
        return await self._send("PATCH", path, _conditions(None, version), body=body)

    async def delete(self, path: str, *, version: str | None = None) -> Answer:
        """Remove. Raises Refused."""
        return await self._send("DELETE", path, _conditions(None, version))

    async def part(self, path: str, query: Query | None = None) -> Part:
        """Read what a page can do without: where it is refused, the page says so in its place.

        Raises Refused only where nobody is signed in any more: then no part of the page counts.
        """
        try:
            return Part(await self.get(path, query))
        except Refused as problem:
            if problem.status == 401:
                raise
            return Part(problem=problem)

    async def part_of_search(self, path: str, body: Any, *, key: str | None = None) -> Part:  # noqa: ANN401 - JSON
        """The same for a search, which posts so that nothing of it stands in an address. Raises Refused for 401."""
        try:
            return Part((await self.post(path, body, key=key)).body)
        except Refused as problem:
            if problem.status == 401:
                raise
            return Part(problem=problem)

    async def _send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        query: Query | None = None,
        body: Any = None,  # noqa: ANN401 - JSON
        within: timedelta | None = None,
    ) -> Answer:
        status, answered, content = await self._ask(method, path, headers, query=query, body=body, within=within)
        return Answer(status, _document(content), answered.get("etag"))

    async def _ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        *,
        query: Query | None = None,
        body: Any = None,  # noqa: ANN401 - JSON
        within: timedelta | None = None,
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One exchange: the status, the headers and the content of a success. Raises Refused."""
        request = self._outgoing.client.request(method, self._base + path).query(_pairs(query or {}))
        if within is not None:
            request = request.timeout(within)
        if body is not None:
            request = request.body_bytes(body if isinstance(body, bytes) else json.dumps(body).encode())
        started = time.perf_counter()
        try:
            response = await request.headers({**self._headers(), **headers}).build().send()
            content = bytes(await response.bytes())
        except RequestTimeoutError as error:
            log().warning("hub_slow", method=method)
            raise Refused(504, "too-slow", "") from error
        except (PyreqwestError, OSError) as error:
            log().warning("hub_unreachable", method=method, error=type(error).__name__)
            raise Refused(503, "unreachable", "", retry_after=5) from error
        finally:
            if (seen := asked_so_far.get()) is not None:
                seen.append(time.perf_counter() - started)
        if response.status >= 400:
            log().info("hub_refused", method=method, status=response.status)
            raise refused(response.status, _document(content), _seconds(response.headers.get("retry-after")))
        return response.status, response.headers, content

    def _headers(self) -> dict[str, str]:
        present = trace()
        headers = {
            "content-type": "application/json",
            "x-request-id": present.request_id,
            "traceparent": present.traceparent,
        }
        if self._visitor is not None:
            # Believed by a gateway that names these pages as its proxy: limits then count people, and not the pages.
            headers["x-forwarded-for"] = self._visitor
        if self._token is not None:
            headers["authorization"] = f"Bearer {self._token}"
        return headers


async def _pieces(response: Response, opened: AsyncExitStack) -> AsyncIterator[bytes]:
    """What comes, as it comes. A file that breaks off breaks off for the browser too: half of one is never whole."""
    async with opened:
        while piece := await response.body_reader.read():
            yield bytes(piece)


async def together(*asked: Coroutine[Any, Any, Any]) -> list[Any]:
    """Ask for everything a page needs at once: it then takes as long as the slowest answer, not as long as all.

    Raises the first refusal, once every answer is in.
    """
    answers = await asyncio.gather(*asked, return_exceptions=True)
    for each in answers:
        if isinstance(each, BaseException):
            raise each
    return [each for each in answers if not isinstance(each, BaseException)]


def _conditions(key: str | None, version: str | None) -> dict[str, str]:
    headers = {}
    if key is not None:
        headers["idempotency-key"] = key
    if version is not None:
        headers["if-match"] = version
    return headers


def _pairs(query: Query) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        if value is None:
            continue
        if isinstance(value, Sequence) and not isinstance(value, str):
            pairs += [(name, each) for each in value]
        else:
            pairs.append((name, str(value).lower() if isinstance(value, bool) else str(value)))
    return pairs


def _file_name(headers: Mapping[str, str]) -> str | None:
    message = Message()
    message["content-disposition"] = headers.get("content-disposition") or ""
    return message.get_filename()


def _document(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content) if content else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {"items": found}


def _seconds(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdigit() else None
