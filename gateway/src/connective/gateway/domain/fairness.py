"""So many requests of one organisation at a time: beyond, its own wait in line, and nobody else's behind them.

A service shares its processors among the requests it has. Who sends fifty times the usual would have nearly all of
them; so each organisation has a few places inside, and its queue is its own (trust rules, section 5.16).
"""

from collections import deque
from collections.abc import Callable

Begin = Callable[[], None]
"""Called when it is a waiting request's turn."""


class QueueFull(Exception):
    """The organisation has as many requests waiting as it may."""


class Turns:
    """Who is inside and who waits, by organisation."""

    def __init__(self, inside: int, waiting: int) -> None:
        self._most_inside = inside
        self._most_waiting = waiting
        self._inside: dict[object, int] = {}
        self._waiting: dict[object, deque[Begin]] = {}

    def enter(self, organisation: object, begin: Begin) -> bool:
        """Whether the request may go in now; else `begin` is called at its turn. Raises QueueFull."""
        inside = self._inside.get(organisation, 0)
        if inside < self._most_inside:
            self._inside[organisation] = inside + 1
            return True
        line = self._waiting.setdefault(organisation, deque())
        if len(line) >= self._most_waiting:
            raise QueueFull
        line.append(begin)
        return False

    def give_up(self, organisation: object, begin: Begin) -> bool:
        """Take a waiting request out of the line; False when it was its turn already, so that it must leave."""
        line = self._waiting.get(organisation)
        if line is None or begin not in line:
            return False
        line.remove(begin)
        if not line:
            del self._waiting[organisation]
        return True

    def leave(self, organisation: object) -> None:
        """One came out: the next of the same organisation goes in."""
        line = self._waiting.get(organisation)
        if line is not None:
            begin = line.popleft()
            if not line:
                del self._waiting[organisation]
            begin()
            return
        inside = self._inside[organisation] - 1
        if inside:
            self._inside[organisation] = inside
        else:
            del self._inside[organisation]
