from typing import Any

from connective.consent.storage.locks import lock_for_changing
from connective.consent.storage.organisations import keep_organisation
from connective.contracts.partner_events import OrganisationEvent
from connective.kit.database import Unit
from connective.kit.inbox import Received


async def keep(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Take over what partners says of an organisation; a suspension closes decisions that start after it commits."""
    said = OrganisationEvent.model_validate(event.data)
    await lock_for_changing(unit, [said.organisation_id])
    await keep_organisation(unit.connection, event.place_id, said, event.aggregate_version)
