"""Passing a request on to a service and its answer back, as raw ASGI: every other way costs a multiple.

The request was screened, its caller verified and limited before it comes here (api.door).
"""

from collections.abc import Iterable

from pyreqwest.exceptions import PoolTimeoutError, PyreqwestError, RequestTimeoutError
from pyreqwest.request import StreamRequest
from pyreqwest.response import Response

from connective.gateway.api.answers import Exchange, RawHeaders, Scope
from connective.gateway.api.bodies import ClientGone, take_body
from connective.gateway.clients.upstream import Upstream
from connective.gateway.domain.forwarding import forwarded, returned
from connective.gateway.domain.routes import allowance, body_limit, outside, speaks_fhir, within
from connective.kit.context import Trace
from connective.kit.logs import log
from connective.kit.problems import Refusal, TooSlow, Unavailable
from connective.kit.tokens import IDENTITY_HEADER

PUBLIC_PATH_HEADER = "hub-public-path"
"""What the client called the resource, for the links in an answer."""
PUBLIC_BASE_HEADER = "hub-public-base"
"""The address of the whole deployment, for surfaces whose standard wants addresses in full."""
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})
_TRACING = frozenset({"x-request-id", "traceparent"})
_TRACING_AND_LENGTH = _TRACING | {"content-length"}


class AnswerBroken(Exception):
    """The service failed after its answer had begun: the client sees it cut, never a short one that looks whole."""


class Proxy:
    """Forwards to the services under one pool of connections."""

    def __init__(self, upstream: Upstream, addresses: dict[str, str], base: str = "") -> None:
        self._upstream = upstream
        self.base = base
        """The address of the whole deployment."""
        self._addresses = {service: address.rstrip("/") for service, address in addresses.items()}

    async def forward(self, service: str, exchange: Exchange, identity: str | None) -> None:
        """Pass the request on, for somebody or (None) anybody, and its answer back. Raises Refusal before it began."""
        answer = _Answer(exchange)
        try:
            async with await self._request(service, exchange, identity) as response:
                await answer.pass_on(response, bodiless=exchange.scope["method"] == "HEAD")
        except (PyreqwestError, OSError, Refusal) as error:
            refusal = error if isinstance(error, Refusal) else _as_refusal(error)
            log().warning("not_forwarded", peer=service, error=type(error).__name__, status=refusal.status)
            if answer.begun:
                raise AnswerBroken(service) from error
            raise refusal from error
        except ClientGone:
            return

    async def _request(self, service: str, exchange: Exchange, identity: str | None) -> StreamRequest:
        scope, trace = exchange.scope, exchange.trace
        body = (
            await take_body(exchange.receive, body_limit(scope["method"], scope["raw_path"]))
            if _has_body(scope)
            else None
        )
        # The client library states the length of a whole body itself; a second statement would be a smuggler's tool.
        replaced = _TRACING if body is not None and body.whole is None else _TRACING_AND_LENGTH
        headers = [(name, value) for name, value in forwarded(scope["headers"]) if name not in replaced]
        headers += [
            (PUBLIC_PATH_HEADER, scope["raw_path"].decode("ascii")),
            ("x-request-id", trace.request_id),
            ("traceparent", trace.traceparent),
        ]
        if identity is not None:
            headers.append((IDENTITY_HEADER, identity))
        if identity is None or speaks_fhir(scope["raw_path"]):
            headers.append((PUBLIC_BASE_HEADER, self.base))
        query = scope["query_string"]
        target = within(scope["raw_path"]) + (b"?" + query if query else b"")
        url = self._addresses[service] + target.decode("ascii")
        content = None if body is None else body.pieces or body.whole
        return self._upstream.request(
            scope["method"], url, headers, content, allowed_seconds=allowance(scope["raw_path"])
        )


class _Answer:
    """One answer on its way back."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.begun = False

    async def pass_on(self, response: Response, *, bodiless: bool) -> None:
        """Send what the service answers, piece by piece."""
        path = self._exchange.scope["raw_path"]
        headers = [
            (name, outside(path, value) if name == b"location" else value)
            for name, value in returned(response.headers.items())
        ]
        headers += _missing(headers, self._exchange.trace)
        headers += self._exchange.extra
        send = self._exchange.send
        reader = response.body_reader
        left = _declared_length(headers)
        piece = None if bodiless else await reader.read_chunk()
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        self.begun = True
        while piece is not None:
            body = bytes(piece)
            left -= len(body)
            await send({"type": "http.response.body", "body": body, "more_body": left != 0})
            if left == 0:
                return
            # Each read crosses to the client library's thread and back, so none is made for an end that is known.
            piece = await reader.read_chunk()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _has_body(scope: Scope) -> bool:
    if scope["method"] not in _BODILESS:
        return True
    return any(name in {b"content-length", b"transfer-encoding"} for name, _ in scope["headers"])


def _declared_length(headers: RawHeaders) -> int:
    """The length of the body as the service declares it; below nought when it does not."""
    return next((int(value) for name, value in headers if name == b"content-length" and value.isdigit()), -1)


def _missing(headers: Iterable[tuple[bytes, bytes]], trace: Trace) -> RawHeaders:
    """What every answer has, where the service did not say it: nothing about people is kept by a cache on the way."""
    names = {name for name, _ in headers}
    missing: RawHeaders = []
    if b"cache-control" not in names:
        missing.append((b"cache-control", b"no-store"))
    if b"x-request-id" not in names:
        missing.append((b"x-request-id", trace.request_id.encode()))
    return missing


def _slow(error: Exception) -> bool:
    return isinstance(error, RequestTimeoutError) and not isinstance(error, PoolTimeoutError)


def _as_refusal(error: Exception) -> Refusal:
    if _slow(error):
        return TooSlow("The Hub did not answer in time. Whether it acted is unknown: ask again with the same key.")
    return Unavailable("This part of the Hub cannot be reached right now. Try again shortly.")
