"""Where services lie from a family's home, as a drawing of our own: no map is asked of anybody, and no door is told."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from connective.contracts.distances import METRES_IN_A_MILE

WIDTH, HEIGHT = 640, 440
_RADIUS = 190
_PIN = 15
_RINGS = tuple(miles * METRES_IN_A_MILE / 1000 for miles in (0.25, 0.5, 1, 2, 3, 5, 10, 20, 30))
"""In kilometres, as the directory tells them."""
_RING_GAP = 30
"""Between two circles, so that the words on them do not meet."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A service that is drawn: its number in the list, and how far east and north of home it lies."""

    number: int
    east_km: float
    north_km: float


@dataclass(frozen=True, slots=True)
class Pin:
    """A numbered mark."""

    number: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle about home at one distance."""

    radius: int
    words: str


@dataclass(frozen=True, slots=True)
class ServiceMap:
    """The drawing, in units of its own view box; home stands in the middle."""

    pins: list[Pin]
    rings: list[Ring]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def centre(self) -> tuple[int, int]:
        """Where home is."""
        return WIDTH // 2, HEIGHT // 2


def draw_map(placed: Sequence[Placed]) -> ServiceMap | None:
    """Place the services about home; None where of none is told where it lies."""
    if not placed:
        return None
    farthest = max(math.hypot(each.east_km, each.north_km) for each in placed)
    reach = next((ring for ring in _RINGS if ring >= farthest), max(farthest, _RINGS[-1]))
    pins: list[Pin] = []
    for each in placed:
        away = math.hypot(each.east_km, each.north_km)
        drawn = _drawn(away, reach) / away if away else 0
        x, y = WIDTH / 2 + each.east_km * drawn, HEIGHT / 2 - each.north_km * drawn
        pins.append(Pin(each.number, *_free(pins, x, y)))
    return ServiceMap(pins, _rings(reach))


def _drawn(away: float, reach: float) -> float:
    """How far from the middle a distance is drawn: by its root, so that what is near is not heaped upon home."""
    return _RADIUS * math.sqrt(away / reach)


def _rings(reach: float) -> list[Ring]:
    """The outermost circle, and inwards those for which there is room."""
    rings = [Ring(_RADIUS, _words(reach))]
    for ring in reversed(_RINGS):
        radius = round(_drawn(ring, reach))
        if radius <= rings[-1].radius - _RING_GAP and radius >= _RING_GAP:
            rings.append(Ring(radius, _words(ring)))
    return rings


def _words(ring: float) -> str:
    miles = round(ring * 1000 / METRES_IN_A_MILE, 2)
    return f"{miles:g} mile{'' if miles <= 1 else 's'}"


def _free(taken: Sequence[Pin], x: float, y: float) -> tuple[int, int]:
    """The nearest spot on a spiral about the true one where no other mark stands, nor home itself."""
    others = [(pin.x, pin.y) for pin in taken] + [(WIDTH // 2, HEIGHT // 2)]
    for turn in range(200):
        away = turn * 2.5
        at_x, at_y = x + away * math.cos(turn * 0.8), y + away * math.sin(turn * 0.8)
        at_x, at_y = min(max(at_x, _PIN), WIDTH - _PIN), min(max(at_y, _PIN), HEIGHT - _PIN)
        if all(math.hypot(at_x - ox, at_y - oy) >= 2 * _PIN for ox, oy in others):
            break
    return round(at_x), round(at_y)
