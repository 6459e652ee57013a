"""Cursor pages: stable under concurrent writes, bounded, and opaque (a cursor is signed, so it cannot be forged)."""

import base64
import binascii
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel

from connective.kit.express import Plain, RawHeaders
from connective.kit.problems import FieldError, Invalid

Item = TypeVar("Item")
DEFAULT_LIMIT = 50
MOST = 200
_TAG_BYTES = 12
_PLAIN = re.compile(rb"[a-z_]+=[A-Za-z0-9_-]+(?:&[a-z_]+=[A-Za-z0-9_-]+)*")
_PUBLIC_PATH = b"hub-public-path"

LimitQuery = Annotated[int, Query(ge=1, le=MOST, description="How many at the most.")]
CursorQuery = Annotated[str | None, Query(max_length=600, description="`next_cursor` of the page before.")]


class Page(BaseModel, Generic[Item]):
    """Part of a list; `next_cursor` is null on the last page."""

    items: list[Item]
    next_cursor: str | None


def written_page(items: Sequence[str], next_cursor: str | None) -> bytes:
    """A page whose items are JSON already, as `connective.kit.json_sql` has them written."""
    onward = "null" if next_cursor is None else f'"{next_cursor}"'
    return f'{{"items":[{",".join(items)}],"next_cursor":{onward}}}'.encode()


class Cursors:
    """Writes and reads cursors under one service's key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def _tag(self, payload: bytes) -> bytes:
        return hmac.digest(self._key, payload, "sha256")[:_TAG_BYTES]

    def write(self, *position: Any) -> str:  # noqa: ANN401 - JSON values: the sort key and id of the last row
        """The cursor that continues after this position."""
        payload = json.dumps(position, separators=(",", ":"), default=str).encode()
        return base64.urlsafe_b64encode(self._tag(payload) + payload).decode().rstrip("=")

    def read(self, cursor: str | None, *shape: Callable[[Any], Any]) -> tuple[Any, ...] | None:
        """The position a cursor holds, each part made by its place in `shape`; None for the first page.

        Raises Invalid for a cursor that is not ours, or of a list whose positions have another shape.
        """
        if cursor is None:
            return None
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (binascii.Error, ValueError):
            raw = b""
        tag, payload = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
        if not payload or not hmac.compare_digest(tag, self._tag(payload)):
            raise _not_ours()
        try:
            return tuple(make(part) for make, part in zip(shape, json.loads(payload), strict=True))
        except (AttributeError, TypeError, ValueError) as error:
            raise _not_ours() from error

    def after(self, cursor: str | None) -> UUID | None:
        """The id after which the page begins, in a list ordered by id. Raises Invalid as `read` does."""
        found = self.read(cursor, UUID)
        return None if found is None else found[0]


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


def page_of(
    request: Request,
    response: Response,
    cursors: Cursors,
    found: Sequence[Any],
    *,
    limit: int,
    show: Callable[[Any], Any] | None = None,
    at: Callable[[Any], Any] = attrgetter("id"),
) -> Page[Any]:
    """A page of the first `limit` that were found, each as `show` has it, with its link.

    One more found than shown tells that there is a next page; it begins after `at` of the last: a part of a position,
    or a tuple of several.
    """
    part = found[:limit]
    onward = None
    if len(found) > limit:
        position = at(part[-1])
        onward = cursors.write(*position) if isinstance(position, tuple) else cursors.write(position)
    link_next(request, response, onward)
    return Page[Any](items=list(part) if show is None else [show(each) for each in part], next_cursor=onward)


@lru_cache(maxsize=1024)
def plain_query(query: bytes, known: frozenset[str]) -> Mapping[str, str] | None:
    """The parameters of a query in which each is known, stands once, and holds letters, digits, `_` and `-` only.

    None for any other, which the ordinary way is to read and may refuse. Kept: systems ask the same again and again.
    """
    if not query:
        return {}
    if not _PLAIN.fullmatch(query):
        return None
    pairs = [pair.split("=") for pair in query.decode("ascii").split("&")]
    found = dict(pairs)
    return found if len(found) == len(pairs) and found.keys() <= known else None


def plain_link(asked: Plain, query: Mapping[str, str], cursor: str | None) -> RawHeaders:
    """The header of `link_next`, for a query read by `plain_query`."""
    if cursor is None:
        return []
    path = asked.headers.get(_PUBLIC_PATH, asked.path.encode())
    target = "&".join(f"{name}={value}" for name, value in {**query, "cursor": cursor}.items())
    return [(b"link", b'<%s?%s>; rel="next"' % (path, target.encode()))]
