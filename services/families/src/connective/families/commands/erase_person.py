"""Erase one person of a family when consent has recorded an officer's order; or say what erasing them would do."""

from datetime import datetime
from uuid import UUID

from connective.contracts.erasure_events import ErasureOrdered, FamiliesErased, FamiliesRefusedErasure, PersonErased
from connective.contracts.family_events import FamilyChanged
from connective.contracts.retention import PersonAsked, PersonStands
from connective.families.storage.erasing import was_erased
from connective.families.storage.erasing_person import Stands, person_stands, remove_person
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.kit.ids import new_id

_SELF = service_actor("families")


async def erase_person(unit: Unit, place_id: UUID, order: ErasureOrdered, person_id: UUID) -> None:
    """Take out the person, in the unit's transaction, and tell who keeps more of them; their families stay.

    A record that is not as the officer saw it is left as it is, and the order refused. A repeated order does nothing.
    """
    if await was_erased(unit, order.erasure_id):
        return
    now: datetime = (await unit.fetch_one("SELECT now() AS at")).at
    stands = await person_stands(unit, place_id, person_id)
    refusal = _refusal(stands, order)
    if refusal is not None:
        told = FamiliesRefusedErasure(erasure_id=order.erasure_id, reason_code=refusal, at=now)
        unit.tell(told, version=1, place_id=place_id)
        return
    gone = await remove_person(unit, order.erasure_id, place_id, stands)
    for family_id, (keeper, version) in stands.families.items():
        changed = FamilyChanged(family_id=family_id, organisation_id=keeper, changed=("people",))
        unit.tell(changed, version=version + 1, place_id=place_id)
    said = PersonErased(
        erasure_id=order.erasure_id,
        person_id=person_id,
        family_ids=tuple(stands.families),
        person_ids=stands.person_ids,
        at=now,
    )
    unit.tell(said, version=order.record_version + 1, place_id=place_id)
    done = FamiliesErased(erasure_id=order.erasure_id, removed=gone, kept=0, at=now)
    unit.tell(done, version=1, place_id=place_id)


def _refusal(stands: Stands, order: ErasureOrdered) -> str | None:
    """Why this person may not be erased now."""
    if order.family_id not in stands.families:
        return "no_such_record"
    if stands.against:
        return stands.against[0]
    return "changed_since" if stands.families[order.family_id][1] != order.record_version else None


async def preview_person(database: Database, asked: PersonAsked) -> PersonStands:
    """What erasing this person would do, counted by doing it and taking it back. Nothing where it is not kept here."""
    async with database.rehearsing(_SELF) as unit:
        stands = await person_stands(unit, asked.place_id, asked.person_id)
        keeper, version = stands.families.get(asked.family_id, (None, 0))
        if keeper not in asked.organisation_ids:
            return PersonStands()
        gone = await remove_person(unit, new_id(), asked.place_id, stands)
    return PersonStands(
        version=version,
        person_ids=stands.person_ids,
        family_ids=tuple(stands.families),
        against=stands.against,
        removed=gone,
    )
