"""How processing restrictions stand is told of every id of a record, and told again when records are merged or parted.

Who holds copies goes by ids. A merge keeps the stricter mark, whichever of the two it was placed on; parted, each has
its own again (UK GDPR Article 18).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from connective.consent.storage.processing_restrictions import said_again, standing_among
from connective.consent.storage.same_people import made_one
from connective.contracts.consent_events import ProcessingRestrictionChanged
from connective.kit.database import Unit


async def tell_standing(unit: Unit, place_id: UUID, person_ids: Sequence[UUID], at: datetime) -> None:
    """Say of these ids, and of those of the same record, whether a restriction stands about any of them.

    Nothing is said of people about whom none ever stood. The caller holds the locks of `person_ids`.
    """
    groups = {await made_one(unit.connection, person_id) for person_id in person_ids}
    ever = await standing_among(unit, place_id, {each for group in groups for each in group})
    if not ever:
        return
    for group in groups:
        active = any(ever.get(each, False) for each in group)
        for person_id in sorted(group):
            told = ProcessingRestrictionChanged(person_id=person_id, active=active, at=at)
            unit.tell(told, version=await said_again(unit, place_id, person_id), place_id=place_id)
