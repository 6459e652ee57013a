"""The one HTTP client through which requests go on to the services, built so that it changes nothing on the way.

No redirects, no decoders, no proxy of the environment, HTTP/1.1; answers are not buffered ahead of the reader.
"""

from collections.abc import AsyncIterable
from datetime import timedelta
from types import TracebackType

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.request import StreamRequest

from connective.kit.problems import Unavailable

_POOL_IDLE = timedelta(seconds=3)
"""Shorter than a service keeps an idle connection, so that none is used at the moment the other end closes it."""


class Upstream:
    """The pool of connections to the services."""

    def __init__(self, *, deadline_seconds: float, connect_seconds: float = 1.0, connections: int = 512) -> None:
        no = False
        self._builder = (
            ClientBuilder()
            .http1_only()
            .http1_lower_case_headers()
            .no_proxy()
            .follow_redirects(no)
            .referer(no)
            .gzip(no)
            .brotli(no)
            .zstd(no)
            .deflate(no)
            .timeout(timedelta(seconds=deadline_seconds))
            .connect_timeout(timedelta(seconds=connect_seconds))
            .pool_idle_timeout(_POOL_IDLE)
            .pool_timeout(timedelta(seconds=connect_seconds))
            .max_connections(connections)
        )
        self._client: Client | None = None

    async def __aenter__(self) -> "Upstream":
        self._client = await self._builder.build().__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._client is not None:
            client, self._client = self._client, None
            await client.__aexit__(kind, error, at)

    def request(
        self,
        method: str,
        url: str,
        headers: list[tuple[str, str]],
        body: bytes | AsyncIterable[bytes] | None,
        *,
        allowed_seconds: float | None = None,
    ) -> StreamRequest:
        """A request, sent when it is entered, whose answer is read in pieces. Raises Unavailable when closed.

        `allowed_seconds` is for the whole answer, where it may take longer than others.
        """
        if self._client is None:
            raise Unavailable("The gateway is starting or stopping.")
        builder = self._client.request(method, url).headers(headers).streamed_read_buffer_limit(0)
        if allowed_seconds is not None:
            builder = builder.timeout(timedelta(seconds=allowed_seconds))
        if isinstance(body, bytes):
            builder = builder.body_bytes(body)
        elif body is not None:
            builder = builder.body_stream(body)
        return builder.build_streamed()
