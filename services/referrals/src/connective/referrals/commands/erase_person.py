"""Erase what referrals keeps of one person whom families has erased; or say what erasing them would do."""

from datetime import datetime
from uuid import UUID

from connective.contracts.erasure_events import PersonErased, ReferralsErased
from connective.contracts.retention import PeopleAsked, PersonStands
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.kit.ids import new_id
from connective.referrals.storage.erasing_person import begin_person_erasure, has_open_request, remove_person

_SELF = service_actor("referrals")


async def erase_person(unit: Unit, place_id: UUID, told: PersonErased) -> None:
    """Take it all out in the unit's transaction, and answer the order. What was done before is not done again."""
    if not await begin_person_erasure(unit, told.erasure_id, place_id, told.person_ids):
        return
    gone, kept = await remove_person(unit, told.erasure_id, told.family_ids, told.person_ids)
    now: datetime = (await unit.fetch_one("SELECT now() AS at")).at
    done = ReferralsErased(erasure_id=told.erasure_id, removed=gone, kept=kept, at=now)
    unit.tell(done, version=1, place_id=place_id)


async def preview_person(database: Database, asked: PeopleAsked) -> PersonStands:
    """What erasing these ids of one person would do, counted by doing it and taking it back."""
    erasure_id = new_id()
    async with database.rehearsing(_SELF) as unit:
        still_open = await has_open_request(unit, asked.place_id, asked.family_ids, asked.person_ids)
        await begin_person_erasure(unit, erasure_id, asked.place_id, asked.person_ids)
        gone, kept = await remove_person(unit, erasure_id, asked.family_ids, asked.person_ids)
    return PersonStands(against=("open_request",) if still_open else (), removed=gone, kept=kept)
