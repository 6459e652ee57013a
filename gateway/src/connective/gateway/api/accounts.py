"""Accounts: who may sign in."""

from uuid import UUID

from fastapi import Request, Response

from connective.contracts.permissions import Permission
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.schemas import AccountOut, DisableIn
from connective.gateway.commands.disable_account import disable_account
from connective.gateway.storage.accounts import get_account, list_accounts
from connective.gateway.storage.works import ADMINISTERING
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.etags import etag
from connective.kit.pages import (
    DEFAULT_LIMIT,
    CursorQuery,
    LimitQuery,
    Page,
    page_of,
)
from connective.kit.policy import operation
from connective.kit.problems import MatchRequired, Stale

routes = router(tags=["accounts"])
_WRITE = Permission.GATEWAY_ACCOUNT_WRITE


async def _read(parts: Parts, actor: Actor, account_id: UUID, response: Response) -> AccountOut:
    async with parts.database.reading(actor, work=ADMINISTERING) as connection:
        account = await get_account(connection, actor, account_id)
    response.headers["ETag"] = etag(account.version)
    response.headers["Cache-Control"] = "no-store"
    return AccountOut.of(account)


@routes.get("/accounts", **operation(_WRITE, relation="own_place"))
async def list_them(
    request: Request,
    response: Response,
    *,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = DEFAULT_LIMIT,
    cursor: CursorQuery = None,
) -> Page[AccountOut]:
    """The accounts of the place."""
    async with parts.database.reading(actor, work=ADMINISTERING) as connection:
        found = await list_accounts(connection, actor, after=parts.cursors.after(cursor), limit=limit)
    response.headers["Cache-Control"] = "no-store"
    return page_of(request, response, parts.cursors, found, limit=limit, show=AccountOut.of)


@routes.get("/accounts/{account_id}", **operation(_WRITE, relation="own_place"))
async def read_one(account_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> AccountOut:
    """One account."""
    return await _read(parts, actor, account_id, response)


@routes.post(
    "/accounts/{account_id}/disable", **operation(_WRITE, relation="own_place", refuses=(Stale, MatchRequired))
)
async def disable(
    account_id: UUID,
    response: Response,
    *,
    actor: ActorDep,
    attempt: AttemptDep,
    version: VersionDep,
    parts: PartsDep,
    body: DisableIn | None = None,
) -> AccountOut:
    """Let nobody sign in by it any more; its tokens are refused within seconds. Say when its holder left, if so."""
    left_on = body.left_on if body else None
    done = await disable_account(
        parts.database, actor, attempt, account_id, version, now=parts.clock(), left_on=left_on
    )
    parts.tokens.deny_also(str(account_id))
    show_done(response, done)
    return await _read(parts, actor, account_id, response)
