"""`/me/colleagues`: who else works in one's organisation, by name, so that work and restrictions can name them."""

from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel

from connective.contracts.permissions import Permission
from connective.gateway.api.parts import PartsDep
from connective.gateway.domain.accounts import Account
from connective.gateway.storage.accounts import Asked, list_accounts
from connective.gateway.storage.works import MEMBERS
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.pages import DEFAULT_LIMIT, CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation

routes = router(tags=["accounts"])
_OPEN = Asked(None, None, False)


class ColleagueOut(BaseModel):
    """Somebody who works in the same organisation: what colleagues know of each other, and no address."""

    id: UUID
    name: str
    roles: list[str]


@routes.get("/me/colleagues", **operation(Permission.GATEWAY_ACCOUNT_READ_SELF, relation="self"))
async def list_colleagues(
    request: Request,
    response: Response,
    *,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = DEFAULT_LIMIT,
    cursor: CursorQuery = None,
) -> Page[ColleagueOut]:
    """Who works in the organisation for which you act now, yourself too: names and roles, nothing to reach them by."""

    def shown(account: Account) -> ColleagueOut:
        membership = account.membership(actor.organisation)
        return ColleagueOut(id=account.id, name=account.name, roles=sorted(membership.roles) if membership else [])

    after = parts.cursors.after(cursor)
    async with parts.database.reading(actor, work=MEMBERS) as connection:
        found = await list_accounts(connection, actor, _OPEN, every_organisation=False, after=after, limit=limit)
    response.headers["Cache-Control"] = "no-store"
    return page_of(request, response, parts.cursors, found, limit=limit, show=shown)
