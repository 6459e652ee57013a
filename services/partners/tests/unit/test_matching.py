"""What help is here? Each rule of the ranking, one at a time, around a family that lives at TA20 1QL."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from connective.contracts.categories import AssuranceLevel
from connective.contracts.sharing import SameDay
from connective.partners.domain.areas import NOWHERE, Area, AreaKind, Home
from connective.partners.domain.capacity import Capacity, Room
from connective.partners.domain.cells import ANYWHERE, cells_for, cells_of
from connective.partners.domain.codes import LocationType, OrganisationKind, OrganisationState, ServiceStatus
from connective.partners.domain.geography import Point
from connective.partners.domain.locations import Location
from connective.partners.domain.matching import Ask, Candidate, match
from connective.partners.domain.organisations import Organisation, Profile
from connective.partners.domain.schedules import Schedule
from connective.partners.domain.services import Listing, Service, Terms

PLACE = UUID(int=1)
HOME = Home("TA20", "E06000066", Point(332_000, 108_500))
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # A Tuesday.
NEARBY = Location(LocationType.PHYSICAL, point=Point(333_000, 108_500))
FAR_OFF = Location(LocationType.PHYSICAL, point=Point(372_000, 108_500))


def organisation(**changes: Any) -> Organisation:
    made = Organisation(
        id=uuid4(),
        place_id=PLACE,
        legal_entity_id=uuid4(),
        profile=Profile("Lantern", OrganisationKind.CHARITY),
        state=OrganisationState.ACTIVE,
        assurance_level=AssuranceLevel.NAMED_ACCOUNTS,
        version=1,
        changed_at=NOW,
    )
    return replace(made, **changes)


def candidate(name: str = "Larder", *, owner: Organisation | None = None, **told: Any) -> Candidate:
    owner = owner or organisation()
    terms = told.pop("terms", Terms(takes_requests=True))
    capacity = told.pop("capacity", None)
    listing = Listing(
        **{
            "name": name,
            "kind": "food_bank",
            "needs": frozenset({"food_or_fuel_poverty"}),
            "locations": (NEARBY,),
            **told,
        }
    )
    return Candidate(Service(uuid4(), PLACE, owner.id, listing, terms, 1, NOW, (capacity,) if capacity else ()), owner)


def ask(**changes: Any) -> Ask:
    return replace(Ask(frozenset({"food_or_fuel_poverty"}), (), HOME, 15_000, None, NOW), **changes)


def names(asked: Ask, *candidates: Candidate) -> list[str]:
    return [each.candidate.service.listing.name for each in match(asked, candidates).matches]


def why_left_out(asked: Ask, one: Candidate) -> list[str]:
    found = match(asked, [one])
    assert not found.matches
    return [reason.code for each in found.left_out for reason in each.reasons]


def codes(asked: Ask, one: Candidate) -> list[str]:
    (only,) = match(asked, [one]).matches
    return [reason.code for reason in only.reasons]


def roomy(available: int, **told: Any) -> Capacity:
    return Capacity(available, "parcels this week", told.pop("as_of", NOW - timedelta(days=1)), **told)


def test_more_needs_answered_come_first() -> None:
    both = candidate(
        "Both",
        needs=frozenset({"food_or_fuel_poverty", "debt_or_arrears"}),
        locations=(FAR_OFF,),
        areas=(Area(AreaKind.DISTRICT, "E06000066"),),
    )
    asked = ask(needs=frozenset({"food_or_fuel_poverty", "debt_or_arrears"}))
    assert names(asked, candidate("One"), both) == ["Both", "One"]


def test_room_comes_before_nearness_and_a_full_service_is_still_shown() -> None:
    further = Location(LocationType.PHYSICAL, point=Point(340_000, 108_500))
    full = candidate("Full", capacity=roomy(0, waiting_weeks=6))
    unknown = candidate("Unknown")
    free = candidate("Free", capacity=roomy(4), locations=(further,))
    assert names(ask(), full, unknown, free) == ["Free", "Unknown", "Full"]
    assert "no_room" in codes(ask(), full)


def test_an_old_figure_of_room_is_not_news() -> None:
    old = candidate(capacity=roomy(9, as_of=NOW - timedelta(days=40)))
    (only,) = match(ask(), [old]).matches
    assert only.room is Room.NOT_KNOWN


def test_requests_through_the_hub_come_before_signposts_and_nearer_before_further() -> None:
    signpost = candidate("Signpost", terms=Terms())
    further = candidate("Further", locations=(Location(LocationType.PHYSICAL, point=Point(334_000, 108_500)),))
    assert names(ask(), signpost, further, candidate("Nearer")) == ["Nearer", "Further", "Signpost"]


@pytest.mark.parametrize(
    ("low", "high", "ages", "fits"),
    [
        (0, 4, (3, 9), True),
        (5, None, (3,), False),
        (None, 17, (34,), False),
        (11, 19, (), True),
        (None, None, (3,), True),
    ],
)
def test_one_of_the_ages_asked_about_is_enough(
    low: int | None, high: int | None, ages: tuple[int, ...], fits: bool
) -> None:
    one = candidate(minimum_age=low, maximum_age=high)
    assert bool(match(ask(ages=ages), [one]).matches) is fits
    if not fits:
        assert why_left_out(ask(ages=ages), one) == ["age"]


def test_a_service_that_serves_the_area_is_kept_however_far_its_door() -> None:
    county = candidate(locations=(FAR_OFF,), areas=(Area(AreaKind.DISTRICT, "E06000066"),))
    assert "area" in codes(ask(), county)


def test_a_service_nearby_that_serves_another_area_is_left_out_with_that_reason() -> None:
    assert why_left_out(ask(), candidate(areas=(Area(AreaKind.OUTWARD_POSTCODE, "TA19"),))) == ["out_of_area"]


def test_a_radius_is_measured_from_the_services_own_door() -> None:
    assert codes(ask(), candidate(areas=(Area(AreaKind.RADIUS, metres=1500),)))
    assert why_left_out(ask(), candidate(areas=(Area(AreaKind.RADIUS, metres=900),))) == ["out_of_area"]


def test_a_service_too_far_away_says_how_far() -> None:
    found = match(ask(), [candidate(locations=(FAR_OFF,))])
    assert found.left_out[0].reasons[0].sentence == "It is 25 miles away, further than the 9.3 miles asked."
    assert found.left_out[0].distance_metres == 40_000


def test_help_online_has_no_distance() -> None:
    online = candidate(locations=(Location(LocationType.VIRTUAL),))
    assert "online" in codes(ask(), online)


def test_without_a_postcode_nothing_is_left_out_for_its_place() -> None:
    assert names(ask(home=NOWHERE), candidate("A", areas=(Area(AreaKind.OUTWARD_POSTCODE, "TA19"),))) == ["A"]


def test_a_closed_or_suspended_service_is_left_out_with_that_reason() -> None:
    assert why_left_out(ask(), candidate(status=ServiceStatus.TEMPORARILY_CLOSED)) == ["closed"]
    assert why_left_out(ask(), candidate(owner=organisation(state=OrganisationState.SUSPENDED))) == ["not_taking"]


def test_a_reporting_route_never_takes_requests() -> None:
    police = organisation(profile=Profile("Police", OrganisationKind.POLICE))
    (only,) = match(ask(), [candidate(owner=police)]).matches
    assert not only.takes_requests


def same_day(closes: time, minutes: int = 60) -> Terms:
    hours = SameDay(weekdays=frozenset({2}), opens_at=time(9), closes_at=closes, answer_within_minutes=minutes)
    return Terms(takes_requests=True, same_day=hours)


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (same_day(time(16)), None),
        (same_day(time(11)), None),
        (same_day(time(10, 59)), "not_today"),
        (same_day(time(23, 59), minutes=600), None),
        (Terms(takes_requests=True), "not_same_day"),
    ],
)
def test_for_today_a_service_must_be_able_to_answer_in_time(terms: Terms, expected: str | None) -> None:
    asked, one = ask(day=NOW.date()), candidate(terms=terms)
    if expected is None:
        assert "today" in codes(asked, one)
    else:
        assert why_left_out(asked, one) == [expected]


def test_an_answer_due_after_midnight_is_not_today() -> None:
    late = replace(ask(day=NOW.date()), now=NOW.replace(hour=23, minute=30))
    assert why_left_out(late, candidate(terms=same_day(time(23, 59)))) == ["not_today"]


@pytest.mark.parametrize(
    ("schedules", "expected"),
    [
        ((Schedule(frozenset({5}), time(10), time(12)),), "open"),
        ((Schedule(frozenset({5}), valid_to=date(2026, 1, 1)),), "hours_not_known"),
        ((Schedule(frozenset({5}), weekly=False),), "hours_not_known"),
        ((), "hours_not_known"),
    ],
)
def test_for_another_day_opening_times_are_looked_at(schedules: tuple[Schedule, ...], expected: str) -> None:
    friday = ask(day=date(2026, 3, 6))
    assert expected in codes(friday, candidate(schedules=schedules))


def test_a_service_closed_on_that_day_is_left_out() -> None:
    assert why_left_out(ask(day=date(2026, 3, 7)), candidate(schedules=(Schedule(frozenset({5})),))) == ["not_open"]


@pytest.mark.parametrize("available", [0, 7])
def test_a_sensitive_service_answers_the_same_with_and_without_room_and_tells_no_place(available: int) -> None:
    found = match(ask(), [candidate(sensitive=True, capacity=roomy(available))])
    (only,) = found.matches
    assert (only.room, only.distance_metres) == (Room.NOT_SHOWN, None)
    assert not any("mile" in reason.sentence for reason in only.reasons)
    assert match(ask(), []).left_out == found.left_out


def test_a_sensitive_service_that_is_left_out_is_not_mentioned() -> None:
    for told in (
        {"areas": (Area(AreaKind.OUTWARD_POSTCODE, "TA19"),)},
        {"locations": (FAR_OFF,)},
        {"status": ServiceStatus.TEMPORARILY_CLOSED},
    ):
        assert match(ask(), [candidate(sensitive=True, **told)]) == match(ask(), [])


def test_the_order_is_the_same_whatever_order_candidates_come_in() -> None:
    several = [candidate("C"), candidate("A"), candidate("B", capacity=roomy(1))]
    assert names(ask(), *several) == names(ask(), *reversed(several)) == ["B", "A", "C"]


def test_a_listing_is_found_in_the_cells_of_its_areas_and_of_its_door() -> None:
    listing = candidate(areas=(Area(AreaKind.OUTWARD_POSTCODE, "TA19"),)).service.listing
    assert cells_of(listing) == {"outward:TA19", "grid:33:10"}
    assert cells_of(replace(listing, areas=(), locations=())) == frozenset()
    assert cells_of(replace(listing, areas=(), locations=(Location(LocationType.VIRTUAL),))) == {ANYWHERE}


def test_every_match_lies_in_a_cell_that_the_search_looks_in() -> None:
    looked_in = set(cells_for(HOME, 15_000) or ())
    for told in (
        {},
        {"areas": (Area(AreaKind.DISTRICT, "E06000066"),), "locations": (FAR_OFF,)},
        {"areas": (Area(AreaKind.RADIUS, metres=50_000),), "locations": (FAR_OFF,)},
        {"locations": (Location(LocationType.VIRTUAL),)},
    ):
        one = candidate(**told)
        assert match(ask(), [one]).matches
        assert cells_of(one.service.listing) & looked_in
    assert cells_for(NOWHERE, 15_000) is None
