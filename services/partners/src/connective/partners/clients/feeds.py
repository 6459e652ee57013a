"""Reading an Open Referral UK or HSDS feed: page by page, and record by record where its pages hold summaries."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from connective.kit.outward import NoAnswer, Outside, OutsideBody
from connective.partners.domain.harvests.walking import NotWhole, Walk

_HEADERS = {"accept": "application/json", "user-agent": "connective-harvest/1"}
_MOST_PAGE_BYTES = 8 * 1024 * 1024
_MOST_BYTES = 128 * 1024 * 1024
_PER_PAGE = 100
_AT_ONCE = 4
"""Records asked for at the same moment: a council's server is not to notice us."""
_WHOLE_SECONDS = 1200
_PAUSES = (1.0, 5.0)
"""Before a request is tried a second and a third time."""
_WORTH_ANOTHER_TRY = frozenset({429, 500, 502, 503, 504})

Pause = Callable[[float], Awaitable[None]]


class Feeds:
    """Reads feeds whose addresses somebody else chose."""

    def __init__(self, outside: Outside, pause: Pause = asyncio.sleep) -> None:
        self._outside = outside
        self._pause = pause

    async def read(self, stub: str, walk: Walk) -> None:
        """Walk the whole feed. Raises NotWhole, whatever went wrong; `walk` then tells how far it came."""
        try:
            async with asyncio.timeout(_WHOLE_SECONDS):
                await _Reading(self._outside, self._pause, stub.rstrip("/")).all(walk)
        except TimeoutError as error:
            raise NotWhole("took_too_long") from error


class _Reading:
    """One reading of one feed."""

    def __init__(self, outside: Outside, pause: Pause, stub: str) -> None:
        self._outside = outside
        self._pause = pause
        self._stub = stub
        self._bytes = 0

    async def all(self, walk: Walk) -> None:
        full = "&full=true"
        more = True
        while more:
            found = await self._get(f"services?page={walk.pages + 1}&per_page={_PER_PAGE}{full}")
            if walk.pages == 0 and full and 400 <= found.status < 500:
                # A feed that knows no `full` may refuse the page for it.
                full = ""
                continue
            if walk.pages > 0 and found.status == 404:
                # Past the end; whether that was the end is seen from what was found.
                break
            more = walk.take(_document(found))
        walk.end()
        if walk.summaries:
            await self._every_record(walk)

    async def _every_record(self, walk: Walk) -> None:
        places = asyncio.Semaphore(_AT_ONCE)

        async def one(key: str) -> None:
            async with places:
                found = await self._get(f"services/{quote(str(walk.records[key]['id']), safe='')}")
            if found.status in {404, 410}:
                raise NotWhole("changed_while_read")
            document = _document(found)
            if not isinstance(document, dict):
                raise NotWhole("not_a_record")
            # The id of the list is what the record is known by, whatever the record says of itself.
            walk.records[key] = {**walk.records[key], **document, "id": walk.records[key]["id"]}

        try:
            async with asyncio.TaskGroup() as group:
                for key in walk.records:
                    group.create_task(one(key))
        except* NotWhole as several:
            raise NotWhole(_first(several).code) from several

    async def _get(self, path: str) -> OutsideBody:
        """One answer. What may pass is tried three times in all. Raises NotWhole for none."""
        for pause in (*_PAUSES, None):
            try:
                found = await self._outside.get(f"{self._stub}/{path}", _HEADERS, _MOST_PAGE_BYTES)
            except NoAnswer as error:
                if pause is None or error.code in {"too_large", "not_public", "unfit_address", "certificate"}:
                    raise NotWhole(error.code) from error
            else:
                if pause is None or found.status not in _WORTH_ANOTHER_TRY:
                    return self._counted(found)
            await self._pause(pause)
        raise NotWhole("not_connected")

    def _counted(self, found: OutsideBody) -> OutsideBody:
        self._bytes += len(found.body)
        if self._bytes > _MOST_BYTES:
            raise NotWhole("too_large")
        return found


def _document(found: OutsideBody) -> Any:  # noqa: ANN401 - any JSON
    if 300 <= found.status < 400:
        raise NotWhole("redirected")
    if found.status != 200:
        raise NotWhole(f"answered_{found.status}")
    try:
        return json.loads(found.body, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise NotWhole("not_json") from error


def _first(group: BaseExceptionGroup[NotWhole]) -> NotWhole:
    found = group.exceptions[0]
    return found if isinstance(found, NotWhole) else _first(found)
