"""The door: every request passes here first, as raw ASGI, because each layer of a framework costs a tenth of the speed.

Screened, then the caller verified, then limited, then passed on; whatever is not the API goes to the gateway's own
application, without the headers that only the gateway may set.
"""

import asyncio
import ipaddress
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote
from uuid import UUID

from connective.gateway.api.answers import Application, Exchange, RawHeaders, Receive, Scope, Send, answer_refusal
from connective.gateway.api.bodies import counted, refuse_too_large
from connective.gateway.api.proxy import PUBLIC_PATH_HEADER, Proxy
from connective.gateway.commands.refusals import DaySpent
from connective.gateway.domain.budgets import Spent, seconds_left
from connective.gateway.domain.clients import within_networks
from connective.gateway.domain.fairness import LONG_SECONDS, QueueFull, Turns
from connective.gateway.domain.forwarding import without_outside_claims
from connective.gateway.domain.limits import Buckets, Quota, Verdict
from connective.gateway.domain.routes import (
    GATEWAY,
    HEALTH,
    Unrouted,
    body_limit,
    is_open,
    is_open_reading,
    is_public,
    service_for,
    within,
)
from connective.gateway.domain.screening import refusal_of_headers, refusal_of_target
from connective.gateway.tokens.access import Access, AccessTokens
from connective.gateway.tokens.identity import Identities
from connective.kit.context import current_trace, new_trace
from connective.kit.problems import BadRequest, NotFound, Refusal, TooMany, TooSlow, Unauthenticated
from connective.kit.tokens import IDENTITY_HEADER

