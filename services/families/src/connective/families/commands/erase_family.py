"""Erase a family's record when consent has recorded an officer's order; say why not, or what it would do."""

from datetime import datetime
from uuid import UUID

from connective.contracts.erasure_events import ErasureOrdered, FamiliesErased, FamiliesRefusedErasure, FamilyErased
from connective.contracts.retention import FamilyAsked, PersonStands
from connective.families.storage.erasing import (
    begin_erasure,
    is_kept_by,
    people_only_here,
    remove_all,
    standing,
    was_erased,
)
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.kit.ids import new_id

_SELF = service_actor("families")


async def erase_family(unit: Unit, place_id: UUID, order: ErasureOrdered) -> None:
    """Take out the family and everybody who is in no other, in the unit's transaction, and tell who keeps more of it.

    The order names the version that stood on the officer's list: a record that changed since, or whose case is open
    again, is left as it is. A repeated order does nothing.
    """
    if await was_erased(unit, order.erasure_id):
        return
    now: datetime = (await unit.fetch_one("SELECT now() AS at")).at
    refusal = _refusal(await standing(unit, place_id, order.family_id), order.record_version)
    if refusal is not None:
        told = FamiliesRefusedErasure(erasure_id=order.erasure_id, reason_code=refusal, at=now)
        unit.tell(told, version=1, place_id=place_id)
        return
    people = tuple(await people_only_here(unit, order.family_id))
    await begin_erasure(unit, order.erasure_id, place_id, order.family_id)
    gone = await remove_all(unit, order.erasure_id, order.family_id, people)
    said = FamilyErased(erasure_id=order.erasure_id, family_id=order.family_id, person_ids=people, at=now)
    unit.tell(said, version=order.record_version + 1, place_id=place_id)
    done = FamiliesErased(erasure_id=order.erasure_id, removed=gone, kept=0, at=now)
    unit.tell(done, version=1, place_id=place_id)


def _refusal(found: tuple[int, bool] | None, expected: int) -> str | None:
    """Why it may not be erased now."""
    if found is None:
        return "no_such_record"
    version, open_case = found
    if open_case:
        return "open_case"
    return "changed_since" if version != expected else None


async def preview_family(database: Database, asked: FamilyAsked) -> PersonStands:
    """What erasing this record would do, counted by doing it and taking it back. Nothing where it is not kept here."""
    async with database.rehearsing(_SELF) as unit:
        found = await standing(unit, asked.place_id, asked.family_id)
        if found is None or not await is_kept_by(unit, asked.family_id, asked.organisation_ids):
            return PersonStands()
        people, erasure_id = tuple(await people_only_here(unit, asked.family_id)), new_id()
        await begin_erasure(unit, erasure_id, asked.place_id, asked.family_id)
        gone = await remove_all(unit, erasure_id, asked.family_id, people)
    version, open_case = found
    return PersonStands(version=version, person_ids=people, against=("open_case",) if open_case else (), removed=gone)
