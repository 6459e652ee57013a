"""Refusals as raw ASGI answers, for what is refused before any framework is reached."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from connective.gateway.domain.routes import speaks_fhir
from connective.kit.context import Trace
from connective.kit.outcomes import MEDIA_TYPE as FHIR_TYPE
from connective.kit.outcomes import operation_outcome
from connective.kit.problems import MEDIA_TYPE, Refusal, problem_document, problem_headers

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Scope = MutableMapping[str, Any]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
RawHeaders = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Exchange:
    """One request and the way to answer it."""

    scope: Scope
    receive: Receive
    send: Send
    trace: Trace
    extra: RawHeaders = field(default_factory=list)
    """Headers that the answer gets, whoever answers."""


async def answer_refusal(exchange: Exchange, refusal: Refusal, base: str) -> None:
    """Answer with the problem document of a refusal (RFC 9457), or as FHIR peers expect it: codes from addresses."""
    in_fhir = speaks_fhir(exchange.scope.get("raw_path", b""))
    document = (
        operation_outcome(refusal, base=base) if in_fhir else problem_document(refusal, exchange.trace.request_id)
    )
    body = json.dumps(document, ensure_ascii=False).encode()
    headers: RawHeaders = [
        (b"content-type", (FHIR_TYPE if in_fhir else MEDIA_TYPE).encode()),
        (b"content-length", str(len(body)).encode()),
        (b"x-request-id", exchange.trace.request_id.encode()),
        *((name.lower().encode(), value.encode()) for name, value in problem_headers(refusal).items()),
        *exchange.extra,
    ]
    await exchange.send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await exchange.send({"type": "http.response.body", "body": body, "more_body": False})
