"""A hub's board: what its members offer and where there is no room. Counts of services; nothing of any family."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from connective.partners.domain.capacity import Capacity, Room, room


@dataclass(frozen=True, slots=True)
class Offer:
    """What the board counts of one service."""

    kind: str
    sensitive: bool
    takes_requests: bool
    capacities: tuple[Capacity, ...]


@dataclass(frozen=True, slots=True)
class Supply:
    """What there is of one kind of service in a hub."""

    kind: str
    services: int
    taking_requests: int
    with_room: int
    full: int
    not_known: int
    """They told nothing lately, or are sensitive and tell nobody."""

    @property
    def is_gap(self) -> bool:
        """Whether nobody of this kind is known to have room."""
        return self.with_room == 0


def supplies(offers: Iterable[Offer], now: datetime) -> tuple[Supply, ...]:
    """What there is of each kind, by its code."""
    by_kind: defaultdict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        by_kind[offer.kind].append(offer)
    return tuple(_supply(kind, several, now) for kind, several in sorted(by_kind.items()))


def _supply(kind: str, offers: list[Offer], now: datetime) -> Supply:
    rooms = [room(each.capacities, sensitive=each.sensitive, now=now) for each in offers]
    with_room, full = rooms.count(Room.SOME), rooms.count(Room.NONE)
    taking = sum(each.takes_requests for each in offers)
    return Supply(kind, len(offers), taking, with_room, full, len(offers) - with_room - full)
