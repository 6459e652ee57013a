"""What consent says of an officer's restriction of processing."""

from typing import Any

from connective.contracts.consent_events import ProcessingRestrictionChanged
from connective.families.commands.means import Means
from connective.families.commands.store_only import store_only
from connective.families.domain.dates import day_of
from connective.kit.clock import Clock
from connective.kit.database import Unit
from connective.kit.inbox import AnyHandler, Handler, Received


def handlers(means: Means, clock: Clock) -> dict[str, AnyHandler]:
    """The handler, with what it works with."""

    async def changed(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
        told = ProcessingRestrictionChanged.model_validate(dict(event.data))
        day = day_of(clock())
        await store_only(unit, means, event.place_id, told.person_id, active=told.active, day=day)

    return {ProcessingRestrictionChanged.subject: Handler(changed)}
