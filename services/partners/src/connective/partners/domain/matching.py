"""What help is here? Ranks services for a family's needs, ages, home and day, with reasons in words for each.

Nothing is silently blocked: a full service is ranked lower, and one that cannot help this family is left out with the
reason. Sensitive services are the exception: their room, place and distance are never told, and one that is left out
is not mentioned, so that "none" and "not shown to you" look alike (domain rules, section 4).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from connective.partners.domain.areas import Home
from connective.partners.domain.capacity import Capacity, Room, room
from connective.partners.domain.fit import Fit, Reason, Wish, fit_age, fit_day, fit_place, fit_state, fit_wish
from connective.partners.domain.geography import nearest
from connective.partners.domain.organisations import Organisation
from connective.partners.domain.schedules import WEEKDAYS
from connective.partners.domain.services import Service, takes_requests

# Room first told, then unknown, then none: a family waits least at the top.
_ROOM_ORDER = {Room.SOME: 0, Room.NOT_KNOWN: 1, Room.NOT_SHOWN: 1, Room.NONE: 2}
_FAR = 10_000_000


@dataclass(frozen=True, slots=True)
class Ask:
    """What is looked for. It holds no identity: codes, ages, and as much of the home as distance needs."""

    needs: frozenset[str]
    ages: tuple[int, ...]
    """Ages in years of those to be helped; empty means any."""
    home: Home
    radius_metres: int
    day: date | None
    """The day help is needed on, when it matters."""
    now: datetime
    """In the place's own time zone: same-day hours are local."""
    words: str | None = None
    """Words that a listing must hold; used to find candidates, and never kept."""
    wish: Wish = field(default_factory=Wish)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A service that answers one of the needs, and whose it is."""

    service: Service
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class Match:
    """A service that can help, with the reasons for its place in the list."""

    candidate: Candidate
    needs: tuple[str, ...]
    distance_metres: int | None
    room: Room
    takes_requests: bool
    ask: Ask
    fits: tuple[Fit, ...]

    @property
    def from_home(self) -> tuple[int, int] | None:
        """How many metres east and north of the family's home its nearest told door is, where its distance is told.

        A page draws a map with it, and asks no service of maps where a family lives.
        """
        home = self.ask.home.point
        if self.distance_metres is None or home is None:
            return None
        door = nearest(home, self.candidate.service.listing.told_points)
        return None if door is None else (door.easting - home.easting, door.northing - home.northing)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """In words, and only when they are read: more services are ranked than are shown."""
        return (
            *_found_by(self.ask, self.needs),
            *(fit.reason for fit in self.fits if fit.reason is not None),
            _room_reason(self.candidate.service, self.room),
            _requests_reason(requests=self.takes_requests),
        )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A service that answers the need but cannot help this family, and why."""

    candidate: Candidate
    distance_metres: int | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer: best first, then what was left out, nearest first."""

    matches: tuple[Match, ...]
    left_out: tuple[LeftOut, ...]


def match(ask: Ask, candidates: Iterable[Candidate]) -> Found:
    """Rank the candidates. Order: needs answered, room, requests through the Hub, distance, then name."""
    matches, left_out = [], []
    for candidate in candidates:
        fits = _fits(ask, candidate)
        distance = next((fit.distance_metres for fit in fits if fit.distance_metres is not None), None)
        refused = tuple(fit.reason for fit in fits if not fit.passes and fit.reason is not None)
        if not refused:
            matches.append(_match(ask, candidate, fits, distance))
        elif not candidate.service.listing.sensitive:
            left_out.append(LeftOut(candidate, distance, refused))
    matches.sort(key=_rank)
    left_out.sort(key=lambda each: (_or_far(each.distance_metres), each.candidate.service.listing.name))
    return Found(tuple(matches), tuple(left_out))


def _fits(ask: Ask, candidate: Candidate) -> tuple[Fit, ...]:
    service = candidate.service
    return (
        fit_state(service, candidate.organisation),
        fit_age(service.listing, ask.ages),
        fit_place(service.listing, ask.home, ask.radius_metres),
        fit_day(service, ask.day, ask.now, requests=takes_requests(service, candidate.organisation)),
        *fit_wish(service, ask.wish, ask.now),
    )


def _match(ask: Ask, candidate: Candidate, fits: tuple[Fit, ...], distance: int | None) -> Match:
    service = candidate.service
    answered = tuple(sorted(ask.needs & service.listing.needs))
    has_room = room(service.capacities, sensitive=service.listing.sensitive, now=ask.now)
    requests = takes_requests(service, candidate.organisation)
    return Match(candidate, answered, distance, has_room, requests, ask, fits)


def _rank(each: Match) -> tuple[int, int, int, int, str, str]:
    service = each.candidate.service
    return (
        -len(each.needs),
        _ROOM_ORDER[each.room],
        0 if each.takes_requests else 1,
        _or_far(each.distance_metres),
        service.listing.name.casefold(),
        str(service.id),
    )


def _or_far(metres: int | None) -> int:
    return _FAR if metres is None else metres


def _found_by(ask: Ask, answered: tuple[str, ...]) -> tuple[Reason, ...]:
    needs = ", ".join(code.replace("_", " ") for code in answered)
    by_need = Reason("need", f"Answers {len(answered)} of the {len(ask.needs)} needs asked about: {needs}.")
    by_words = Reason("words", "Its listing holds the words looked for.")
    return ((by_need,) if ask.needs else ()) + ((by_words,) if ask.words else ())


def _requests_reason(*, requests: bool) -> Reason:
    if requests:
        return Reason("takes_requests", "Takes requests through the Hub.")
    return Reason("signpost_only", "Signpost only: tell the family about it; nothing is shared.")


def _room_reason(service: Service, has_room: Room) -> Reason:
    if has_room is Room.NOT_SHOWN:
        return Reason("room_not_shown", "Whether it has room is not shown: ask it.")
    if not service.capacities:
        return Reason("room_not_known", "It has not said whether it has room: ask it.")
    told = _on(max(each.as_of for each in service.capacities).date())
    if has_room is Room.NOT_KNOWN:
        return Reason("room_not_known", f"It last said how much room it has {told}, too long ago: ask it.")
    if has_room is Room.SOME:
        return Reason("room", f"Has room: {_free(service.capacities)}, told {told}.")
    waits = [each.waiting_weeks for each in service.capacities if each.waiting_weeks]
    wait = f"; the wait is about {min(waits)} weeks" if waits else ""
    return Reason("no_room", f"No room when it last said so {told}{wait}.")


def _free(capacities: tuple[Capacity, ...]) -> str:
    free = [each for each in capacities if each.available > 0]
    return ", ".join(f"{each.available} {each.unit}{f' for {each.audience}' if each.audience else ''}" for each in free)


def _on(day: date) -> str:
    return f"on {WEEKDAYS[day.isoweekday() - 1]} {day.day} {day:%B %Y}"
