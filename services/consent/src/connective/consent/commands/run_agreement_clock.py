from datetime import datetime
from uuid import UUID

from connective.consent.commands.agreement_changes import keep, tell
from connective.consent.commands.ledger_entries import note
from connective.consent.domain.agreement import (
    AgreementVersion,
    State,
    activate_if_due,
    expire_if_due,
    is_review_due,
    mark_review_due,
    suspend_if_lapsed,
)
from connective.consent.domain.days import day_of
from connective.consent.domain.ledger import EntryKind
from connective.consent.domain.memorandum import end_if_due
from connective.consent.storage.agreement_clock import Due, lock_due, review_was_told, versions_due
from connective.consent.storage.agreements import Act, add_act, save_version
from connective.consent.storage.locks import lock_agreement
from connective.consent.storage.memoranda import MemorandumAct, load_any_memorandum, memoranda_past, save_memorandum
from connective.contracts.consent_events import AgreementReviewDue
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit

_CLOCK = service_actor("consent")
_ACTS = {State.ACTIVE: "activated", State.SUSPENDED: "suspended", State.EXPIRED: "expired"}


async def run_agreement_clock(database: Database, now: datetime) -> None:
    """Put signed versions in force on their start day, say when a review is due, suspend those whose assessment has
    lapsed, expire those past their end, and end memoranda past theirs.
    """
    today = day_of(now)
    async with database.reading(_CLOCK) as connection:
        due = await versions_due(connection, today)
        past = await memoranda_past(connection, today)
    for one in due:
        async with database.unit(_CLOCK) as unit:
            await _turn(unit, one, now)
    for place_id, memorandum_id in past:
        async with database.unit(_CLOCK) as unit:
            await _end_memorandum(unit, place_id, memorandum_id, now)


async def _turn(unit: Unit, due: Due, now: datetime) -> None:
    await lock_agreement(unit, due.agreement_id, due.place_id)
    version = await lock_due(unit.connection, due)
    today = day_of(now)
    changed = activate_if_due(version, today, now)
    changed = suspend_if_lapsed(changed, today, now)
    changed = expire_if_due(changed, today, now)
    if changed.state is not version.state:
        act = Act(_ACTS[changed.state], None, unit.actor.id, now, changed.state_reason)
        await keep(unit, version, changed, act, due.place_id)
    elif is_review_due(version, today) and not await review_was_told(unit.connection, due):
        await _tell_review(unit, version, due.place_id, now)


async def _tell_review(unit: Unit, version: AgreementVersion, place_id: UUID, now: datetime) -> None:
    """Say once that the review is due: the act that is kept is also what remembers that it was said."""
    marked = mark_review_due(version, now)
    await save_version(unit.connection, place_id, marked)
    await add_act(unit.connection, place_id, marked, Act("review_due", None, unit.actor.id, now))
    facts = {"agreement_id": version.agreement_id, "version": version.number, "state": version.state}
    await note(unit, EntryKind.AGREEMENT, "review_due", now, facts, place_id=place_id)
    tell(unit, marked, AgreementReviewDue, place_id)


async def _end_memorandum(unit: Unit, place_id: UUID, memorandum_id: UUID, now: datetime) -> None:
    before = await load_any_memorandum(unit.connection, memorandum_id)
    after = end_if_due(before, day_of(now), now)
    if after is before:
        return
    act = MemorandumAct("ended", None, unit.actor.id, now, "Its last day has passed.")
    await save_memorandum(unit.connection, place_id, after, act)
    facts = {"memorandum_id": memorandum_id, "state": after.state}
    await note(unit, EntryKind.AGREEMENT, "memorandum_ended", now, facts, place_id=place_id)
