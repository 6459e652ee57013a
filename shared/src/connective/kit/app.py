"""The application every service starts from: identity, problem documents, limits, health and metrics, and nothing else.

Middleware is plain ASGI: it costs no task switch, and keeps context variables.
"""

import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from fastapi.routing import APIRoute
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connective.kit.actor import ANONYMOUS, Actor
from connective.kit.conditions import ConditionGauges, Conditions, none
from connective.kit.context import current_trace, new_trace, trace
from connective.kit.description import Examples, Fields, describe
from connective.kit.express import Express, Lane, Place, lanes
from connective.kit.logs import log
from connective.kit.plain_words import in_plain_words
from connective.kit.policy import Access, FileRoute, PolicedRoute, operation, policy_of
from connective.kit.problems import (
    MEDIA_TYPE,
    BadRequest,
    FieldError,
    Invalid,
    NotFound,
    Refusal,
    TooLarge,
    problem_document,
    problem_headers,
)

BODY_LIMIT_BYTES = 1024 * 1024
_FIELD_NAME = re.compile(r"^[a-z0-9_.-]{1,60}$")
Identify = Callable[[Mapping[bytes, bytes]], Actor]
"""From request headers to the actor; raises Unauthenticated for an identity that does not verify."""
Ready = Callable[[], Awaitable[dict[str, Any]]]
"""What `/readyz` answers; raises Refusal when the service cannot serve."""
Translations = Mapping[type[Exception], Callable[[Exception], Refusal]]
"""How refusals of a service's own rules, which know nothing of HTTP, become the kit's: by their base class."""


class MethodNotAllowed(Refusal):
    """The resource has no such method."""

    status, code, title = 405, "method-not-allowed", "This address does not take that method"


BodyLimit = Callable[[str, str], int | None]
"""From a method and a path to how many bytes its body may have, where that is more than any other's."""


AtTheDoor = Callable[[Scope, Refusal], Response]
"""How a request is refused before any route sees it: a problem document, unless people read the answers."""


def router(prefix: str = "", tags: list[str] | None = None, *, takes_files: bool = False) -> APIRouter:
    """A router whose every route must declare its policy; with `takes_files` its bodies are left to their handlers."""
    return APIRouter(prefix=prefix, tags=list(tags or []), route_class=FileRoute if takes_files else PolicedRoute)


def no_larger(_method: str, _path: str) -> int | None:
    """The limit of a service that takes no files."""
    return None


