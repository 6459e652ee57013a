"""`/me/sessions`: which programs act for somebody now, and ending them."""

from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel

from connective.contracts.permissions import Permission
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.commands.own_sessions import end_others, end_own
from connective.gateway.storage.own_sessions import list_sessions
from connective.kit.actor import Actor, service_actor
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.pages import DEFAULT_LIMIT, CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import NotAllowed

routes = router(tags=["sign-in"])
_OWN = operation(Permission.GATEWAY_ACCOUNT_READ_SELF, relation="self")
_ACTOR = service_actor("gateway")
"""Sessions are the gateway's own work: nobody's rows are read but those of the account that asks."""


class SessionOut(BaseModel):
    """A program that acts for somebody, in one of their organisations, until it ends."""

    id: UUID
    program: str
    organisation_id: UUID
    organisation_name: str | None
    device_id: UUID | None
    device_name: str | None
    begun_at: datetime
    authenticated_at: datetime
    expires_at: datetime
    current: bool
    """Whether it is the one that asks."""


def _person(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise NotAllowed("People have sessions; a system revokes its tokens.")
    return actor.account_id


@routes.get("/me/sessions", **_OWN)
async def list_own(
    request: Request,
    response: Response,
    *,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = DEFAULT_LIMIT,
    cursor: CursorQuery = None,
) -> Page[SessionOut]:
    """What is open under one's own account: programs, for which organisation, and in which browser they were begun."""
    account_id, after = _person(actor), parts.cursors.after(cursor)
    async with parts.database.reading(_ACTOR) as connection:
        found = await list_sessions(connection, account_id, parts.clock(), after=after, limit=limit)
    response.headers["Cache-Control"] = "no-store"

    def show(session: Any) -> SessionOut:  # noqa: ANN401 - a row
        return SessionOut(**session, current=str(session["id"]) == actor.session_id)

    return page_of(request, response, parts.cursors, found, limit=limit, show=show, at=itemgetter("id"))


@routes.delete("/me/sessions/{session_id}", status_code=204, response_class=Response, **_OWN)
async def end_one(session_id: UUID, actor: ActorDep, parts: PartsDep) -> None:
    """End one, the asking one too: its tokens are refused at once, and its refresh token is worth nothing.

    Ending it again, or what is not yours, is answered alike and changes nothing.
    """
    _refuse(parts, await end_own(parts.database, _person(actor), session_id, parts.clock()))


@routes.delete("/me/sessions", status_code=204, response_class=Response, **_OWN)
async def end_all_others(actor: ActorDep, parts: PartsDep) -> None:
    """End everything but what was begun in this browser."""
    here = UUID(actor.session_id or str(UUID(int=0)))
    _refuse(parts, await end_others(parts.database, _person(actor), here, parts.clock()))


def _refuse(parts: Parts, ended: list[str]) -> None:
    for each in ended:
        parts.tokens.deny_also(each)
