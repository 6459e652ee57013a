from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from connective.consent.commands.audit_acts import Acting, acting
from connective.consent.commands.ledger_entries import note
from connective.consent.commands.refusals import Unacceptable, translated
from connective.consent.domain.days import day_of
from connective.consent.domain.ledger import EntryKind, pseudonym
from connective.consent.domain.legal_holds import check_review_day, check_stands
from connective.consent.storage.legal_holds import add_hold, load_hold, save_lift, save_review
from connective.consent.storage.people import person_keys
from connective.consent.storage.schedule import lock_retention
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done
from connective.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Hold:
    """What is held, why, under which reference of the officer's own, and until which day before it is looked at."""

    reference: str
    reason: str
    review_on: date
    family_ids: tuple[UUID, ...] = ()
    person_ids: tuple[UUID, ...] = ()
    agreement_ids: tuple[UUID, ...] = ()


async def place_hold(database: Database, actor: Actor, attempt: Attempt, hold: Hold, *, now: datetime) -> Done:
    """Hold families, people or agreements: no run and no request erases them while it stands. Raises Unacceptable."""
    with translated():
        check_review_day(hold.review_on, day_of(now))
    if not (hold.family_ids or hold.person_ids or hold.agreement_ids):
        raise Unacceptable("nothing_held", "Name a family, a person or an agreement.", "/family_ids")
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        await lock_retention(act.unit, actor.place)
        hold_id = new_id()
        what = (list(hold.family_ids), list(hold.person_ids), list(hold.agreement_ids))
        whose = (hold_id, act.place_id, act.entity_id, hold.reference)
        await add_hold(act.unit, (*whose, *what, hold.reason, hold.review_on, actor.id, now))
        facts = {"hold_id": hold_id, "review_on": hold.review_on, "agreement_ids": sorted(hold.agreement_ids)}
        await note(act.unit, EntryKind.RETENTION, "hold.placed", now, facts | await _named(act, hold))
        return await act.finish(Done(hold_id, 201))


async def _named(act: Acting, hold: Hold) -> dict[str, Any]:
    """Families and people as the ledger knows them."""
    keys = await person_keys(act.unit, act.place_id, {*hold.family_ids, *hold.person_ids})
    return {
        "families": sorted(pseudonym(one, keys[one]) for one in hold.family_ids),
        "people": sorted(pseudonym(one, keys[one]) for one in hold.person_ids),
    }


async def review_hold(
    database: Database, actor: Actor, hold_id: UUID, version: int, *, review_on: date, words: str, now: datetime
) -> None:
    """Look at a hold again: it is still needed, until the next look. Raises NotFound, NotNow, Stale, Unacceptable."""
    with translated():
        check_review_day(review_on, day_of(now))
    async with acting(database, actor, None) as act:
        row = await load_hold(act, hold_id, lock=True)
        refuse_stale(version, row["version"])
        check_stands(row["lifted_at"] is not None)
        await save_review(act.unit, hold_id, review_on, words, now)
        facts = {"hold_id": hold_id, "review_on": review_on}
        await note(act.unit, EntryKind.RETENTION, "hold.reviewed", now, facts)


async def lift_hold(
    database: Database, actor: Actor, attempt: Attempt, hold_id: UUID, *, reason: str, now: datetime
) -> Done:
    """End a hold; what it held falls under the schedule again. Raises NotFound, NotNow."""
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        row = await load_hold(act, hold_id, lock=True)
        check_stands(row["lifted_at"] is not None)
        await save_lift(act.unit, hold_id, reason, now)
        await note(act.unit, EntryKind.RETENTION, "hold.lifted", now, {"hold_id": hold_id})
        return await act.finish(Done(hold_id, 200))
