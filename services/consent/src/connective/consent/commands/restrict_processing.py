from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.commands.audit_acts import acting
from connective.consent.commands.ledger_entries import note
from connective.consent.commands.ports import Families
from connective.consent.commands.refusals import translated
from connective.consent.commands.tell_restriction import tell_standing
from connective.consent.commands.whom_it_names import Meant, whom_it_names
from connective.consent.domain.days import day_of
from connective.consent.domain.ledger import EntryKind, pseudonym
from connective.consent.domain.processing_restrictions import (
    Lifting,
    RestrictionGround,
    check_lifting,
    check_restrictable,
)
from connective.consent.domain.refusals import NotNow
from connective.consent.storage.audit_look import Look
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.people import person_keys
from connective.consent.storage.processing_restrictions import (
    add_processing_restriction,
    load_processing_restriction,
    people_behind,
    save_lifting,
    still_stands,
    weigh,
)
from connective.consent.storage.retention_runs import organisations_of
from connective.kit.actor import Actor, service_actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done
from connective.kit.ids import new_id
from connective.kit.problems import NotFound


@dataclass(frozen=True, slots=True)
class Restricting:
    """Of whom processing is restricted and why; where no person is named, whom the request names."""

    ground: RestrictionGround
    person_id: UUID | None
    information_request_id: UUID | None


async def restrict_processing(
    database: Database, families: Families, actor: Actor, attempt: Attempt, wanted: Restricting, *, now: datetime
) -> Done:
    """From the commit on, nothing about the person is decided to be shared (Article 18(1)); who holds copies hears it.

    Raises NotFound where the officer's legal entity does not keep the person, NotNow while such a restriction stands,
    Unacceptable, and Unavailable when families cannot say who keeps them.
    """
    with translated():
        meant = Meant(wanted.person_id, None, wanted.information_request_id)
        person_id = await whom_it_names(database, actor, meant, now, check_restrictable)
    kept = await families.facts(service_actor("consent", actor.place), (person_id,), None)
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        if kept.organisation_id not in await organisations_of(act):
            raise NotFound
        await lock_for_changing(act.unit, [person_id])
        keys = await person_keys(act.unit, act.place_id, [person_id])
        person = pseudonym(person_id, keys[person_id])
        if await still_stands(act, person):
            raise NotNow("restricted_already", "Processing of this person's data is restricted already.", ("lift",))
        restriction_id = new_id()
        whose = (restriction_id, act.place_id, act.entity_id, person, wanted.ground.value)
        await add_processing_restriction(act.unit, (*whose, wanted.information_request_id, actor.id, now))
        facts = {"restriction_id": restriction_id, "person": person, "ground": wanted.ground}
        await _changed(act, person_id, "placed", facts, now, active=True)
        return await act.finish(Done(restriction_id, 201))


async def lift_processing_restriction(
    database: Database, actor: Actor, attempt: Attempt, restriction_id: UUID, lifting: Lifting, *, now: datetime
) -> Done:
    """End it, once the person was told (Article 18(3)). Raises NotFound, NotNow, Unacceptable."""
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        named = await people_behind(act, [(await load_processing_restriction(act, restriction_id))["person"]])
        await lock_for_changing(act.unit, named)
        row = await load_processing_restriction(act, restriction_id, lock=True)
        check_lifting(lifting, lifted=row["lifted_at"] is not None, today=day_of(now))
        await save_lifting(act.unit, restriction_id, lifting, now)
        facts = {
            "restriction_id": restriction_id,
            "person": row["person"],
            "because": lifting.because,
            "person_told_on": lifting.person_told_on,
        }
        for person_id in named:
            await _changed(act, person_id, "lifted", facts, now, active=False)
        if not named:
            await note(act.unit, EntryKind.AUDIT, "processing_restriction.lifted", now, facts)
        return await act.finish(Done(restriction_id, 200))


async def _changed(
    look: Look, person_id: UUID, act: str, facts: dict[str, Any], now: datetime, *, active: bool
) -> None:
    await weigh(look.unit, look.place_id, person_id, active=active)
    await tell_standing(look.unit, look.place_id, (person_id,), now)
    await note(look.unit, EntryKind.AUDIT, f"processing_restriction.{act}", now, facts)
