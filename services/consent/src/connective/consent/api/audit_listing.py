"""The one shape of an officer's list: filters and a cursor in; the look recorded; a page of records out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from connective.consent.api.deps import Answer, Parts, PartsDep, no_store
from connective.consent.commands.audit_reading import looking
from connective.consent.storage.audit_look import Look, Window
from connective.consent.storage.organisation_names import named
from connective.kit.actor import Actor
from connective.kit.deps import ActorDep
from connective.kit.pages import DEFAULT_LIMIT, MOST, Page, page_of

Shown = TypeVar("Shown", bound=Answer)
Read = Callable[[Look, Window], Awaitable[list[dict[str, Any]]]]
_PAGED = {"limit", "cursor"}


class Filters(BaseModel):
    """What a list may be narrowed to; each list adds its own."""

    model_config = ConfigDict(frozen=True)

    limit: Annotated[int, Field(ge=1, le=MOST, description="How many at the most.")] = DEFAULT_LIMIT
    cursor: Annotated[str | None, Field(max_length=600, description="`next_cursor` of the page before.")] = None

    def said(self) -> dict[str, Any]:
        """What was asked for, as the ledger's entry of the look holds it."""
        return {name: value for name, value in self if name not in _PAGED}


@dataclass(frozen=True, slots=True)
class Officer:
    """Who asks, and what answering needs."""

    request: Request
    response: Response
    actor: Actor
    parts: Parts


async def _officer(request: Request, response: Response, actor: ActorDep, parts: PartsDep) -> Officer:
    return Officer(request, response, actor, parts)


OfficerDep = Annotated[Officer, Depends(_officer)]


async def listing(
    officer: Officer, asked: Filters, act: str, read: Read, show: Callable[[dict[str, Any]], Shown]
) -> Page[Shown]:
    """A page of what `read` finds, one more than asked telling that there is a next; recorded as `act`.

    Raises Invalid for a filter the list does not have, or a cursor that it did not give out.
    """
    parts, now = officer.parts, officer.parts.clock()
    window = Window(parts.cursors.after(asked.cursor), asked.limit + 1, now)
    async with looking(parts.database, officer.actor, act, now, asked.said()) as look:
        rows = await named(look.connection, await read(look, window))
        look.hits = len(rows[: asked.limit])
    no_store(officer.response)
    shown = [show(row) for row in rows]
    return page_of(officer.request, officer.response, parts.cursors, shown, limit=asked.limit)
