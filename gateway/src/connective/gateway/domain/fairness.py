"""So many requests of one organisation at a time: beyond, its own wait in line, and nobody else's behind them.

A service shares its processors among the requests it has. Who sends fifty times the usual would have nearly all of
them; so each organisation has a few places inside, and its queue is its own (trust rules, section 5.16). Who is alone
may have many places; beside others only so many as keep two processors busy, because each further one of theirs is
what the others' requests wait for, while it brings its owner nothing.

What is inside for long (an export, an answer of megabytes) mostly waits for something else than a processor, so it
does not count among the few: nobody's short requests wait for their colleague's long one.
"""

from collections import deque
from collections.abc import Callable

Begin = Callable[[], None]
"""Called when it is a waiting request's turn; it also stands for the request while that is inside."""
COMPANY_SECONDS = 10.0
"""How long after another organisation's request one counts as being beside others."""
LONG_SECONDS = 1.0
"""From when on a request inside counts as a long one."""


class QueueFull(Exception):
    """The organisation has as many requests waiting as it may."""


class Turns:
    """Who is inside and who waits, by organisation. Moments are seconds of any steady clock."""

    def __init__(self, inside: int, waiting: int, beside: int | None = None) -> None:
        self._most_inside = inside
        self._most_beside = min(inside, beside or inside)
        self._most_waiting = waiting
        self._inside: dict[object, dict[Begin, float]] = {}
        self._waiting: dict[object, deque[Begin]] = {}
        self._latest: tuple[object, float] = (None, float("-inf"))
        self._before: tuple[object, float] = self._latest
        """The latest asker, and the latest that is another than that one."""

    def enter(self, organisation: object, begin: Begin, now: float) -> bool:
        """Whether the request may go in now; else `begin` is called at its turn. Raises QueueFull."""
        if self._latest[0] != organisation:
            self._before = self._latest
        self._latest = (organisation, now)
        line = self._waiting.get(organisation)
        if line is None and self._has_place(organisation, now):
            self._inside.setdefault(organisation, {})[begin] = now
            return True
        if line is None:
            line = self._waiting[organisation] = deque()
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

    def leave(self, organisation: object, begin: Begin, now: float) -> None:
        """One came out: the next of the same organisation goes in."""
        inside = self._inside[organisation]
        del inside[begin]
        if organisation in self._waiting:
            self.look(organisation, now)
        if not inside:
            del self._inside[organisation]

    def look(self, organisation: object, now: float) -> None:
        """Let in who may go in by now: places are found also when the others have gone, or one inside takes long."""
        line = self._waiting.get(organisation)
        while line and self._has_place(organisation, now):
            begin = line.popleft()
            self._inside.setdefault(organisation, {})[begin] = now
            begin()
        if line is not None and not line:
            self._waiting.pop(organisation, None)

    def _has_place(self, organisation: object, now: float) -> bool:
        inside = self._inside.get(organisation)
        if inside is None or len(inside) < self._most_beside:
            return True
        if len(inside) >= self._most_inside:
            return False
        other = self._before if self._latest[0] == organisation else self._latest
        if now - other[1] > COMPANY_SECONDS:
            return True
        return sum(now - since < LONG_SECONDS for since in inside.values()) < self._most_beside
