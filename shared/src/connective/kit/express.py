"""The express lane: the few hottest operations, answered before the web framework is entered.

The framework's layers, its dependencies and its parameters took 0.5 ms of the 2.5 ms that a page of the inbox cost
(measured). An express handler reads the plain form of a request by itself. Whatever is not plain (a parameter it does
not know, a value it would have to explain) it leaves to the ordinary route by answering None, before anything is done;
so every refusal has one place, and the API description stays that of the route. Identity, limits, policy, request id,
metrics and problem documents are the same on both ways: the edge and the route's own policy see to them.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from fastapi import APIRouter, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.types import Message, Receive, Scope, Send

from connective.kit.actor import Actor
from connective.kit.policy import Policy, policy_of, refuse_unstorable

RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Plain:
    """A request as it came."""

    actor: Actor
    path: str
    headers: Mapping[bytes, bytes]
    query: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer as it goes."""

    body: bytes
    headers: RawHeaders
    status: int = 200


Express = Callable[[Plain], Awaitable[Ready | Response | None]]
"""Answers a plain request; None leaves it, untouched, to the ordinary route."""
Place = tuple[str, str]
"""Method and path, without parameters in it."""


@dataclass(frozen=True, slots=True)
class Lane:
    """An express handler beside the route it stands in for."""

    route: APIRoute
    policy: Policy
    handler: Express

    async def serve(self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive, send: Send) -> Receive | None:
        """Answer, or hand back what the ordinary route is to read the body from. Raises as the handler does."""
        actor: Actor = scope["hub_actor"]
        self.policy.check(actor)
        body = b""
        if scope["method"] != "GET":
            body = await _whole(receive)
            refuse_unstorable(body)
        scope["route"] = self.route
        ready = await self.handler(Plain(actor, scope["path"], headers, scope["query_string"], body))
        if ready is None:
            return _again(body, receive)
        if isinstance(ready, Response):
            await ready(scope, receive, send)
        else:
            await send_ready(ready, send)
        return None


Body = TypeVar("Body", bound=BaseModel)


def plain_body(asked: Plain, kind: type[Body]) -> Body | None:
    """The body as this model, read from its bytes at once; None for one that the ordinary route is to refuse."""
    if asked.headers.get(b"content-type") != b"application/json":
        return None
    try:
        return kind.model_validate_json(asked.body)
    except ValidationError:
        return None


def lanes(routers: Iterable[APIRouter], express: Mapping[Place, Express]) -> dict[Place, Lane]:
    """The lanes of an application. Raises LookupError for one without its route."""
    routes = {
        (method, route.path): route
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    return {place: Lane(routes[place], policy_of(routes[place]), handler) for place, handler in express.items()}


async def send_ready(ready: Ready, send: Send) -> None:
    """Send it as JSON."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(ready.body)), *ready.headers]
    await send({"type": "http.response.start", "status": ready.status, "headers": headers})
    await send({"type": "http.response.body", "body": ready.body})


async def _whole(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read, to be read once more; after it comes what comes."""
    given = False

    async def once_more() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once_more
