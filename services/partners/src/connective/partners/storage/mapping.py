"""Between records and rows, by hand: what a column holds is decided here and nowhere else."""

from datetime import date
from typing import Any
from uuid import UUID

from connective.contracts.categories import AssuranceLevel
from connective.contracts.sharing import SameDay
from connective.partners.domain.areas import Area, AreaKind
from connective.partners.domain.assurance import Held, ItemKind
from connective.partners.domain.capacity import Capacity
from connective.partners.domain.codes import OrganisationKind, OrganisationState, ServiceStatus
from connective.partners.domain.hubs import Hub
from connective.partners.domain.identifiers import Identifier, Scheme
from connective.partners.domain.organisations import Organisation, Profile
from connective.partners.domain.services import Listing, Service, Terms
from connective.partners.storage.mapping_parts import (
    capacity_of,
    details_of,
    location_of,
    of_capacity,
    of_details,
    of_location,
    of_schedule,
    schedule_of,
    told,
)

Values = dict[str, Any]
Found = Any
"""A row as the driver gives it, with its columns as attributes."""


def of_profile(profile: Profile) -> Values:
    """The columns of a profile."""
    return {
        "name": profile.name,
        "kind": str(profile.kind),
        "identifiers": [{"scheme": str(each.scheme), "value": each.value} for each in profile.identifiers],
        "description": profile.description,
        "website": profile.website,
        "telephone": profile.telephone,
        "details": told({"alternate_name": profile.alternate_name, "email": profile.email}),
    }


def of_organisation(organisation: Organisation) -> Values:
    """The columns of an organisation."""
    return {
        "id": organisation.id,
        "place_id": organisation.place_id,
        "legal_entity_id": organisation.legal_entity_id,
        **of_profile(organisation.profile),
        "state": str(organisation.state),
        "assurance_level": str(organisation.assurance_level),
        "assurance": [
            {"kind": each.kind, "until": each.until and each.until.isoformat()} for each in organisation.held
        ],
        "source": organisation.source,
        "version": organisation.version,
        "changed_at": organisation.changed_at,
    }


def organisation_of(row: Found, prefix: str = "") -> Organisation:
    """The organisation of a row; in a join its columns carry a prefix."""

    def column(name: str) -> Any:  # noqa: ANN401 - a column of any type
        return getattr(row, prefix + name)

    return Organisation(
        id=column("id"),
        place_id=column("place_id"),
        legal_entity_id=column("legal_entity_id"),
        profile=profile_of(row, prefix),
        state=OrganisationState(column("state")),
        assurance_level=AssuranceLevel(column("assurance_level")),
        version=column("version"),
        changed_at=column("changed_at"),
        source=column("source"),
        held=held_of_rows(column("assurance")),
    )


def profile_of(row: Found, prefix: str = "") -> Profile:
    """The profile of a row; in a join its columns carry a prefix."""

    def column(name: str) -> Any:  # noqa: ANN401 - a column of any type
        return getattr(row, prefix + name)

    return Profile(
        name=column("name"),
        kind=OrganisationKind(column("kind")),
        identifiers=tuple(Identifier(Scheme(each["scheme"]), each["value"]) for each in column("identifiers")),
        description=column("description"),
        website=column("website"),
        telephone=column("telephone"),
        **column("details"),
    )


def held_of_rows(rows: list[Values]) -> tuple[Held, ...]:
    """What a dossier vouches for, as it is kept with its organisation."""
    return tuple(Held(ItemKind(each["kind"]), _day(each.get("until"))) for each in rows)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def of_listing(listing: Listing) -> Values:
    """The columns of a listing."""
    return {
        "name": listing.name,
        "kind": listing.kind,
        "needs": sorted(listing.needs),
        "status": str(listing.status),
        "description": listing.description,
        "url": listing.url,
        "telephone": listing.telephone,
        "how_to_refer": listing.how_to_refer,
        "minimum_age": listing.minimum_age,
        "maximum_age": listing.maximum_age,
        "areas": [{"kind": str(each.kind), "code": each.code, "metres": each.metres} for each in listing.areas],
        "locations": [of_location(each) for each in listing.locations],
        "schedules": [of_schedule(each) for each in listing.schedules],
        "sensitive": listing.sensitive,
        "confidential_to_young_person": listing.confidential_to_young_person,
        "assured_on": listing.assured_on,
        "details": of_details(listing),
    }


