"""Erase what referrals keeps of a family that families has erased: referrals, requests, words, notes and vouchers."""

from datetime import datetime
from uuid import UUID

from connective.contracts.erasure_events import FamilyErased, ReferralsErased
from connective.kit.database import Unit
from connective.referrals.storage.erasing import begin_erasure, remove_all


async def erase_family(unit: Unit, place_id: UUID, told: FamilyErased) -> None:
    """Take it all out in the unit's transaction, and answer the order. What was done before is not done again."""
    if not await begin_erasure(unit, told.erasure_id, place_id, told.family_id):
        return
    gone = await remove_all(unit, told.erasure_id, told.family_id, told.person_ids)
    now: datetime = (await unit.fetch_one("SELECT now() AS at")).at
    unit.tell(ReferralsErased(erasure_id=told.erasure_id, removed=gone, kept=0, at=now), version=1, place_id=place_id)