_BEARER = b"bearer "
_STOPPING = "The Hub is stopping and had no answer yet: ask again, and where you act, under the same Idempotency-Key."
_TRACING = frozenset({b"x-request-id", b"traceparent"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one account or client may ask, all of an organisation together, and one address without being known."""

    caller: Quota
    address: Quota
    organisation: Quota = field(default_factory=lambda: Quota("organisation", 1_000_000, 60))
    inside: int = 16
    """How many requests of one organisation the services work on at a time."""
    beside: int = 2
    """How many of them while others ask too."""
    waiting: int = 200
    """How many more of them wait for their turn."""


class Door:
    """The gateway's outermost application."""

    def __init__(
        self,
        inner: Application,
        proxy: Proxy,
        tokens: AccessTokens,
        identities: Identities,
        limits: Limits,
        *,
        trusted_proxies: frozenset[str] = frozenset(),
        spent: Spent | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inner = inner
        self._proxy = proxy
        self._tokens = tokens
        self._identities = identities
        self._callers = Buckets(limits.caller)
        self._addresses = Buckets(limits.address)
        self._organisations = Buckets(limits.organisation)
        self._turns = Turns(limits.inside, limits.waiting, limits.beside)
        self._trusted_proxies = trusted_proxies
        self._spent = spent or Spent()
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's event stream."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        headers = dict(scope["headers"])
        trace = new_trace(_text(headers.get(b"x-request-id")), _text(headers.get(b"traceparent")))
        current_trace.set(trace)
        exchange = Exchange(scope, receive, send, trace)
        try:
            await self._serve(exchange, headers)
        except Refusal as refusal:
            await answer_refusal(exchange, refusal, self._proxy.base)
        except asyncio.CancelledError:
            # The gateway is stopping, and this request had its time to end: whoever sent it is told, and not cut off.
            with suppress(RuntimeError):  # What was begun to be answered is answered no second time.
                await answer_refusal(exchange, TooSlow(_STOPPING), self._proxy.base)
            raise

    async def _serve(self, exchange: Exchange, headers: Mapping[bytes, bytes]) -> None:
        scope = exchange.scope
        _screen(scope)
        refuse_too_large(headers.get(b"content-length"), body_limit(scope["method"], scope["raw_path"]))
        service = service_for(scope["raw_path"])
        if service is None or isinstance(service, Unrouted):
            await self._serve_outside_the_api(exchange)
            return
        if is_public(scope["raw_path"]):
            self._take(self._addresses, self._address(scope), exchange)
            await self._proxy.forward(service, exchange, None)
            return
        if is_open_reading(scope["method"], scope["raw_path"]):
            self._take(self._addresses, self._address(scope), exchange)
            await self._serve_own_resource(exchange, None)
            return
        access = self._caller(headers.get(b"authorization"), exchange)
        if self._spent.refuses(service, scope["method"], scope["raw_path"], access.claims.subject):
            raise DaySpent(
                "You were shown as many different people's records as one may be in a day; the ledger tells so. "
                "Reading goes on at midnight. If your work needs more, ask your data protection officer.",
                retry_after=seconds_left(datetime.now(UTC)),
            )
        identity = self._identities.of(access)
        if service == GATEWAY:
            await self._serve_own_resource(exchange, identity)
            return
        await self._forward_in_turn(service, exchange, identity, access.claims.organisation_id)

    async def _forward_in_turn(self, service: str, exchange: Exchange, identity: str, organisation: UUID) -> None:
        """Pass it on when it is this organisation's turn: who sends much waits behind itself, and nobody else does."""
        turns = self._turns
        turn: asyncio.Future[None] | None = None

        def begin() -> None:
            if turn is not None and not turn.done():
                turn.set_result(None)

        try:
            inside = turns.enter(organisation, begin, self._clock())
        except QueueFull as full:
            raise TooMany(
                "Too many requests of your organisation at once: send fewer at a time.", retry_after=1
            ) from full
        if not inside:
            loop = asyncio.get_running_loop()
            turn = loop.create_future()
            later = loop.call_later(LONG_SECONDS, lambda: turns.look(organisation, self._clock()))
            try:
                await turn
            except asyncio.CancelledError:
                if not turns.give_up(organisation, begin):
                    turns.leave(organisation, begin, self._clock())
                raise
            finally:
                later.cancel()
        try:
            await self._proxy.forward(service, exchange, identity)
        finally:
            turns.leave(organisation, begin, self._clock())

    def _caller(self, authorization: bytes | None, exchange: Exchange) -> Access:
        """Who asks, within their quota. An unknown token counts against the address it comes from."""
        token = _bearer(authorization)
        access = self._tokens.find(token) if token else None
        if access is None:
            self._take(self._addresses, self._address(exchange.scope), exchange)
            if not token:
                raise Unauthenticated("Send an access token: Authorization: Bearer …")
            access = self._tokens.verify(token)
            exchange.extra.clear()
        if access.claims.networks and not within_networks(access.claims.networks, self._address(exchange.scope)):
            raise Unauthenticated("This access token may not be used from here: its client named its own networks.")
        self._take(self._callers, access.claims.subject, exchange)
        self._take(self._organisations, str(access.claims.organisation_id), exchange)
        return access

    def _take(self, buckets: Buckets, caller: str, exchange: Exchange) -> None:
        verdict = buckets.take(caller, self._clock())
        exchange.extra.extend(_limit_headers(buckets.quota, verdict))
        if not verdict.allowed:
            raise TooMany("Too many requests: wait, then go on more slowly.", retry_after=verdict.wait_seconds)

    async def _serve_outside_the_api(self, exchange: Exchange) -> None:
        """Sign-in, tokens, keys and documents: open to anybody, within the quota of the address."""
        scope = exchange.scope
        path = scope["raw_path"]
        if not is_open(path) and not (path in HEALTH and _is_near(self._address(scope))):
            raise NotFound
        if scope["method"] not in {"GET", "HEAD"}:
            self._take(self._addresses, self._address(scope), exchange)
        await self._serve_within(exchange, {}, [])

    async def _serve_own_resource(self, exchange: Exchange, identity: str | None) -> None:
        public = exchange.scope["raw_path"]
        path = within(public)
        own = [(PUBLIC_PATH_HEADER.encode(), public)]
        if identity is not None:
            own.append((IDENTITY_HEADER.encode(), identity.encode()))
        await self._serve_within(exchange, {"raw_path": path, "path": unquote(path.decode("ascii"))}, own)

    async def _serve_within(self, exchange: Exchange, changes: Scope, own: RawHeaders) -> None:
        headers = [(name, value) for name, value in exchange.scope["headers"] if name not in _TRACING]
        headers = without_outside_claims(headers) + own
        headers.append((b"x-request-id", exchange.trace.request_id.encode()))
        headers.append((b"traceparent", exchange.trace.traceparent.encode()))
        client = (self._address(exchange.scope), 0)
        inner = {**exchange.scope, **changes, "headers": headers, "client": client}

        async def send_with_limits(message: Scope) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *exchange.extra]
            await exchange.send(message)

        await self._inner(inner, counted(exchange.receive), send_with_limits)

    def _address(self, scope: Scope) -> str:
        """Where the request comes from; a proxy of our own is believed about whom it speaks for, nobody else is."""
        client = scope.get("client")
        address: str = client[0] if client else "unknown"
        if address in self._trusted_proxies:
            for name, value in reversed(scope["headers"]):
                if name == b"x-forwarded-for":
                    return str(value.rsplit(b",", 1)[-1].strip().decode("ascii"))[:64]
        return address


def _screen(scope: Scope) -> None:
    sentence = refusal_of_target(scope["raw_path"], scope["query_string"]) or refusal_of_headers(scope["headers"])
    if sentence is not None:
        raise BadRequest(sentence)


def _is_near(address: str) -> bool:
    """Whether an address is of this machine or this network: health and metrics are nobody else's business."""
    try:
        return ipaddress.ip_address(address).is_private
    except ValueError:
        return False


def _bearer(authorization: bytes | None) -> str | None:
    if authorization is None or authorization[:7].lower() != _BEARER:
        return None
    return authorization[7:].strip().decode("ascii")


def _limit_headers(quota: Quota, verdict: Verdict) -> RawHeaders:
    left = f'"{quota.name}";r={verdict.remaining};t={verdict.wait_seconds}'
    return [(b"ratelimit-policy", quota.policy.encode()), (b"ratelimit", left.encode())]


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")
