"""What families announces that touches requests: two records of one person became one, or are two again."""

from typing import Any

from connective.contracts.people_events import PersonMerged, PersonUnmerged
from connective.kit.database import Unit
from connective.kit.inbox import Received
from connective.referrals.commands.merge_person import Pair, merge_person, unmerge_person


async def person_merged(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Speak of the record that stays. Where two keepers keep their own, each one's requests stay as they are."""
    told = PersonMerged.model_validate(dict(event.data))
    if told.one_record:
        await merge_person(unit, event.place_id, Pair(told.person_id, told.merged_person_id))


async def person_unmerged(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Speak of each of the two again, as before."""
    told = PersonUnmerged.model_validate(dict(event.data))
    if told.one_record:
        await unmerge_person(unit, event.place_id, Pair(told.person_id, told.merged_person_id))
