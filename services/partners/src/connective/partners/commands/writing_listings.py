"""Write organisations and services as a source gives them, in the transaction at hand, and announce each change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from connective.contracts.categories import AssuranceLevel
from connective.kit.database import Unit
from connective.partners.commands.telling import (
    tell_organisation_changed,
    tell_published,
    tell_registered,
    tell_service_changed,
)
from connective.partners.commands.watching import tell_watchers
from connective.partners.domain.codes import OrganisationState
from connective.partners.domain.harvests.changes import RecordKind
from connective.partners.domain.harvests.merging import Fields
from connective.partners.domain.organisations import Organisation
from connective.partners.domain.services import SIGNPOST_ONLY, Service
from connective.partners.storage.imported import write_organisations, write_services
from connective.partners.storage.mapping_fields import (
    fields_of_organisation,
    fields_of_service,
    id_in,
    listing_of_fields,
    profile_of_fields,
)
from connective.partners.storage.organisations import organisations_by_id
from connective.partners.storage.services import services_by_id


@dataclass(frozen=True, slots=True)
class Wanted:
    """One record as it is to be."""

    record: RecordKind
    record_id: UUID
    fields: Fields


async def held_now(unit: Unit, ids: Iterable[UUID]) -> dict[UUID, Fields]:
    """What the directory holds of these records, organisations and services alike."""
    wanted = list(ids)
    held: dict[UUID, Fields] = {
        key: fields_of_organisation(each)
        for key, each in (await organisations_by_id(unit.connection, unit.actor, wanted)).items()
    }
    services = await services_by_id(unit.connection, unit.actor, wanted)
    return held | {each.service.id: fields_of_service(each.service) for each in services}


async def write_listings(unit: Unit, named: str, wanted: Sequence[Wanted], now: datetime) -> None:
    """Write the records as they are to be, organisations first.

    New organisations are only listed, unless a legal entity is named; new services are signposts: nobody there has
    agreed to take requests. What a service has agreed to, and its room, are its own and stay.
    """
    await _write_organisations(unit, named, wanted, now)
    await _write_services(unit, named, wanted, now)


async def _write_organisations(unit: Unit, named: str, wanted: Sequence[Wanted], now: datetime) -> None:
    fields = {each.record_id: each.fields for each in wanted if each.record is RecordKind.ORGANISATION}
    before = await organisations_by_id(unit.connection, unit.actor, fields)
    new = [
        Organisation(
            id=key,
            place_id=unit.actor.place,
            legal_entity_id=id_in(told, "legal_entity_id"),
            profile=profile_of_fields(told),
            state=OrganisationState.ACTIVE,
            assurance_level=AssuranceLevel.SHARED_DEVICE,
            version=1,
            changed_at=now,
            source=named,
        )
        for key, told in fields.items()
        if key not in before
    ]
    old = [
        replace(
            each,
            legal_entity_id=id_in(fields[key], "legal_entity_id"),
            profile=profile_of_fields(fields[key]),
            version=each.version + 1,
            changed_at=now,
        )
        for key, each in before.items()
    ]
    await write_organisations(unit.connection, new, old)
    for each in new:
        tell_registered(unit, each)
    for each in old:
        tell_organisation_changed(unit, before[each.id], each)


async def _write_services(unit: Unit, named: str, wanted: Sequence[Wanted], now: datetime) -> None:
    fields = {each.record_id: each.fields for each in wanted if each.record is RecordKind.SERVICE}
    before = {each.service.id: each.service for each in await services_by_id(unit.connection, unit.actor, fields)}
    new = [
        Service(
            id=key,
            place_id=unit.actor.place,
            organisation_id=UUID(told["organisation_id"]),
            listing=listing_of_fields(told),
            terms=SIGNPOST_ONLY,
            version=1,
            changed_at=now,
            source=named,
            licence=told.get("licence"),
        )
        for key, told in fields.items()
        if key not in before
    ]
    old = [
        replace(
            each,
            organisation_id=UUID(fields[key]["organisation_id"]),
            listing=listing_of_fields(fields[key]),
            licence=fields[key].get("licence"),
            version=each.version + 1,
            changed_at=now,
        )
        for key, each in before.items()
    ]
    await write_services(unit.connection, new, old)
    for each in new:
        tell_published(unit, each)
    for each in old:
        tell_service_changed(unit, before[each.id], each)
    await tell_watchers(unit, old, "changed")
