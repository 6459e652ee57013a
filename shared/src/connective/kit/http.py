"""Asking another service: one hop, a deadline, both identities, and a clear refusal when it fails."""

from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import TypeVar
from urllib.parse import urlencode

import pydantic_core
from pydantic import BaseModel, ValidationError
from pyreqwest.client import Client, ClientBuilder

from connective.kit.actor import Actor
from connective.kit.context import trace
from connective.kit.hops import Address, AnsweredTooLate, Hops, Unanswered
from connective.kit.logs import log
from connective.kit.problems import Conflict, Invalid, NotAllowed, NotFound, Refusal, TooSlow, Unavailable
from connective.kit.tokens import CALLER_HEADER, IDENTITY_HEADER, Signer

Answer = TypeVar("Answer", bound=BaseModel)
_DEADLINE = timedelta(seconds=3)
_POOL_IDLE = timedelta(seconds=3)
"""Shorter than a service keeps an idle connection, so that none is used at the moment the other end closes it."""
_AS_REFUSALS: dict[int, type[Refusal]] = {403: NotAllowed, 409: Conflict, 422: Invalid}


class Outgoing:
    """The process's HTTP clients: pooled, no redirects, no proxy of the environment.

    `client` is for any server, and streams; `hops` is for questions between services. `deadline` is for each answer.
    """

    def __init__(self, deadline: timedelta = _DEADLINE) -> None:
        self._builder = (
            ClientBuilder()
            .http1_only()
            .no_proxy()
            .follow_redirects(False)
            .timeout(deadline)
            .connect_timeout(timedelta(seconds=1))
            .pool_max_idle_per_host(64)
            .pool_idle_timeout(_POOL_IDLE)
        )
        self._client: Client | None = None
        self.hops = Hops(deadline.total_seconds())

    async def __aenter__(self) -> "Outgoing":
        await self.hops.__aenter__()
        self._client = self._builder.build()
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.hops.__aexit__(kind, error, at)
        if self._client is not None:
            await self._client.__aexit__(kind, error, at)
            self._client = None

    @property
    def client(self) -> Client:
        """The open client."""
        if self._client is None:
            raise Unavailable("The service is starting or stopping.")
        return self._client


class Peer:
    """One other service, as this one asks it."""

    def __init__(self, name: str, base_url: str, outgoing: Outgoing, signer: Signer) -> None:
        self.name = name
        self._address = Address(base_url)
        self._outgoing = outgoing
        self._signer = signer

    def _headers(self, actor: Actor, extra: Mapping[str, str]) -> dict[str, str]:
        present = trace()
        headers = {
            CALLER_HEADER: self._signer.caller(self.name),
            "x-request-id": present.request_id,
            "traceparent": present.traceparent,
            "content-type": "application/json",
            **extra,
        }
        if actor.token is not None:
            headers[IDENTITY_HEADER] = actor.token
        return headers

    async def post(self, path: str, body: BaseModel, answer: type[Answer], actor: Actor) -> Answer:
        """Ask with a body. Raises NotFound, NotAllowed, Conflict or Invalid as the other refused; else Unavailable."""
        return await self._ask("POST", path, self._headers(actor, {}), body.model_dump_json().encode(), answer)

    async def get(
        self,
        path: str,
        answer: type[Answer],
        actor: Actor,
        *,
        query: list[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask without a body."""
        target = f"{path}?{urlencode(query)}" if query else path
        return await self._ask("GET", target, self._headers(actor, headers or {}), b"", answer)

    async def _ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, kind: type[Answer]
    ) -> Answer:
        path = target.partition("?")[0]
        try:
            status, content = await self._outgoing.hops.ask(method, self._address, target, headers, body)
        except AnsweredTooLate as error:
            log().warning("peer_slow", peer=self.name, route=path)
            raise TooSlow("Another part of the Hub did not answer in time; nothing was shown or changed.") from error
        except (Unanswered, OSError) as error:
            log().warning("peer_unreachable", peer=self.name, route=path, error=type(error).__name__)
            raise Unavailable("Another part of the Hub cannot be reached; nothing was shown or changed.") from error
        if status >= 400:
            raise self._refusal(status, content, path)
        try:
            return kind.model_validate_json(content)
        except ValidationError as error:
            log().error("peer_answer_unreadable", peer=self.name, route=path)
            raise Unavailable("Another part of the Hub answered something unexpected.") from error

    def _refusal(self, status: int, content: bytes, path: str) -> Refusal:
        log().info("peer_refused", peer=self.name, route=path, status=status)
        if status == 404:
            return NotFound()
        kind = _AS_REFUSALS.get(status)
        if kind is None:
            return Unavailable("Another part of the Hub could not answer; nothing was shown or changed.")
        try:
            document = pydantic_core.from_json(content)
            return kind(str(document["detail"]), peer_code=str(document["type"]).rsplit("/", 1)[-1])
        except (ValueError, KeyError, TypeError):
            return kind("Another part of the Hub refused this.")
