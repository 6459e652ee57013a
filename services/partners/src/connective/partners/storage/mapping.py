"""Between records and rows, by hand: what a column holds is decided here and nowhere else."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from connective.contracts.categories import AssuranceLevel
from connective.contracts.sharing import SameDay
from connective.partners.domain.areas import Area, AreaKind
from connective.partners.domain.capacity import Capacity
from connective.partners.domain.codes import LocationType, OrganisationKind, OrganisationState, ServiceStatus
from connective.partners.domain.geography import Point
from connective.partners.domain.hubs import Hub
from connective.partners.domain.identifiers import Identifier, Scheme
from connective.partners.domain.organisations import Organisation, Profile
from connective.partners.domain.schedules import Schedule
from connective.partners.domain.services import Listing, Location, Service, Terms

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
        profile=Profile(
            name=column("name"),
            kind=OrganisationKind(column("kind")),
            identifiers=tuple(Identifier(Scheme(each["scheme"]), each["value"]) for each in column("identifiers")),
            description=column("description"),
            website=column("website"),
            telephone=column("telephone"),
        ),
        state=OrganisationState(column("state")),
        assurance_level=AssuranceLevel(column("assurance_level")),
        version=column("version"),
        changed_at=column("changed_at"),
        source=column("source"),
    )


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
        "locations": [_of_location(each) for each in listing.locations],
        "schedules": [_of_schedule(each) for each in listing.schedules],
        "sensitive": listing.sensitive,
        "confidential_to_young_person": listing.confidential_to_young_person,
        "assured_on": listing.assured_on,
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
        "capacity": _of_capacity(service.capacity),
        "source": service.source,
        "version": service.version,
        "changed_at": service.changed_at,
    }


def service_of(row: Found) -> Service:
    """The service of a row."""
    return Service(
        id=row.id,
        place_id=row.place_id,
        organisation_id=row.organisation_id,
        listing=_listing_of(row),
        terms=Terms(
            takes_requests=row.takes_requests,
            acknowledge_within_days=row.acknowledge_within_days,
            decide_within_days=row.decide_within_days,
            contact_attempts_promised=row.contact_attempts_promised,
            same_day=SameDay.model_validate(row.same_day) if row.same_day else None,
        ),
        version=row.version,
        changed_at=row.changed_at,
        capacity=_capacity_of(row.capacity),
        source=row.source,
    )


def _listing_of(row: Found) -> Listing:
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
        locations=tuple(_location_of(each) for each in row.locations),
        schedules=tuple(_schedule_of(each) for each in row.schedules),
        sensitive=row.sensitive,
        confidential_to_young_person=row.confidential_to_young_person,
        assured_on=row.assured_on,
    )


def _of_location(location: Location) -> Values:
    return {
        "kind": str(location.kind),
        "name": location.name,
        "address": list(location.address),
        "postcode": location.postcode,
        "point": [location.point.easting, location.point.northing] if location.point else None,
        "district": location.district,
        "latitude": location.latitude,
        "longitude": location.longitude,
    }


def _location_of(stored: Values) -> Location:
    point = stored["point"]
    return Location(
        kind=LocationType(stored["kind"]),
        name=stored["name"],
        address=tuple(stored["address"]),
        postcode=stored["postcode"],
        point=Point(*point) if point else None,
        district=stored["district"],
        latitude=stored["latitude"],
        longitude=stored["longitude"],
    )


def _of_schedule(schedule: Schedule) -> Values:
    return {
        "weekdays": sorted(schedule.weekdays),
        "opens_at": _iso(schedule.opens_at),
        "closes_at": _iso(schedule.closes_at),
        "valid_from": _iso(schedule.valid_from),
        "valid_to": _iso(schedule.valid_to),
        "weekly": schedule.weekly,
        "description": schedule.description,
    }


def _schedule_of(stored: Values) -> Schedule:
    return Schedule(
        weekdays=frozenset(stored["weekdays"]),
        opens_at=time.fromisoformat(stored["opens_at"]) if stored["opens_at"] else None,
        closes_at=time.fromisoformat(stored["closes_at"]) if stored["closes_at"] else None,
        valid_from=date.fromisoformat(stored["valid_from"]) if stored["valid_from"] else None,
        valid_to=date.fromisoformat(stored["valid_to"]) if stored["valid_to"] else None,
        weekly=stored["weekly"],
        description=stored["description"],
    )


def _iso(value: date | time | None) -> str | None:
    return value.isoformat() if value else None


def _of_same_day(same_day: SameDay | None) -> Values | None:
    return same_day.model_dump(mode="json") if same_day else None


def _of_capacity(capacity: Capacity | None) -> Values | None:
    if capacity is None:
        return None
    return {
        "available": capacity.available,
        "maximum": capacity.maximum,
        "unit": capacity.unit,
        "waiting_weeks": capacity.waiting_weeks,
        "as_of": capacity.as_of.isoformat(),
    }


def _capacity_of(stored: Values | None) -> Capacity | None:
    if stored is None:
        return None
    return Capacity(**{**stored, "as_of": datetime.fromisoformat(stored["as_of"])})


def of_capacity_row(service: Service, capacity: Capacity) -> Values:
    """The columns of one told figure of room."""
    return {
        "service_id": service.id,
        "version": service.version,
        "place_id": service.place_id,
        "available": capacity.available,
        "maximum": capacity.maximum,
        "unit": capacity.unit,
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
