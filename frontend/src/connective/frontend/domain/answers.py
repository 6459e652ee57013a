"""What the API answers: a document and its version, or a refusal that a page shows in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer."""

    status: int
    body: dict[str, Any]
    etag: str | None = None
    """Its version as the API quotes it, to send back as If-Match."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that the API makes: a printed agreement, say."""

    content: bytes
    media_type: str
    name: str | None = None
    """What it is to be called, as the API says; None where it says nothing."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field: where (JSON Pointer), a code, and a sentence."""

    pointer: str
    code: str
    detail: str


class Refused(Exception):
    """The API said no (RFC 9457), could not be reached (503), or was too slow (504)."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: tuple[FieldProblem, ...] = (),
        retry_after: int | None = None,
        document: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.retry_after = retry_after
        self.document = document or {}


class SignInNeeded(Exception):
    """Nobody is signed in, or not any more; what was typed has been kept for whoever it was."""

    def __init__(self, target: str = "/home", *, fresh: bool = False, kept: bool = False) -> None:
        super().__init__()
        self.target = target
        """Where to go on afterwards: a path of ours."""
        self.fresh = fresh
        """Whether the second factor must be given again, for what asks for a fresh one."""
        self.kept = kept


_FOR_PEOPLE = {
    "idempotency-key-reused": "You sent this page before, with other answers, and that was done. "
    "If this is still to be done, send it from here.",
    "illegal-action": "This cannot be done any more: the request has moved on. Nothing was changed. "
    "Go back to the request to see how it is now and what you can do.",
}
"""What is said in place of a sentence of the API that was written for programs."""


def refused(status: int, document: object, retry_after: int | None) -> Refused:
    """The refusal that a problem document stands for; anything else says only its status."""
    found: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    errors = tuple(
        FieldProblem(str(each.get("pointer", "")), str(each.get("code", "")), str(each.get("detail", "")))
        for each in found.get("errors") or ()
        if isinstance(each, Mapping)
    )
    code = str(found.get("type", "")).rsplit("/", 1)[-1] or "unexpected"
    detail = _FOR_PEOPLE.get(code) or str(found.get("detail", ""))
    return Refused(status, code, detail, errors=errors, retry_after=retry_after, document=found)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a page that was asked for beside others: what came, or why it did not."""

    value: Any = None
    problem: Refused | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def items(self) -> list[Any]:
        """The entries of a list that came; none of one that did not."""
        return list(self.value.get("items", ())) if self.value is not None else []
