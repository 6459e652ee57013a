"""Invitations: an administrator names a person and roles, another approves, and a letter goes out."""

from uuid import UUID

from fastapi import Request, Response

from connective.contracts.permissions import Permission
from connective.gateway.api.administering import everywhere, mark, work_of
from connective.gateway.api.parts import Parts, PartsDep
from connective.gateway.api.schemas_invitations import InvitationIn, InvitationOut
from connective.gateway.commands.invite import end_or_resend, invite
from connective.gateway.commands.refusals import InvitationClosed, NoProcessingAgreement, ProhibitedUsesNotAccepted
from connective.gateway.domain.invitations import Invitation
from connective.gateway.storage.invitations import get_invitation, list_invitations
from connective.gateway.storage.works import MEMBERS
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.idempotency import Attempt
from connective.kit.pages import DEFAULT_LIMIT, CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import MatchRequired, Stale

routes = router(tags=["invitations"])
_WRITE = Permission.GATEWAY_MEMBER_WRITE
_ACTING = operation(_WRITE, relation="own_organisation", refuses=(Stale, MatchRequired, InvitationClosed))


async def _read(parts: Parts, actor: Actor, invitation_id: UUID, response: Response) -> InvitationOut:
    async with parts.database.reading(actor, work=work_of(actor, MEMBERS)) as connection:
        found = await get_invitation(connection, actor, invitation_id, every_organisation=everywhere(actor))
    mark(response, found.version)
    return InvitationOut.of(found, parts.clock())


@routes.get("/invitations", **operation(_WRITE, relation="own_organisation"))
async def list_them(
    request: Request,
    response: Response,
    *,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = DEFAULT_LIMIT,
    cursor: CursorQuery = None,
) -> Page[InvitationOut]:
    """Invitations to one's organisation; to any of the place, for who looks after it."""
    after, all_of_them = parts.cursors.after(cursor), everywhere(actor)
    async with parts.database.reading(actor, work=work_of(actor, MEMBERS)) as connection:
        found = await list_invitations(connection, actor, every_organisation=all_of_them, after=after, limit=limit)
    response.headers["Cache-Control"] = "no-store"
    now = parts.clock()

    def show(invitation: Invitation) -> InvitationOut:
        return InvitationOut.of(invitation, now)

    return page_of(request, response, parts.cursors, found, limit=limit, show=show)


@routes.get("/invitations/{invitation_id}", **operation(_WRITE, relation="own_organisation"))
async def read_one(invitation_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> InvitationOut:
    """One invitation, and what one may do with it."""
    return await _read(parts, actor, invitation_id, response)


@routes.post(
    "/invitations",
    status_code=201,
    **operation(
        _WRITE,
        relation="own_organisation",
        refuses=(NoProcessingAgreement, ProhibitedUsesNotAccepted),
        step_up=True,
    ),
)
async def make(
    body: InvitationIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> InvitationOut:
    """Invite a person by e-mail. A letter goes out once another administrator has approved the proposal it makes.

    The answer is the same whether somebody signs in by the address already or nobody does.
    """
    done = await invite(
        parts.database,
        actor,
        attempt,
        body.to_domain(),
        admission=parts.admission,
        now=parts.clock(),
        every_organisation=everywhere(actor),
    )
    shown = await _read(parts, actor, done.resource_id, response)
    show_done(response, done)
    response.headers["Location"] = f"/api/v1/invitations/{done.resource_id}"
    return shown


async def _act(
    parts: Parts,
    actor: Actor,
    invitation_id: UUID,
    action: str,
    *,
    attempt: Attempt,
    version: int,
    response: Response,
) -> InvitationOut:
    done = await end_or_resend(
        parts.database,
        actor,
        attempt,
        invitation_id,
        action,
        expected=version,
        now=parts.clock(),
        every_organisation=everywhere(actor),
    )
    show_done(response, done)
    return await _read(parts, actor, invitation_id, response)


@routes.post("/invitations/{invitation_id}/resend", **_ACTING)
async def resend(
    invitation_id: UUID,
    response: Response,
    *,
    actor: ActorDep,
    attempt: AttemptDep,
    version: VersionDep,
    parts: PartsDep,
) -> InvitationOut:
    """Post it again, under a new link that lives seven days; the old one opens nothing from now on."""
    return await _act(parts, actor, invitation_id, "resend", attempt=attempt, version=version, response=response)


@routes.post("/invitations/{invitation_id}/withdraw", **_ACTING)
async def withdraw(
    invitation_id: UUID,
    response: Response,
    *,
    actor: ActorDep,
    attempt: AttemptDep,
    version: VersionDep,
    parts: PartsDep,
) -> InvitationOut:
    """Take it back, approved or not: its link opens nothing from now on."""
    return await _act(parts, actor, invitation_id, "withdraw", attempt=attempt, version=version, response=response)