class Metrics:
    """Counts and durations by route template: no path, no query, no person."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "http_requests_total", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram("http_request_seconds", "Time to answer.", ["method", "route"], registry=self.registry)
        self._kinds: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def note(self, scope: Scope, status: int, seconds: float) -> None:
        """Record one answered request."""
        kind = (scope["method"], getattr(scope.get("route"), "path", "unmatched"), status)
        found = self._kinds.get(kind)
        if found is None:
            method, route, _ = kind
            count = self.requests.labels(method, route, str(status))
            # Finding them by their labels takes longer than counting.
            found = self._kinds[kind] = (count, self.seconds.labels(method, route))
        found[0].inc()
        found[1].observe(seconds)


class Edge:
    """The outermost layer: gives each request its id and actor, bounds its body, and counts it."""

    def __init__(
        self,
        app: ASGIApp,
        identify: Identify,
        metrics: Metrics,
        body_limit: int,
        express: Mapping[Place, Lane],
        *,
        larger: BodyLimit = no_larger,
        at_the_door: AtTheDoor,
    ) -> None:
        self._app = app
        self._express = express
        self._identify = identify
        self._metrics = metrics
        self._limit = body_limit
        self._larger = larger
        self._at_the_door = at_the_door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        present = new_trace(_text(headers.get(b"x-request-id")), _text(headers.get(b"traceparent")))
        token = current_trace.set(present)
        started = time.perf_counter()
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", present.request_id.encode())]
            await send(message)

        try:
            limit = self._larger(scope["method"], scope["path"]) or self._limit
            refusal = self._admit(scope, headers, limit)
            if refusal is not None:
                await self._at_the_door(scope, refusal)(scope, receive, answer)
            else:
                await self._serve(scope, headers, _bounded(receive, limit), answer)
        finally:
            current_trace.reset(token)
            self._metrics.note(scope, status, time.perf_counter() - started)

    async def _serve(self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive, send: Send) -> None:
        lane = self._express.get((scope["method"], scope["path"]))
        if lane is None:
            await self._app(scope, receive, send)
            return
        try:
            onward = await lane.serve(scope, headers, receive, send)
        except Refusal as refusal:
            await refusal_response(refusal)(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the asker is told that it was our fault
            await _fault_response(error)(scope, receive, send)
        else:
            if onward is not None:
                await self._app(scope, onward, send)

    def _admit(self, scope: Scope, headers: Mapping[bytes, bytes], limit: int) -> Refusal | None:
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return BadRequest("The address holds a NUL character.")
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > limit:
            return TooLarge(f"The body may be at most {limit} bytes.")
        try:
            scope["hub_actor"] = self._identify(headers)
        except Refusal as refusal:
            return refusal
        except Exception as error:  # noqa: BLE001 - outside of us there is only the server's own plain 500
            return _fault(error)
        return None


class Application(FastAPI):
    """The framework behind our edge: what the edge answers by itself goes through none of the framework's layers."""

    def __init__(self, edge: Callable[[ASGIApp], Edge], **described: Any) -> None:  # noqa: ANN401 - FastAPI's own
        super().__init__(**described)
        self._edge = edge(super().__call__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; start-up and its end are the framework's own."""
        await self._edge(scope, receive, send)


def _bounded(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            if taken > limit:
                raise TooLarge(f"The body may be at most {limit} bytes.")
        return message

    return bounded


def _text(value: bytes | None) -> str | None:
    return value.decode("latin-1") if value is not None else None


def anonymous(_: Mapping[bytes, bytes]) -> Actor:
    """Identify everybody as nobody, for applications without identities."""
    return ANONYMOUS


def refusal_response(refusal: Refusal) -> Response:
    """The problem document of a refusal."""
    return JSONResponse(
        problem_document(refusal, trace().request_id),
        status_code=refusal.status,
        headers=dict(problem_headers(refusal)),
        media_type=MEDIA_TYPE,
    )


async def _on_refusal(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)  # noqa: S101 - registered for this type
    return refusal_response(error)


def _on_rule(problem_of: Callable[[Exception], Refusal]) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(_: Request, error: Exception) -> Response:
        return refusal_response(problem_of(error))

    return answer


async def _on_validation(_: Request, error: Exception) -> Response:
    """Say where and what, never the value: what was typed may be somebody's record."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this type
    errors = tuple(FieldError(_pointer(item), str(item["type"]), in_plain_words(item)) for item in error.errors()[:50])
    return refusal_response(Invalid("Some fields are not right: see errors.", errors=errors))


def _pointer(item: Mapping[str, Any]) -> str:
    """Where in the body: names as a field is named, and nothing that could be what somebody typed as one."""
    parts = [str(part) for part in item["loc"]]
    if parts[:1] == ["body"]:
        parts = [] if item["type"] == "json_invalid" else parts[1:]  # it tells at which character reading ended
    return "/" + "/".join(part if _FIELD_NAME.fullmatch(part) else "…" for part in parts)


async def _on_http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this type
    if error.status_code == 404:
        return refusal_response(NotFound())
    if error.status_code == 405:
        response = refusal_response(MethodNotAllowed("See the API description for the methods of this address."))
        response.headers.update(error.headers or {})
        return response
    return refusal_response(BadRequest("The request cannot be read."))


async def _on_fault(_: Request, error: Exception) -> Response:
    return _fault_response(error)


def _fault_response(error: Exception) -> Response:
    return refusal_response(_fault(error))


def _fault(error: Exception) -> Refusal:
    log().error("fault", error=type(error).__name__)
    return Refusal("This is our fault, not yours. Quote the instance id when you report it.")


def build_app(
    title: str,
    *,
    version: str,
    identify: Identify,
    routers: Sequence[APIRouter],
    ready: Ready,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    body_limit: int = BODY_LIMIT_BYTES,
    conditions: Conditions = none,
    express: Mapping[Place, Express] | None = None,
    translations: Translations = MappingProxyType({}),
    larger: BodyLimit = no_larger,
    at_the_door: AtTheDoor = lambda _, refusal: refusal_response(refusal),
    examples: Examples = dict,
    fields: Fields = dict,
) -> FastAPI:
    """An application with these routers. Raises UndeclaredPolicy when a route has no policy."""
    metrics = Metrics()
    app = Application(
        lambda framework: Edge(
            framework,
            identify,
            metrics,
            body_limit,
            lanes(routers, express or {}),
            larger=larger,
            at_the_door=at_the_door,
        ),
        title=title,
        version=version,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    for each in (*routers, _health(ready, metrics, ConditionGauges(metrics.registry, conditions))):
        # `include_router` would build every route a second time, and search through each router at each request.
        app.router.routes.extend(each.routes)
    for route in app.routes:
        if isinstance(route, APIRoute):
            policy_of(route)
    app.add_exception_handler(Refusal, _on_refusal)
    for rule, problem_of in translations.items():
        app.add_exception_handler(rule, _on_rule(problem_of))
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_fault)
    describe(app, examples, fields)
    return app


def _health(ready: Ready, metrics: Metrics, gauges: ConditionGauges) -> APIRouter:
    routes = router()

    @routes.get("/livez", include_in_schema=False, **operation(access=Access.PUBLIC))
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @routes.get("/readyz", include_in_schema=False, **operation(access=Access.PUBLIC))
    async def readyz() -> dict[str, Any]:
        return await ready()

    @routes.get("/metrics", include_in_schema=False, **operation(access=Access.PUBLIC))
    async def show_metrics() -> PlainTextResponse:
        await gauges.refresh()
        return PlainTextResponse(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return routes
