"""How FHIR speaks HTTP: its media type, its weak entity tags, and refusals as OperationOutcome."""

import json
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from connective.kit.outcomes import MEDIA_TYPE, operation_outcome
from connective.kit.plain_words import in_plain_words
from connective.kit.policy import PolicedRoute
from connective.kit.problems import BadRequest, FieldError, Invalid, NotFound, Refusal, problem_headers

BASE = "/fhir"
_JSON = frozenset({"application/fhir+json", "application/json", "application/json+fhir", "json", "text/json"})
_ANYTHING = frozenset({"*/*", "application/*"})
Resource = dict[str, Any]


class NotAcceptable(Refusal):
    """The answer is wanted in a format that the Hub does not write: it writes JSON."""

    status, code, title = 406, "format-not-spoken", "Only JSON is spoken here"


class UnknownMediaType(Refusal):
    """The body came in a format that the Hub does not read: it reads JSON."""

    status, code, title = 415, "unsupported-media-type", "Only JSON is read here"


class FhirRoute(PolicedRoute):
    """A route that answers in FHIR's own format, refusals included."""

    ignores_unknown_parameters = True

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Settle the format first; then whatever is refused becomes an OperationOutcome."""
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                _settle_format(request)
                return await inner(request)
            except Refusal as refusal:
                return outcome_response(request, refusal)
            except RequestValidationError as error:
                return outcome_response(request, _as_refusal(error))
            except HTTPException:
                # So the framework answers a body that is no text at all.
                return outcome_response(request, BadRequest("The body cannot be read as JSON."))

        return handle


def _settle_format(request: Request) -> None:
    """Raise NotAcceptable or UnknownMediaType. `_format` wins over Accept, as FHIR says."""
    wanted = request.query_params.get("_format")
    accepted = [wanted] if wanted else request.headers.get("accept", "*/*").split(",")
    kinds = {kind.partition(";")[0].strip().lower().replace(" ", "+") for kind in accepted}
    if not kinds & (_JSON | _ANYTHING):
        raise NotAcceptable(f"Ask for {MEDIA_TYPE}.")
    sent = request.headers.get("content-type")
    if request.method == "PUT" and (sent is None or sent.partition(";")[0].strip().lower() not in _JSON):
        raise UnknownMediaType(f"Send {MEDIA_TYPE}.")


def _as_refusal(error: RequestValidationError) -> Refusal:
    """Where and what, never the value: what was sent may be somebody's record.

    An id that nothing could have is that of no resource: FHIR (http.html#read) answers 404 to it as to an unknown one.
    """
    if any(item["loc"][0] == "path" for item in error.errors()):
        return NotFound()
    errors = tuple(
        FieldError(_expression(item["loc"]), str(item["type"]), in_plain_words(item)) for item in error.errors()
    )
    return Invalid("Some elements are not right.", errors=errors[:50])


def _expression(location: tuple[int | str, ...]) -> str:
    """The place of an element as FHIRPath: `Task.output[0].type`."""
    parts = list(location[1:] if location[:1] == ("body",) else location)
    return "Task" + "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts if str(part).isascii()
    )


def public_base(request: Request) -> str:
    """The address of the whole deployment, as the gateway tells it; without a gateway, our own."""
    told: Mapping[str, str] = request.headers
    return told.get("hub-public-base") or str(request.base_url).rstrip("/")


def outcome_response(request: Request, refusal: Refusal) -> Response:
    """The OperationOutcome of a refusal."""
    body = json.dumps(operation_outcome(refusal, base=public_base(request)), ensure_ascii=False)
    headers = dict(problem_headers(refusal))
    return Response(body, refusal.status, headers, media_type=MEDIA_TYPE)


def weak_etag(version: int) -> str:
    """FHIR's entity tags are weak (http.html#versioning)."""
    return f'W/"{version}"'


def fhir_response(resource: Resource, *, version: int | None = None, updated: datetime | None = None) -> Response:
    """A resource as an answer. Nothing about a person is cached on the way."""
    headers = {"Cache-Control": "no-store"}
    if version is not None:
        headers["ETag"] = weak_etag(version)
    if updated is not None:
        headers["Last-Modified"] = format_datetime(updated, usegmt=True)
    return Response(json.dumps(resource, ensure_ascii=False), headers=headers, media_type=MEDIA_TYPE)


def instant(at: datetime) -> str:
    """A FHIR instant in UTC, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def described(operation_: dict[str, Any], about: str) -> dict[str, Any]:
    """An operation's description for OpenAPI: the answers are FHIR JSON, refusals OperationOutcomes."""
    schema = {"type": "object", "required": ["resourceType"], "properties": {"resourceType": {"type": "string"}}}
    content = {MEDIA_TYPE: {"schema": schema}}
    answers: dict[int | str, dict[str, Any]] = {200: {"description": about, "content": content}}
    for status, answer in operation_["responses"].items():
        answers[status] = {"description": answer["description"], "content": content}
    return operation_ | {"responses": answers, "response_class": Response}
