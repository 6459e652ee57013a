"""Services of the directory, in the sense of Open Referral UK, and how they take requests."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from connective.contracts.needs import NeedsList
from connective.contracts.sharing import SameDay
from connective.partners.domain.areas import Area, broken_area
from connective.partners.domain.capacity import Capacity
from connective.partners.domain.codes import OTHER_KIND, ServiceStatus
from connective.partners.domain.geography import Point
from connective.partners.domain.locations import Location, broken_locations
from connective.partners.domain.organisations import Organisation
from connective.partners.domain.particulars import (
    Contact,
    Cost,
    Language,
    Reach,
    broken_contacts,
    broken_costs,
    broken_languages,
)
from connective.partners.domain.rules import Broken
from connective.partners.domain.schedules import Schedule

ASSURANCE_LASTS = timedelta(days=365)
"""A listing that somebody checked counts as checked for a year: our own rule, for want of one in HSDS."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What the directory says of a service."""

    name: str
    kind: str
    """A code of the needs list's service kinds, or `other`."""
    needs: frozenset[str]
    status: ServiceStatus = ServiceStatus.ACTIVE
    description: str | None = None
    url: str | None = None
    telephone: str | None = None
    how_to_refer: str | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    areas: tuple[Area, ...] = ()
    locations: tuple[Location, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    sensitive: bool = False
    confidential_to_young_person: bool = False
    assured_on: date | None = None
    """The day somebody last checked that the listing is true."""
    alternate_name: str | None = None
    email: str | None = None
    eligibility: str | None = None
    """Who may use it, in words; ages and areas say what can be computed with."""
    fees: str | None = None
    interpretation: str | None = None
    """What it does for people who speak another language."""
    alert: str | None = None
    """What is different just now."""
    reach: frozenset[Reach] = frozenset()
    costs: tuple[Cost, ...] = ()
    languages: tuple[Language, ...] = ()
    contacts: tuple[Contact, ...] = ()

    @property
    def points(self) -> tuple[Point, ...]:
        """Where its doors are."""
        return tuple(place.point for place in self.locations if place.point is not None)

    @property
    def told_points(self) -> tuple[Point, ...]:
        """Where those of its doors are that are not withheld: only these may be told, or told apart by distance."""
        return tuple(place.point for place in self.locations if place.point is not None and not place.withheld)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a service takes requests: whether at all, and the clocks it promises to keep."""

    takes_requests: bool = False
    acknowledge_within_days: int = 2
    decide_within_days: int = 10
    contact_attempts_promised: int = 3
    same_day: SameDay | None = None


SIGNPOST_ONLY = Terms()
"""Terms of an imported listing: families can be told about it, but nobody there has agreed to take requests."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service of an organisation."""

    id: UUID
    place_id: UUID
    organisation_id: UUID
    listing: Listing
    terms: Terms
    version: int
    changed_at: datetime
    capacities: tuple[Capacity, ...] = ()
    source: str | None = None
    """The import it came from; None when its organisation published it."""
    licence: str | None = None
    """Under which licence the source gave it (SPDX code); None where it gave none, or is the place's own."""


def assured_until(listing: Listing) -> date | None:
    """The last day on which the listing counts as checked."""
    if listing.assured_on is None:
        return None
    return min(listing.assured_on, date.max - ASSURANCE_LASTS) + ASSURANCE_LASTS


def takes_requests(service: Service, organisation: Organisation) -> bool:
    """Whether a request may be addressed to the service now."""
    return (
        service.terms.takes_requests
        and service.listing.status is ServiceStatus.ACTIVE
        and organisation.is_active
        and not organisation.is_reporting_route
    )


def changed(service: Service, at: datetime, *, listing: Listing, terms: Terms) -> Service:
    """The service in its next version, or the same when nothing differs."""
    wanted = replace(service, listing=listing, terms=terms)
    return service if wanted == service else replace(wanted, version=service.version + 1, changed_at=at)


def with_capacities(service: Service, rows: tuple[Capacity, ...], at: datetime) -> Service:
    """The service in its next version, with room as it was told at that moment."""
    return replace(service, capacities=rows, version=service.version + 1, changed_at=at)


def broken_service(listing: Listing, terms: Terms, organisation: Organisation, needs: NeedsList) -> tuple[Broken, ...]:
    """Every rule that a service breaks, all at once."""
    found = [
        *_broken_codes(listing, needs),
        *_broken_ages(listing),
        *(_broken_areas(listing)),
        *broken_locations(listing.locations),
        *broken_costs(listing.costs),
        *broken_languages(listing.languages),
        *broken_contacts(listing.contacts),
        *_broken_terms(listing, terms, organisation),
    ]
    return tuple(found)


def _broken_codes(listing: Listing, needs: NeedsList) -> list[Broken]:
    broken = []
    kind = needs.service_kinds.get(listing.kind)
    if kind is None and listing.kind != OTHER_KIND:
        broken.append(Broken("/kind", "unknown", f"{needs.no_such_kind} Any other is {OTHER_KIND}."))
    broken += [Broken("/needs", "unknown", needs.no_such_need) for _ in sorted(listing.needs - needs.needs.keys())]
    if kind is not None and kind.sensitive and not listing.sensitive:
        broken.append(Broken("/sensitive", "sensitive", "Services of this kind are always sensitive."))
    return broken


def _broken_ages(listing: Listing) -> list[Broken]:
    low, high = listing.minimum_age, listing.maximum_age
    if low is not None and high is not None and low > high:
        return [Broken("/maximum_age", "ages", "The oldest age is below the youngest.")]
    return []


def _broken_areas(listing: Listing) -> list[Broken]:
    told = (broken_area(area, f"/areas/{at}") for at, area in enumerate(listing.areas))
    return [each for each in told if each is not None]


def _broken_terms(listing: Listing, terms: Terms, organisation: Organisation) -> list[Broken]:
    broken = []
    if terms.takes_requests:
        broken += [
            Broken("/takes_requests", code, sentence) for code, sentence in _why_no_requests(listing, organisation)
        ]
    if terms.same_day is not None and listing.telephone is None:
        sentence = "A service that helps on the same day gives a telephone number: unanswered requests are phoned."
        broken.append(Broken("/telephone", "same-day", sentence))
    if terms.same_day is not None:
        broken += _broken_hours(terms.same_day)
    if terms.acknowledge_within_days > terms.decide_within_days:
        broken.append(Broken("/decide_within_days", "clocks", "Deciding cannot be due before acknowledging."))
    return broken


def _broken_hours(same_day: SameDay) -> list[Broken]:
    if same_day.opens_at.tzinfo is not None or same_day.closes_at.tzinfo is not None:
        return [Broken("/same_day/opens_at", "local", "Hours are local: give them without an offset.")]
    if same_day.opens_at >= same_day.closes_at:
        return [Broken("/same_day/closes_at", "hours", "It closes before it opens.")]
    return []


def _why_no_requests(listing: Listing, organisation: Organisation) -> list[tuple[str, str]]:
    reasons = []
    if organisation.is_reporting_route:
        reasons.append(("reporting-route", "Concerns are phoned to this organisation: it never receives a request."))
    if not organisation.is_member:
        reasons.append(("not-a-member", "The organisation is only listed: it joins the Hub before it takes requests."))
    if listing.kind == OTHER_KIND:
        reasons.append(("no-form", "No form exists for this kind of service: it can only be signposted to."))
    return reasons
