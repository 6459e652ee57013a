"""Refusals, and the one place where they become HTTP (RFC 9457 problem documents).

    Refusal
    ├── BadRequest 400 ── KeyMissing
    ├── Unauthenticated 401 ── StepUpNeeded
    ├── NotAllowed 403
    ├── NotFound 404                 also for what the asker may not know exists
    ├── Conflict 409 ── StillRunning
    ├── Stale 412
    ├── TooLarge 413
    ├── Invalid 422 ── KeyReused
    ├── MatchRequired 428
    ├── TooMany 429
    ├── Unavailable 503
    └── TooSlow 504

A service names its own refusals as subclasses, for the rule each states. `code` is stable and documented under
`/problems/<code>`; `detail` is a sentence a person can act on and never repeats personal data.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

MEDIA_TYPE = "application/problem+json"
STEP_UP_SECONDS = 300
"""How old a person's second factor may be where an operation asks for a fresh one."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: where it is (JSON Pointer, RFC 6901), a code, and a sentence."""

    pointer: str
    code: str
    detail: str


class Refusal(Exception):
    """The answer is no, and this is why."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "unexpected"
    title: ClassVar[str] = "Something went wrong"

    def __init__(
        self,
        detail: str,
        *,
        errors: tuple[FieldError, ...] = (),
        retry_after: int | None = None,
        **members: Any,  # noqa: ANN401 - extension members of a problem document may be any JSON
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors
        self.retry_after = retry_after
        self.members = members


class BadRequest(Refusal):
    """The request cannot be read as one."""

    status, code, title = 400, "bad-request", "The request cannot be understood"


class KeyMissing(BadRequest):
    """A POST that creates or acts came without an Idempotency-Key."""

    code, title = "idempotency-key-missing", "An Idempotency-Key header is required"


class Unauthenticated(Refusal):
    """Nobody is signed in, or not any more."""

    status, code, title = 401, "not-signed-in", "Sign in first"
    challenge: ClassVar[str] = "Bearer"
    """What `WWW-Authenticate` says."""


class StepUpNeeded(Unauthenticated):
    """A person's second factor was given too long ago for this: the program asks for it again (RFC 9470)."""

    code, title = "fresh-second-factor-needed", "Confirm once more that it is you"
    challenge = f'Bearer error="insufficient_user_authentication", max_age="{STEP_UP_SECONDS}"'

    def __init__(self) -> None:
        super().__init__(
            f"This needs a second factor of the last {STEP_UP_SECONDS // 60} minutes: sign in again with "
            f"max_age={STEP_UP_SECONDS}, then repeat the request with the new token.",
            max_age=STEP_UP_SECONDS,
        )


class NotAllowed(Refusal):
    """The asker's roles or scopes do not open this operation."""

    status, code, title = 403, "not-allowed", "Your role does not allow this"


class NotFound(Refusal):
    """There is no such thing, or none that the asker may know of: the two look the same."""

    status, code, title = 404, "not-found", "There is no such thing here"

    def __init__(self, detail: str = "Nothing with this address exists for you.") -> None:
        super().__init__(detail)


class Conflict(Refusal):
    """The record's state does not allow this."""

    status, code, title = 409, "conflict", "This is not possible in the present state"


class StillRunning(Conflict):
    """The first attempt under this Idempotency-Key has not finished."""

    code, title = "still-running", "The first attempt is still running"


class Stale(Refusal):
    """The record changed since the asker read it."""

    status, code, title = 412, "stale", "Somebody changed this since you read it"


class TooLarge(Refusal):
    """The body is larger than this route takes."""

    status, code, title = 413, "too-large", "The request is too large"


class Invalid(Refusal):
    """The content breaks a rule; `errors` says where."""

    status, code, title = 422, "invalid", "Some of what was sent is not right"


class KeyReused(Invalid):
    """The Idempotency-Key was used before with another body."""

    code, title = "idempotency-key-reused", "This Idempotency-Key was used for something else"


class MatchRequired(Refusal):
    """A change came without If-Match."""

    status, code, title = 428, "if-match-required", "An If-Match header is required"


class TooMany(Refusal):
    """Too many requests, or too much in one day."""

    status, code, title = 429, "too-many-requests", "Too many requests"


class Unavailable(Refusal):
    """Something this answer needs is not there right now: nothing was shown, nothing was done."""

    status, code, title = 503, "unavailable", "Not available right now"

    def __init__(self, detail: str, *, retry_after: int = 2, **members: Any) -> None:  # noqa: ANN401 - as in Refusal
        super().__init__(detail, retry_after=retry_after, **members)


class TooSlow(Unavailable):
    """Something this answer needs did not answer in time."""

    status, code, title = 504, "too-slow", "No answer in time"


class ProblemError(BaseModel):
    """One field's error, as OpenAPI shows it."""

    pointer: str
    code: str
    detail: str


class Problem(BaseModel):
    """A problem document (RFC 9457), as OpenAPI shows it."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[ProblemError] | None = None


def problem_document(refusal: Refusal, request_id: str) -> dict[str, Any]:
    """The body of the answer to a refusal; `instance` is the id to quote when asking for help."""
    document: dict[str, Any] = {
        "type": f"/problems/{refusal.code}",
        "title": refusal.title,
        "status": refusal.status,
        "detail": refusal.detail,
        "instance": request_id,
    }
    if refusal.errors:
        document["errors"] = [asdict(error) for error in refusal.errors]
    return document | refusal.members


def problem_headers(refusal: Refusal) -> Mapping[str, str]:
    """Headers that go with a refusal."""
    headers = {"Cache-Control": "no-store"}
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    if isinstance(refusal, Unauthenticated):
        headers["WWW-Authenticate"] = refusal.challenge
    return headers
