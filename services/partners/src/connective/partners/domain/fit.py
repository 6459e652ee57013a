"""Whether one service fits one family in one respect: its state, its ages, its area, the day. Each says why."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from connective.contracts.distances import in_miles
from connective.partners.domain.areas import NOWHERE, Home, serves, words
from connective.partners.domain.capacity import Room, room
from connective.partners.domain.codes import LocationType, ServiceStatus
from connective.partners.domain.geography import Point, metres_between
from connective.partners.domain.organisations import Organisation
from connective.partners.domain.particulars import AT_ANY_DISTANCE, Reach
from connective.partners.domain.schedules import WEEKDAYS, hours_words, open_on
from connective.partners.domain.services import Listing, Service


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a service is in the answer, or is not: a stable code, and a sentence for the worker."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Fit:
    """One respect: whether it passes, and what to say about it."""

    passes: bool
    reason: Reason | None = None
    distance_metres: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What else a family asks of a service; what is empty asks nothing."""

    reach: frozenset[Reach] = frozenset()
    """One of these ways is enough."""
    language: str | None = None
    """ISO 639 code."""
    free_places: bool = False


_FITS = Fit(passes=True)


def fit_wish(service: Service, wish: Wish, now: datetime) -> tuple[Fit, ...]:
    """Whether it comes to the family as they need, speaks their language, and has a place free."""
    listing = service.listing
    fits = []
    if wish.reach:
        fits.append(_fit_reach(listing, wish.reach))
    if wish.language is not None:
        spoken = any(each.code == wish.language for each in listing.languages)
        told = f"It is given in {wish.language}." if spoken else f"It does not say that it is given in {wish.language}."
        fits.append(_yes("language", told) if spoken else _no("language", told))
    # A sensitive service that is full is not told apart from one with room.
    if wish.free_places and not listing.sensitive and room(service.capacities, sensitive=False, now=now) is Room.NONE:
        fits.append(_no("no_room", "It said that it has no room."))
    return tuple(fits)


def _fit_reach(listing: Listing, reach: frozenset[Reach]) -> Fit:
    found = sorted(reach & _ways(listing))
    if found:
        return _yes("reach", f"It helps by {' and '.join(each.replace('_', ' ') for each in found)}.")
    return _no(
        "reach", f"It does not say that it helps by {' or '.join(each.replace('_', ' ') for each in sorted(reach))}."
    )


def _ways(listing: Listing) -> frozenset[Reach]:
    """How it reaches people: as it says, and by what its sites are."""
    virtual = any(place.kind is LocationType.VIRTUAL for place in listing.locations)
    door = any(place.kind is LocationType.PHYSICAL for place in listing.locations)
    return listing.reach | ({Reach.ONLINE} if virtual else set()) | ({Reach.IN_PERSON} if door else set())


def fit_state(service: Service, organisation: Organisation) -> Fit:
    """Whether the service is there at all at present."""
    if service.listing.status is not ServiceStatus.ACTIVE:
        return _no("closed", "It is closed for the time being.")
    if organisation.is_member and not organisation.is_active:
        return _no("not_taking", "It is not taking requests at present.")
    return _FITS


def fit_age(listing: Listing, ages: tuple[int, ...]) -> Fit:
    """Whether somebody of these ages may use it: one of them is enough."""
    low, high = listing.minimum_age, listing.maximum_age
    if low is None and high is None:
        return _FITS
    span = _span(low, high)
    if not ages:
        return _yes("age", f"It is for {span}.")
    inside = sorted(age for age in ages if (low is None or age >= low) and (high is None or age <= high))
    if not inside:
        return _no("age", f"It is for {span}, and nobody asked about is.")
    return _yes("age", f"It is for {span}: fits age {', '.join(map(str, inside))}.")


