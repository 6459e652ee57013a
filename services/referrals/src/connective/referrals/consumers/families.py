"""What families announces that touches requests: two records of one person became one."""

from typing import Any

from connective.contracts.events import PersonMerged
from connective.kit.database import Unit
from connective.kit.inbox import Received
from connective.referrals.commands.merge_person import merge_person


async def person_merged(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Speak of the record that stays."""
    told = PersonMerged.model_validate(dict(event.data))
    await merge_person(unit, event.place_id, told.person_id, told.merged_person_id)
