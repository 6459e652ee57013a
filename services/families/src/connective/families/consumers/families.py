"""What the families service hears of itself: one keeper's restrictions, and quiet, reach another's record of a person.

A worker's own transaction may write for their own organisation alone; what holds for another keeper's record follows
by event, as the service's own work.
"""

from typing import Any

from connective.contracts.family_events import RestrictionChanged
from connective.contracts.people_events import NoticesResumed, NoticesStopped, PersonMerged, PersonUnmerged
from connective.families.commands.carry_quiet import carry_notices
from connective.families.commands.carry_restrictions import carry_restrictions
from connective.families.commands.means import Means
from connective.kit.clock import Clock
from connective.kit.database import Unit
from connective.kit.inbox import AnyHandler, Handler, Received


def handlers(means: Means, clock: Clock) -> dict[str, AnyHandler]:
    """The handlers, with what they work with."""

    async def restricted(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
        told = RestrictionChanged.model_validate(event.data)
        await carry_restrictions(unit, means, (told.person_id,), clock())

    async def merged(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
        kind = PersonMerged if event.subject == PersonMerged.subject else PersonUnmerged
        told = kind.model_validate(event.data)
        both = (told.person_id, told.merged_person_id)
        if not told.one_record:
            await carry_restrictions(unit, means, both, clock())
        await carry_notices(unit, both, clock())

    async def quiet(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
        told = NoticesStopped.model_validate(event.data)
        await carry_notices(unit, (told.person_id,), clock())

    return {
        "hub.families.restriction.changed": Handler(restricted),
        PersonMerged.subject: Handler(merged),
        PersonUnmerged.subject: Handler(merged),
        NoticesStopped.subject: Handler(quiet),
        NoticesResumed.subject: Handler(quiet),
    }
