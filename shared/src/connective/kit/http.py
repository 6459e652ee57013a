"""Asking another service: one hop, a deadline, both identities, and a clear refusal when it fails."""

from collections.abc import Mapping
from datetime import timedelta
from types import TracebackType
from typing import Any, TypeVar

import pydantic_core
from pydantic import BaseModel, ValidationError
from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import PyreqwestError, RequestTimeoutError

from connective.kit.actor import Actor
from connective.kit.context import trace
from connective.kit.logs import log
from connective.kit.problems import Conflict, Invalid, NotAllowed, NotFound, Refusal, TooSlow, Unavailable
from connective.kit.tokens import CALLER_HEADER, IDENTITY_HEADER, Signer

Answer = TypeVar("Answer", bound=BaseModel)
_DEADLINE = timedelta(seconds=3)
_POOL_IDLE = timedelta(seconds=3)
"""Shorter than a service keeps an idle connection, so that none is used at the moment the other end closes it."""
_AS_REFUSALS: dict[int, type[Refusal]] = {403: NotAllowed, 409: Conflict, 422: Invalid}


class Outgoing:
    """The process's one HTTP client: pooled, no redirects, no proxy of the environment.

    `deadline` is for each answer.
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

    async def __aenter__(self) -> "Outgoing":
        self._client = self._builder.build()
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
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
        self._base = base_url.rstrip("/")
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
        request = self._outgoing.client.post(self._base + path).body_bytes(body.model_dump_json().encode())
        return await self._send(request.headers(self._headers(actor, {})), answer, path)

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
        request = self._outgoing.client.get(self._base + path).query(query or [])
        return await self._send(request.headers(self._headers(actor, headers or {})), answer, path)

    async def _send(self, request: Any, answer: type[Answer], path: str) -> Answer:  # noqa: ANN401 - the client's builder
        try:
            response = await request.build().send()
            content = bytes(await response.bytes())
        except RequestTimeoutError as error:
            log().warning("peer_slow", peer=self.name, route=path)
            raise TooSlow("Another part of the Hub did not answer in time; nothing was shown or changed.") from error
        except (PyreqwestError, OSError) as error:
            log().warning("peer_unreachable", peer=self.name, route=path, error=type(error).__name__)
            raise Unavailable("Another part of the Hub cannot be reached; nothing was shown or changed.") from error
        if response.status >= 400:
            raise self._refusal(response.status, content, path)
        try:
            return answer.model_validate_json(content)
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
