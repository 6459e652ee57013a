"""What consent says of an officer's restriction of processing."""

from typing import Any

from connective.contracts.consent_events import ProcessingRestrictionChanged
from connective.families.commands.store_only import store_only
from connective.kit.database import Unit
from connective.kit.inbox import Handler, Received


async def _changed(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    told = ProcessingRestrictionChanged.model_validate(dict(event.data))
    await store_only(unit, event.place_id, told.person_id, active=told.active)


HANDLERS = {ProcessingRestrictionChanged.subject: Handler(_changed)}
