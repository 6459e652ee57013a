"""Who has access, and whether they should: looks and confirmations that the ledger is told of, or nothing is shown.

An officer reviews the accounts of their own legal entity; the officer of whoever runs the place (the host, which
answers for the Hub as a processor, UK GDPR Article 28) those of the whole place.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from connective.contracts.gateway_events import GatewayAudited
from connective.gateway.commands.refusals import OwnAccess
from connective.gateway.domain.access_review import AccessOutcome, Confirmation, Reviewed
from connective.gateway.storage.access_reviews import (
    Window,
    add_confirmation,
    count_accounts,
    one_account,
    page_of_accounts,
    runs_the_place,
)
from connective.gateway.storage.works import ADMINISTERING, OFFICER
from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.problems import NotAllowed, NotFound


class Scope(StrEnum):
    """Whose accounts are reviewed."""

    OWN = "own"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Review:
    """Figures of every organisation, and one page of their accounts."""

    organisations: list[dict[str, Any]]
    accounts: list[Reviewed]


async def review_access(database: Database, actor: Actor, scope: Scope, window: Window, *, now: datetime) -> Review:
    """The accounts of the organisations of the actor's legal entity or of the place, one more than asked if there is.

    Raises NotAllowed for the place, where the actor's legal entity does not run it.
    """
    work = OFFICER if scope is Scope.OWN else ADMINISTERING
    async with database.unit(actor, work=work) as unit:
        whose = await _whose(unit, actor, scope)
        counted = await count_accounts(unit, actor, whose, now)
        found = await page_of_accounts(unit, actor, whose, window)
        _tell(unit, actor, "accounts.reviewed", now)
        return Review(counted, found)


async def _whose(unit: Unit, actor: Actor, scope: Scope) -> UUID | None:
    if scope is Scope.OWN:
        return actor.organisation
    if not await runs_the_place(unit, actor):
        raise NotAllowed("Whoever runs the place reviews all of it; you review your own organisations.")
    return None


async def confirm_access(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    scope: Scope,
    *,
    account_id: UUID,
    where: UUID,
    outcome: AccessOutcome,
    now: datetime,
) -> tuple[Done, Reviewed]:
    """Say that somebody's roles in an organisation go on, or are to be taken away by an administrator.

    Raises NotFound for an account that is not among those, NotAllowed as above, OwnAccess for the actor's own.
    """
    async with database.unit(actor, work=ADMINISTERING) as unit:
        whose = await _whose(unit, actor, scope)
        found = await one_account(unit, actor, whose, account_id, where)
        if found is None:
            raise NotFound
        if done := await earlier(unit, attempt):
            return done, found
        if account_id == actor.account_id:
            raise OwnAccess("Nobody confirms their own access: ask another officer.")
        said = Confirmation(outcome, found.roles, actor.id, now)
        record_id = new_id()
        await add_confirmation(unit, record_id, found, said)
        act = "access.confirmed" if outcome is AccessOutcome.KEEP else "access.removal_asked"
        _tell(unit, actor, act, now, account_id)
        after = await one_account(unit, actor, whose, account_id, where)
        assert after is not None  # noqa: S101 - it was there a moment ago, in this transaction
        return await remember(unit, attempt, Done(record_id, 201)), after


def _tell(unit: Unit, actor: Actor, act: str, now: datetime, account_id: UUID | None = None) -> None:
    told = GatewayAudited(
        act_id=new_id(), act=act, actor_id=actor.id, organisation_id=actor.organisation, at=now, account_id=account_id
    )
    unit.tell(told, version=1)