def fit_place(listing: Listing, home: Home, radius_metres: int) -> Fit:
    """Whether it is open to families who live there, or near enough where it does not say."""
    if home == NOWHERE:
        return _yes("area_not_asked", "Where the family lives was not given: ask whether it may come.")
    distance = None if listing.sensitive else _distance(listing.told_points, home)
    if listing.areas:
        return _fit_area(listing, home, distance)
    if distance is None:
        return _fit_unplaced(listing, home, radius_metres)
    if listing.reach & AT_ANY_DISTANCE:
        return _yes("online", f"It helps online or by telephone. Its door is {_away(distance)} away.", distance)
    if distance > radius_metres:
        return _no("too_far", f"It is {_away(distance)} away, further than the {_away(radius_metres)} asked.", distance)
    return _yes("distance", f"{_away(distance)} away. It does not say which area it serves.", distance)


def fit_day(service: Service, day: date | None, now: datetime, *, requests: bool) -> Fit:
    """Whether it helps on the day asked about; for today, one that takes requests must be able to answer in time."""
    if day is None:
        return _FITS
    if requests and day == now.date():
        return _fit_today(service, now)
    name = WEEKDAYS[day.isoweekday() - 1]
    is_open = open_on(service.listing.schedules, day)
    if is_open is None:
        return _yes("hours_not_known", f"It does not say whether it is open on {name}: ring first.")
    if not is_open:
        return _no("not_open", f"It is not open on {name}.")
    hours = hours_words(service.listing.schedules, day)
    return _yes("open", f"Open on {name}{f', {hours}' if hours else ''}.")


def _fit_area(listing: Listing, home: Home, distance: int | None) -> Fit:
    away = "" if distance is None else f" It is {_away(distance)} away."
    served = words(listing.areas)
    if not any(serves(area, home, listing.points) for area in listing.areas):
        return _no("out_of_area", f"It serves {served}, not where the family lives.", distance)
    return _yes("area", f"It serves where the family lives ({served}).{away}", distance)


def _fit_unplaced(listing: Listing, home: Home, radius_metres: int) -> Fit:
    # A sensitive service's distance is looked at, so that one in another county is not offered, but is never told.
    hidden = _distance(listing.points, home)
    if hidden is not None and hidden > radius_metres:
        return _no("too_far", "It is too far away.")
    if listing.reach & AT_ANY_DISTANCE or any(place.kind is LocationType.VIRTUAL for place in listing.locations):
        return _yes("online", "It helps online or by telephone.")
    return _yes("area_not_known", "It does not say which area it serves: ask whether the family may come.")


def _fit_today(service: Service, now: datetime) -> Fit:
    same_day = service.terms.same_day
    if same_day is None:
        return _no("not_same_day", "It does not promise an answer on the same day.")
    answer_by = now + timedelta(minutes=same_day.answer_within_minutes)
    in_time = answer_by.date() == now.date() and answer_by.time() <= same_day.closes_at
    if now.isoweekday() not in same_day.weekdays or not in_time:
        return _no("not_today", "It cannot answer any more today.")
    return _yes(
        "today", f"Answers today within {same_day.answer_within_minutes} minutes, until {same_day.closes_at:%H:%M}."
    )


def _distance(points: tuple[Point, ...], home: Home) -> int | None:
    if home.point is None or not points:
        return None
    return min(metres_between(home.point, point) for point in points)


def _span(low: int | None, high: int | None) -> str:
    if low is None:
        return f"ages up to {high}"
    return f"ages {low} and over" if high is None else f"ages {low} to {high}"


def _away(metres: int) -> str:
    """To a hundred metres, as the number beside it is told, so that the two never differ."""
    return in_miles(round(metres, -2))


def _yes(code: str, sentence: str, distance: int | None = None) -> Fit:
    return Fit(passes=True, reason=Reason(code, sentence), distance_metres=distance)


def _no(code: str, sentence: str, distance: int | None = None) -> Fit:
    return Fit(passes=False, reason=Reason(code, sentence), distance_metres=distance)
