"""The dry run: what has come to the end of its time, and what would be held back; nothing is changed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from connective.consent.commands.audit_acts import Acting, acting
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.ledger_entries import note
from connective.consent.commands.ports import Keepers
from connective.consent.domain.days import day_of
from connective.consent.domain.erasures import Outcome, list_hash, reasons_against
from connective.consent.domain.ledger import EntryKind, pseudonym
from connective.consent.domain.retention import Rule, asked_of_families
from connective.consent.storage.legal_holds import held_among
from connective.consent.storage.people import person_keys
from connective.consent.storage.retention_runs import add_run, agreements_ended_by, organisations_of
from connective.consent.storage.schedule import lock_retention, rule_called, schedule_of
from connective.contracts.retention import DueFamily
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done
from connective.kit.ids import new_id

MOST_LISTED = 1000
"""Records on one list: what is left over stands on the next."""
Item = dict[str, Any]


async def schedule_and_keepers(
    database: Database, actor: Actor, now: datetime
) -> tuple[tuple[Rule, ...], tuple[UUID, ...]]:
    """The place's schedule, and the organisations whose records the officer's legal entity answers for."""
    async with looking(database, actor, "schedule_read", now) as look:
        return await schedule_of(look.connection, look.place_id), await organisations_of(look)


async def list_due(database: Database, keepers: Keepers, actor: Actor, attempt: Attempt, now: datetime) -> Done:
    """List what of the officer's legal entity has come to its end today. Raises Unavailable when a keeper is away."""
    today = day_of(now)
    schedule, organisations = await schedule_and_keepers(database, actor, now)
    families, complete = await keepers.due(actor.place, organisations, asked_of_families(schedule, today), MOST_LISTED)
    still_open = await keepers.still_open(actor.place, [family.family_id for family in families])
    async with acting(database, actor, attempt) as act:
        if act.done:
            return act.done
        await lock_retention(act.unit, actor.place)
        items = await _families(act, families, still_open) + await _agreements(act, schedule, today)
        for nth, item in enumerate(items, 1):
            item["nth"] = nth
        run_id, shown = new_id(), list_hash(today, items)
        values = (run_id, act.place_id, act.entity_id, today, complete, shown, actor.id, now)
        await add_run(act, values, items)
        facts = {"run_id": run_id, "list_hash": shown, "records": len(items), "on": today}
        await note(act.unit, EntryKind.RETENTION, "run.listed", now, facts)
        return await act.finish(Done(run_id, 201))


async def _families(act: Acting, families: Sequence[DueFamily], still_open: set[UUID]) -> list[Item]:
    named = [one for family in families for one in (family.family_id, *family.person_ids)]
    held = await held_among(act.unit, act.place_id, named)
    keys = await person_keys(act.unit, act.place_id, [family.family_id for family in families])
    return [_family(family, held, still_open, keys) for family in families]


def _family(family: DueFamily, held: set[UUID], still_open: set[UUID], keys: dict[UUID, bytes]) -> Item:
    against = reasons_against(
        family,
        held=bool(held & {family.family_id, *family.person_ids}),
        open_request=family.family_id in still_open,
    )
    return {
        "rule_key": family.rule,
        "family_id": family.family_id,
        "family": pseudonym(family.family_id, keys[family.family_id]),
        "agreement_id": None,
        "record_version": family.version,
        "people": len(family.person_ids),
        "outcome": Outcome.HELD_BACK if against else Outcome.WOULD_GO,
        "reasons": against,
    }


async def _agreements(act: Acting, schedule: Sequence[Rule], today: date) -> list[Item]:
    """Agreements at their end: an officer decides about each, since disclosures still kept may rest on it."""
    (counted,) = rule_called(schedule, "agreement").counted
    ended = await agreements_ended_by(act, counted.span.cutoff(today), today)
    held = await held_among(act.unit, act.place_id, [agreement for agreement, _ in ended])
    return [
        {
            "rule_key": "agreement",
            "family_id": None,
            "family": None,
            "agreement_id": agreement,
            "record_version": number,
            "people": 0,
            "outcome": Outcome.HELD_BACK if agreement in held else Outcome.FOR_REVIEW,
            "reasons": ("legal_hold",) if agreement in held else (),
        }
        for agreement, number in ended
    ]
