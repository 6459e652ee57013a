from typing import Any

from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.restrictions import keep_restriction, move_person
from connective.contracts.events import PersonMerged, RestrictionChanged
from connective.kit.database import Unit
from connective.kit.inbox import Received


async def keep(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Take over a restriction that families began, lifted or changed."""
    said = RestrictionChanged.model_validate(event.data)
    await lock_for_changing(unit, [said.person_id])
    await keep_restriction(unit.connection, event.place_id, said, event.aggregate_version)


async def merge(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Two records of one person became one: the restrictions of either hold for the one that remains."""
    said = PersonMerged.model_validate(event.data)
    await lock_for_changing(unit, [said.person_id, said.merged_person_id])
    await move_person(unit.connection, event.place_id, said)
