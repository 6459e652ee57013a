"""What partners announces: organisations come, go and are suspended; services change."""

from typing import Any

from connective.contracts.partner_events import HubChanged, OrganisationEvent, ServiceEvent
from connective.kit.database import Unit
from connective.kit.inbox import Received
from connective.referrals.commands.hold_requests import hold_where, release_where
from connective.referrals.storage.hubs import keep_hub
from connective.referrals.storage.services import (
    SUSPENDED,
    keep_organisation,
    outdate_service,
    outdate_services_of,
)
from connective.referrals.storage.tables import request

_FIELDS = frozenset(OrganisationEvent.model_fields)


async def organisation_changed(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Keep its state; a suspension holds the open requests from it and to it, a reinstatement lets them go on."""
    told = OrganisationEvent.model_validate({k: v for k, v in event.data.items() if k in _FIELDS})
    await keep_organisation(unit, told.organisation_id, told.legal_entity_id, told.state, event.aggregate_version)
    # Facts of its services name the organisation and say what it has shown.
    await outdate_services_of(unit, event.place_id, told.organisation_id)
    party = (request.c.place_id == event.place_id) & (
        (request.c.referrer_organisation_id == told.organisation_id)
        | (request.c.recipient_organisation_id == told.organisation_id)
    )
    if event.subject.endswith(".suspended") and told.state == SUSPENDED:
        await hold_where(unit, party, "organisation_suspended", event.at)
    if event.subject.endswith(".reinstated"):
        await release_where(unit, party, "organisation_suspended", event.at)


async def hub_changed(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Keep who coordinates which organisations: what is past its time is told to that coordinator."""
    await keep_hub(unit, event.place_id, HubChanged.model_validate(dict(event.data)), event.aggregate_version)


async def service_changed(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Use the copy no longer; how much room there is is not part of it."""
    if event.subject.endswith(".capacity_changed"):
        return
    told = ServiceEvent.model_validate(dict(event.data))
    await outdate_service(unit, event.place_id, told.service_id, event.aggregate_version)
