"""`/accounts/access-review` and `/accounts/{id}/training`: leavers, training and second factor, as an officer asks."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from connective.contracts.permissions import Permission
from connective.gateway.api.parts import PartsDep
from connective.gateway.api.schemas import TrainingIn, TrainingOut
from connective.gateway.commands.record_training import TrainingTold, record_training
from connective.gateway.commands.refusals import OwnAccess
from connective.gateway.commands.review_access import Scope, confirm_access, review_access
from connective.gateway.domain.access_review import SECOND_FACTOR, AccessOutcome, Reviewed
from connective.gateway.storage.access_reviews import Window
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import (
    DEFAULT_LIMIT,
    CursorQuery,
    LimitQuery,
    Page,
    page_of,
)
from connective.kit.policy import operation

routes = router(tags=["accounts"])


class OrganisationReviewed(BaseModel):
    """Figures of one organisation; of open accounts where nothing else is said."""

    organisation_id: UUID
    organisation_name: str
    accounts: int
    open: int
    disabled: int
    closed_after_leaving: int
    """Accounts that were disabled later than the day on which their holder left."""
    dormant: int
    """Without a sign-in for 90 days, or ever."""
    second_factor: int
    training_in_date: int
    untrained_at_last_sign_in: int
    """Whose holder signed in while no training was in date."""
    review_due: int
    """Open accounts that wait for an officer to confirm them, or for an administrator to take them away."""
    to_be_removed: int
    """Of these, the ones of which an officer has said that they are to end."""


class ConfirmationOut(BaseModel):
    """What an officer said on review, and of which roles."""

    model_config = ConfigDict(from_attributes=True)

    outcome: AccessOutcome
    roles: list[str]
    reviewed_by: str
    reviewed_at: datetime


class ConfirmationIn(BaseModel):
    """In which organisation, and whether its roles go on or are to be taken away."""

    model_config = ConfigDict(extra="forbid")

    organisation_id: UUID
    outcome: AccessOutcome
    scope: Scope = Scope.OWN
    """Among whose accounts: your legal entity's, or the whole place's if you run it."""


class AccountReviewed(BaseModel):
    """One account in one organisation: whose it is, and the id by which the access log and the ledger know it."""

    account_id: UUID
    name: str
    """Of whom: nobody can say whether somebody still needs access without knowing who it is."""
    organisation_id: UUID
    roles: list[str]
    last_sign_in_at: datetime | None
    dormant: bool
    disabled_at: datetime | None
    left_on: date | None
    days_open_after_leaving: int | None
    second_factor: bool
    training: TrainingOut | None
    training_in_date: bool
    untrained_at_last_sign_in: bool
    confirmation: ConfirmationOut | None
    """What an officer said last; None until one has."""
    review_due: bool
    """Never confirmed, confirmed half a year ago or with other roles, or to be removed and still open."""
    confirmed_until: datetime | None
    """Until when what was said counts; null where nobody has said so of these roles, and once it is closed."""


class AccessReview(Page[AccountReviewed]):
    """Who has access: every organisation's figures, and a page of their accounts."""

    organisations: list[OrganisationReviewed]
    second_factor: Annotated[bool, Field(description="Whether signing in asks for a second factor.")]
    checks: Annotated[str, Field(description="Where an organisation's policy on criminal records checks is found.")]


_CHECKS = "The Hub keeps no check of a person: which checks an organisation makes is in its assurance dossier."


@routes.get("/accounts/access-review", **operation(Permission.GATEWAY_ACCOUNT_REVIEW, relation="own_entity"))
async def read_review(
    request: Request,
    response: Response,
    *,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = DEFAULT_LIMIT,
    cursor: CursorQuery = None,
    scope: Annotated[
        Scope, Query(description="Your legal entity's accounts, or the whole place's if you run it.")
    ] = Scope.OWN,
    due: Annotated[bool, Query(description="Only what waits: to be confirmed, or to be taken away.")] = False,
    account: Annotated[UUID | None, Query(description="Only this account, in each of its organisations.")] = None,
) -> AccessReview:
    """Leavers, training and roles of the accounts of your legal entity or the place; an entry of the ledger.

    Access that is not confirmed is not cut off: officers and administrators are written to each week, and an alarm
    rises, until a person confirms it or takes it away.
    """
    position = parts.cursors.read(cursor, UUID, UUID)
    after = (position[0], position[1]) if position else None
    now = parts.clock()
    window = Window(after, limit, now if due else None, account)
    found = await review_access(parts.database, actor, scope, window, now=now)
    response.headers["Cache-Control"] = "no-store"
    page = page_of(
        request,
        response,
        parts.cursors,
        found.accounts,
        limit=limit,
        show=lambda each: _account(each, now),
        at=lambda each: (each.account_id, each.organisation_id),
    )
    figures = [OrganisationReviewed(**row, second_factor=row["open"] * SECOND_FACTOR) for row in found.organisations]
    return AccessReview(
        items=page.items,
        next_cursor=page.next_cursor,
        organisations=figures,
        second_factor=SECOND_FACTOR,
        checks=_CHECKS,
    )


@routes.post(
    "/accounts/{account_id}/access-confirmations",
    status_code=201,
    **operation(Permission.GATEWAY_ACCOUNT_REVIEW, relation="own_entity", refuses=(OwnAccess,)),
)
async def confirm(
    account_id: UUID,
    body: ConfirmationIn,
    response: Response,
    *,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
) -> AccountReviewed:
    """Say that somebody's roles go on for half a year, or are to be taken away; an entry of the ledger."""
    now = parts.clock()
    done, found = await confirm_access(
        parts.database,
        actor,
        attempt,
        body.scope,
        account_id=account_id,
        where=body.organisation_id,
        outcome=body.outcome,
        now=now,
    )
    show_done(response, done)
    response.headers["Cache-Control"] = "no-store"
    return _account(found, now)


@routes.post(
    "/accounts/{account_id}/training",
    status_code=201,
    **operation(Permission.GATEWAY_ACCOUNT_WRITE, relation="own_place"),
)
async def record(
    account_id: UUID, body: TrainingIn, response: Response, *, actor: ActorDep, attempt: AttemptDep, parts: PartsDep
) -> TrainingOut:
    """Record training in data protection that the account's holder has completed; it counts for a year unless said."""
    now = parts.clock()
    told = TrainingTold(body.course, body.completed_on, body.valid_until)
    done, training = await record_training(parts.database, actor, attempt, account_id, told, now=now)
    show_done(response, done)
    return TrainingOut.of(training)


def _account(each: Reviewed, now: datetime) -> AccountReviewed:
    return AccountReviewed(
        account_id=each.account_id,
        name=each.name,
        organisation_id=each.organisation_id,
        roles=list(each.roles),
        last_sign_in_at=each.last_sign_in_at,
        dormant=each.is_dormant(now),
        disabled_at=each.disabled_at,
        left_on=each.left_on,
        days_open_after_leaving=each.days_open_after_leaving,
        second_factor=SECOND_FACTOR,
        training=TrainingOut.of(each.training) if each.training else None,
        training_in_date=each.is_trained(now.date()),
        untrained_at_last_sign_in=each.untrained_at_last_sign_in,
        confirmation=ConfirmationOut.model_validate(each.confirmation) if each.confirmation else None,
        review_due=each.is_due(now),
        confirmed_until=each.confirmed_until,
    )
