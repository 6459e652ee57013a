"""The Hub's refusals (RFC 9457 problem documents) as exceptions; `code` is stable, `detail` is for a person."""

from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field: where (JSON Pointer), a code, and a sentence."""

    pointer: str
    code: str
    detail: str


class HubError(Exception):
    """The Hub said no. `instance` is the id to quote when asking for help."""

    def __init__(self, status: int, document: dict[str, Any]) -> None:
        self.status = status
        self.code = str(document.get("type", "")).rsplit("/", 1)[-1]
        self.title = str(document.get("title", ""))
        self.detail = str(document.get("detail", ""))
        self.instance = str(document.get("instance", ""))
        self.errors = tuple(
            FieldProblem(str(each.get("pointer")), str(each.get("code")), str(each.get("detail")))
            for each in document.get("errors") or ()
        )
        self.document = document
        super().__init__(f"{status} {self.code}: {self.detail}")


class Unauthenticated(HubError):
    """401: the token or the credential is not accepted."""


class NotAllowed(HubError):
    """403: the scopes do not open this operation."""


class NotFound(HubError):
    """404: there is no such thing, or none that you may know of."""


class Conflict(HubError):
    """409: the record's state does not allow this."""


class Removed(HubError):
    """410: the feed goes back no longer to your cursor: read the lists, then go on from `next_cursor` of `document`."""


class Stale(HubError):
    """412: somebody changed the record since you read it: read it again."""


class Invalid(HubError):
    """422: some of what was sent is not right; `errors` says where."""


class TooMany(HubError):
    """429: too many requests, still, after every retry."""


class Unavailable(HubError):
    """5xx: not now, still, after every retry. Repeat with the same idempotency key: nothing happens twice."""


class NotReached(Exception):
    """No answer came, after every retry. What was sent may have been done: repeat it with the same idempotency key."""


_BY_STATUS = {
    401: Unauthenticated,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    410: Removed,
    412: Stale,
    422: Invalid,
    429: TooMany,
}


def problem_of(answer: httpx.Response) -> HubError:
    """The exception that an answer of 400 and above stands for."""
    try:
        document = answer.json()
    except ValueError:
        document = {}
    if not isinstance(document, dict):
        document = {}
    usual = Unavailable if answer.status_code >= 500 else HubError
    return _BY_STATUS.get(answer.status_code, usual)(answer.status_code, document)
