from typing import Any
from uuid import UUID

from connective.consent.commands.tell_restriction import tell_standing
from connective.consent.storage.erasures import erased_among
from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.restrictions import keep_restriction
from connective.consent.storage.same_people import keep_same
from connective.contracts.family_events import RestrictionChanged
from connective.contracts.people_events import PersonMerged, PersonUnmerged
from connective.kit.database import Unit
from connective.kit.inbox import Received


async def keep(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Take over a restriction that families began, lifted or changed."""
    said = RestrictionChanged.model_validate(event.data)
    await lock_for_changing(unit, [said.person_id])
    if await erased_among(unit, [said.person_id]):
        return
    await keep_restriction(unit.connection, event.place_id, said, event.aggregate_version)


async def merge(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Two records are of one person: what was said about either, and what restricts either, counts for both."""
    said = PersonMerged.model_validate(event.data)
    await _keep(unit, event, (said.person_id, said.merged_person_id), active=True, one_record=said.one_record)


async def unmerge(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """They are two people again: each keeps what was said about it, and nothing else."""
    said = PersonUnmerged.model_validate(event.data)
    await _keep(unit, event, (said.person_id, said.merged_person_id), active=False, one_record=said.one_record)


async def _keep(unit: Unit, event: Received, pair: tuple[UUID, UUID], *, active: bool, one_record: bool) -> None:
    await lock_for_changing(unit, pair)
    if await erased_among(unit, pair):
        return
    await keep_same(unit, event.place_id, pair, event.at, active=active, one_record=one_record)
    if one_record:
        await tell_standing(unit, event.place_id, pair, event.at)
