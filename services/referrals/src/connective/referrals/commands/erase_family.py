"""Erase what referrals keeps of a family that families has erased: referrals, requests, words, notes and vouchers.

Or say what that would do.
"""

from datetime import datetime
from uuid import UUID

from connective.contracts.erasure_events import FamilyErased, ReferralsErased
from connective.contracts.retention import FamilyPeopleAsked, PersonStands
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.kit.ids import new_id
from connective.referrals.storage.erasing import begin_erasure, remove_all

_SELF = service_actor("referrals")


async def erase_family(unit: Unit, place_id: UUID, told: FamilyErased) -> None:
    """Take it all out in the unit's transaction, and answer the order. What was done before is not done again."""
    if not await begin_erasure(unit, told.erasure_id, place_id, told.family_id):
        return
    gone = await remove_all(unit, told.erasure_id, told.family_id, told.person_ids)
    now: datetime = (await unit.fetch_one("SELECT now() AS at")).at
    unit.tell(ReferralsErased(erasure_id=told.erasure_id, removed=gone, kept=0, at=now), version=1, place_id=place_id)


async def preview_family(database: Database, asked: FamilyPeopleAsked) -> PersonStands:
    """What erasing the family would do, counted by doing it and taking it back."""
    erasure_id = new_id()
    async with database.rehearsing(_SELF) as unit:
        await begin_erasure(unit, erasure_id, asked.place_id, asked.family_id)
        gone = await remove_all(unit, erasure_id, asked.family_id, asked.person_ids)
    return PersonStands(removed=gone)
