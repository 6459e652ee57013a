"""From what was sent to records of the domain."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from connective.contracts.needs import NeedsList
from connective.partners.api.parts import (
    AreaBody,
    CapacityRow,
    ContactBody,
    CostBody,
    IdentifierBody,
    LanguageBody,
    LocationBody,
    ScheduleBody,
)
from connective.partners.api.schemas import CapacityBody, PublishService, RegisterOrganisation
from connective.partners.domain.areas import Area
from connective.partners.domain.capacity import Capacity
from connective.partners.domain.identifiers import Identifier
from connective.partners.domain.locations import Location
from connective.partners.domain.organisations import Profile
from connective.partners.domain.particulars import Accessibility, Contact, Cost, Language
from connective.partners.domain.schedules import Schedule
from connective.partners.domain.services import Listing, Terms


def profile_of(body: RegisterOrganisation) -> Profile:
    """The profile that a registration tells."""
    return Profile(
        name=body.name,
        kind=body.kind,
        identifiers=_identifiers(body.identifiers),
        description=body.description,
        website=body.website,
        telephone=body.telephone,
        alternate_name=body.alternate_name,
        email=body.email,
    )


def listing_of(body: PublishService, needs: NeedsList) -> Listing:
    """The listing that a publication tells; needs and sensitivity left out are those of its kind."""
    kind = needs.service_kinds.get(body.kind)
    usual = kind.answers if kind else frozenset()
    return Listing(
        name=body.name,
        kind=body.kind,
        needs=frozenset(body.needs) or usual,
        status=body.status,
        description=body.description,
        url=body.url,
        telephone=body.telephone,
        how_to_refer=body.how_to_refer,
        minimum_age=body.minimum_age,
        maximum_age=body.maximum_age,
        areas=_areas(body.areas),
        locations=_locations(body.locations),
        schedules=_schedules(body.schedules),
        sensitive=(kind is not None and kind.sensitive) if body.sensitive is None else body.sensitive,
        confidential_to_young_person=body.confidential_to_young_person,
        assured_on=body.assured_on,
        alternate_name=body.alternate_name,
        email=body.email,
        eligibility=body.eligibility,
        fees=body.fees,
        interpretation=body.interpretation,
        alert=body.alert,
        reach=frozenset(body.reach),
        costs=_costs(body.costs),
        languages=_languages(body.languages),
        contacts=_contacts(body.contacts),
    )


def terms_of(body: PublishService) -> Terms:
    """How the service says it takes requests."""
    return Terms(
        takes_requests=body.takes_requests,
        acknowledge_within_days=body.acknowledge_within_days,
        decide_within_days=body.decide_within_days,
        contact_attempts_promised=body.contact_attempts_promised,
        same_day=body.same_day,
    )


def capacities_of(body: CapacityBody, now: datetime) -> tuple[Capacity, ...]:
    """Room as it is told now, row by row."""
    one = {"available": body.available, "maximum": body.maximum, "unit": body.unit}
    rest = {"audience": body.audience, "waiting_weeks": body.waiting_weeks}
    rows = [CapacityRow.model_validate(one | rest)] if body.rows is None else body.rows
    return tuple(Capacity(**dict(each), as_of=now) for each in rows)


def changes_of(patch: Mapping[str, Any]) -> dict[str, Any]:
    """A merge patch with its parts as the domain knows them; only what was sent is in it."""
    return {name: _READ[name](value) if name in _READ else value for name, value in patch.items()}


def _identifiers(bodies: list[IdentifierBody]) -> tuple[Identifier, ...]:
    return tuple(Identifier(each.scheme, each.value) for each in bodies)


def _areas(bodies: list[AreaBody]) -> tuple[Area, ...]:
    return tuple(Area(each.kind, each.code, each.metres) for each in bodies)


def _locations(bodies: list[LocationBody]) -> tuple[Location, ...]:
    return tuple(
        Location(
            **{
                **dict(each),
                "address": tuple(each.address),
                "accessibility": tuple(Accessibility(**dict(told)) for told in each.accessibility),
            }
        )
        for each in bodies
    )


def _costs(bodies: list[CostBody]) -> tuple[Cost, ...]:
    return tuple(Cost(**dict(each)) for each in bodies)


def _languages(bodies: list[LanguageBody]) -> tuple[Language, ...]:
    return tuple(Language(**dict(each)) for each in bodies)


def _contacts(bodies: list[ContactBody]) -> tuple[Contact, ...]:
    return tuple(Contact(**dict(each)) for each in bodies)


def _schedules(bodies: list[ScheduleBody]) -> tuple[Schedule, ...]:
    return tuple(
        Schedule(
            weekdays=frozenset(each.weekdays),
            opens_at=each.opens_at,
            closes_at=each.closes_at,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            weekly=each.weekly,
            description=each.description,
        )
        for each in bodies
    )


_READ: dict[str, Callable[[Any], Any]] = {
    "areas": _areas,
    "contacts": _contacts,
    "costs": _costs,
    "events": tuple,
    "identifiers": _identifiers,
    "languages": _languages,
    "locations": _locations,
    "member_organisation_ids": tuple,
    "needs": frozenset,
    "outward_postcodes": tuple,
    "reach": frozenset,
    "schedules": _schedules,
}