def of_service(service: Service) -> Values:
    """The columns of a service."""
    terms = service.terms
    return {
        "id": service.id,
        "place_id": service.place_id,
        "organisation_id": service.organisation_id,
        **of_listing(service.listing),
        "takes_requests": terms.takes_requests,
        "acknowledge_within_days": terms.acknowledge_within_days,
        "decide_within_days": terms.decide_within_days,
        "contact_attempts_promised": terms.contact_attempts_promised,
        "same_day": _of_same_day(terms.same_day),
        "capacities": [of_capacity(each) for each in service.capacities],
        "source": service.source,
        "licence": service.licence,
        "version": service.version,
        "changed_at": service.changed_at,
    }


def service_of(row: Found) -> Service:
    """The service of a row."""
    return Service(
        id=row.id,
        place_id=row.place_id,
        organisation_id=row.organisation_id,
        listing=listing_of(row),
        terms=Terms(
            takes_requests=row.takes_requests,
            acknowledge_within_days=row.acknowledge_within_days,
            decide_within_days=row.decide_within_days,
            contact_attempts_promised=row.contact_attempts_promised,
            same_day=SameDay.model_validate(row.same_day) if row.same_day else None,
        ),
        version=row.version,
        changed_at=row.changed_at,
        capacities=tuple(map(capacity_of, row.capacities)),
        source=row.source,
        licence=row.licence,
    )


def listing_of(row: Found) -> Listing:
    """The listing of a row."""
    return Listing(
        name=row.name,
        kind=row.kind,
        needs=frozenset(row.needs),
        status=ServiceStatus(row.status),
        description=row.description,
        url=row.url,
        telephone=row.telephone,
        how_to_refer=row.how_to_refer,
        minimum_age=row.minimum_age,
        maximum_age=row.maximum_age,
        areas=tuple(Area(AreaKind(each["kind"]), each["code"], each["metres"]) for each in row.areas),
        locations=tuple(location_of(each) for each in row.locations),
        schedules=tuple(schedule_of(each) for each in row.schedules),
        sensitive=row.sensitive,
        confidential_to_young_person=row.confidential_to_young_person,
        assured_on=row.assured_on,
        **details_of(row.details),
    )


def _of_same_day(same_day: SameDay | None) -> Values | None:
    return same_day.model_dump(mode="json") if same_day else None


def of_capacity_row(service: Service, line: int, capacity: Capacity) -> Values:
    """The columns of one told figure of room, the `line`-th of those told together."""
    return {
        "service_id": service.id,
        "version": service.version,
        "line": line,
        "place_id": service.place_id,
        "available": capacity.available,
        "maximum": capacity.maximum,
        "unit": capacity.unit,
        "audience": capacity.audience,
        "waiting_weeks": capacity.waiting_weeks,
        "as_of": capacity.as_of,
    }


def of_hub(hub: Hub) -> Values:
    """The columns of a hub."""
    return {
        "id": hub.id,
        "place_id": hub.place_id,
        "name": hub.name,
        "outward_postcodes": list(hub.outward_postcodes),
        "coordinator_account_id": hub.coordinator_account_id,
        "member_organisation_ids": list(hub.member_organisation_ids),
        "version": hub.version,
        "changed_at": hub.changed_at,
    }


def hub_of(row: Found) -> Hub:
    """The hub of a row."""
    members: list[UUID] = row.member_organisation_ids
    return Hub(
        id=row.id,
        place_id=row.place_id,
        name=row.name,
        outward_postcodes=tuple(row.outward_postcodes),
        coordinator_account_id=row.coordinator_account_id,
        member_organisation_ids=tuple(members),
        version=row.version,
        changed_at=row.changed_at,
    )
