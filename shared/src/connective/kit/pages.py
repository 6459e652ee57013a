"""Cursor pages: stable under concurrent writes, bounded, and opaque (a cursor is signed, so it cannot be forged)."""

import base64
import binascii
import hashlib
import hmac
import json
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query, Request, Response
from pydantic import BaseModel

from connective.kit.problems import FieldError, Invalid

Item = TypeVar("Item")
DEFAULT_LIMIT = 50
MOST = 200
_TAG_BYTES = 12

LimitQuery = Annotated[int, Query(ge=1, le=MOST, description="How many at the most.")]
CursorQuery = Annotated[str | None, Query(max_length=600, description="`next_cursor` of the page before.")]


class Page(BaseModel, Generic[Item]):
    """Part of a list; `next_cursor` is null on the last page."""

    items: list[Item]
    next_cursor: str | None


class Cursors:
    """Writes and reads cursors under one service's key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def _tag(self, payload: bytes) -> bytes:
        return hmac.new(self._key, payload, hashlib.sha256).digest()[:_TAG_BYTES]

    def write(self, *position: Any) -> str:  # noqa: ANN401 - JSON values: the sort key and id of the last row
        """The cursor that continues after this position."""
        payload = json.dumps(position, separators=(",", ":"), default=str).encode()
        return base64.urlsafe_b64encode(self._tag(payload) + payload).decode().rstrip("=")

    def read(self, cursor: str | None, parts: int) -> list[Any] | None:
        """The position a cursor holds; None for the first page. Raises Invalid for one that is not ours."""
        if cursor is None:
            return None
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (binascii.Error, ValueError):
            raw = b""
        tag, payload = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
        if not payload or not hmac.compare_digest(tag, self._tag(payload)):
            raise _not_ours()
        position = json.loads(payload)
        if len(position) != parts:
            raise _not_ours()
        return list(position)


def _not_ours() -> Invalid:
    return Invalid(
        "This cursor is not one that this list gave out: start again without it.",
        errors=(FieldError("/query/cursor", "cursor", "Use next_cursor of the page before, unchanged."),),
    )


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Set `Link: <…>; rel="next"` (RFC 8288) beside `next_cursor`."""
    if cursor is not None:
        target = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{request.headers.get("hub-public-path", target.path)}?{target.query}>; rel="next"'


def refuse_unknown_parameters(request: Request, known: frozenset[str]) -> None:
    """Raise Invalid for a query parameter the operation does not document: a misspelt filter must not widen a list."""
    if set(request.query_params) - known:
        # What there is, not what was typed: a name that strayed into the address is not repeated.
        words = f"This list has no such filter; it has {', '.join(sorted(known))}."
        errors = (FieldError("/query", "unknown", words),)
        raise Invalid("A filter is not one that this list has.", errors=errors)
