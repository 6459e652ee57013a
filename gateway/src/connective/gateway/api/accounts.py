"""Accounts: who may sign in."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from connective.contracts.permissions import Permission, Role
from connective.gateway.api.administering import everywhere, mark, work_of
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.schemas import AccountOut, DisableIn, EndedOut
from connective.gateway.commands.disable_account import disable_account
from connective.gateway.commands.look_after_account import end_membership, end_sessions
from connective.gateway.storage.access_reviews import training_of_accounts
from connective.gateway.storage.accounts import Asked, get_account, list_accounts
from connective.gateway.storage.works import MEMBERS
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
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
_WRITE = Permission.GATEWAY_MEMBER_WRITE
_ACTING = operation(_WRITE, relation="own_organisation", refuses=(Stale, MatchRequired))


async def _read(parts: Parts, actor: Actor, account_id: UUID, response: Response) -> AccountOut:
    async with parts.database.reading(actor, work=work_of(actor, MEMBERS)) as connection:
        account = await get_account(connection, actor, account_id, every_organisation=everywhere(actor))
        trained = await training_of_accounts(connection, [account.id])
    mark(response, account.version)
    return AccountOut.of(account, trained.get(account.id))


@routes.get("/accounts", **operation(_WRITE, relation="own_organisation"))
async def list_them(
    request: Request,
    response: Response,
    *,
    actor: ActorDep,
    parts: PartsDep,
    organisation_id: Annotated[UUID | None, Query(description="Who work in this organisation.")] = None,
    role: Annotated[Role | None, Query(description="Who hold this role; with an organisation, there.")] = None,
    disabled: Annotated[bool | None, Query(description="The disabled, or the open ones, alone.")] = None,
    account: Annotated[list[UUID], Query(max_length=100, description="These alone; repeatable.")] = [],  # noqa: B006 - FastAPI reads the default, and nothing changes it
    limit: LimitQuery = DEFAULT_LIMIT,
    cursor: CursorQuery = None,
) -> Page[AccountOut]:
    """The accounts of one's organisation, with what they are in it; of the place, for who looks after it."""
    asked = Asked(organisation_id, role and str(role), disabled, account)
    after, all_of_them = parts.cursors.after(cursor), everywhere(actor)
    async with parts.database.reading(actor, work=work_of(actor, MEMBERS)) as connection:
        found = await list_accounts(connection, actor, asked, every_organisation=all_of_them, after=after, limit=limit)
        trained = await training_of_accounts(connection, [each.id for each in found])
    response.headers["Cache-Control"] = "no-store"
    return page_of(
        request,
        response,
        parts.cursors,
        found,
        limit=limit,
        show=lambda each: AccountOut.of(each, trained.get(each.id)),
    )


@routes.get("/accounts/{account_id}", **operation(_WRITE, relation="own_organisation"))
async def read_one(account_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> AccountOut:
    """One account."""
    return await _read(parts, actor, account_id, response)


@routes.post("/accounts/{account_id}/disable", **_ACTING)
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
    """Let nobody sign in by it any more; its tokens are refused within seconds. Say when its holder left, if so.

    A partner disables those who work for it alone. It is opened again by a proposal (`account_opened`).
    """
    done = await disable_account(
        parts.database,
        actor,
        attempt,
        account_id,
        version,
        now=parts.clock(),
        left_on=body.left_on if body else None,
        every_organisation=everywhere(actor),
    )
    parts.tokens.deny_also(str(account_id))
    show_done(response, done)
    return await _read(parts, actor, account_id, response)


@routes.post("/accounts/{account_id}/end-sessions", **operation(_WRITE, relation="own_organisation"))
async def end_sessions_of(
    account_id: UUID, response: Response, *, actor: ActorDep, attempt: AttemptDep, parts: PartsDep
) -> AccountOut:
    """Sign somebody out everywhere, at once; they are told by letter, and may sign in again."""
    done, ended = await end_sessions(
        parts.database, actor, attempt, account_id, now=parts.clock(), every_organisation=everywhere(actor)
    )
    for each in ended:
        parts.tokens.deny_also(each)
    show_done(response, done)
    return await _read(parts, actor, account_id, response)


@routes.post("/accounts/{account_id}/memberships/{organisation_id}/end", **_ACTING)
async def end_one_membership(
    account_id: UUID,
    organisation_id: UUID,
    response: Response,
    *,
    actor: ActorDep,
    attempt: AttemptDep,
    version: VersionDep,
    parts: PartsDep,
) -> EndedOut:
    """Take away all that somebody is in one organisation, at once; what they are elsewhere stays."""
    done = await end_membership(
        parts.database,
        actor,
        attempt,
        account_id,
        organisation_id,
        expected=version,
        now=parts.clock(),
        every_organisation=everywhere(actor),
    )
    await parts.standing.refresh()
    show_done(response, done)
    return EndedOut(account_id=account_id, organisation_id=organisation_id)
