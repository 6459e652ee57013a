"""How many different people one account or system may be shown in a day, by any service (trust rules, section 5.11).

Nobody works with a thousand families in a day: who is shown so many copies the place. A search, a list, a record and a
request count alike; the same person counts once. A system works for many people, and has a budget of its own. Days are
the place's own, so a night shift begins anew at midnight.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

PEOPLE_A_DAY = 1_000
PEOPLE_A_DAY_OF_SYSTEMS = 5_000
KEPT = timedelta(days=2)
_HERE = ZoneInfo("Europe/London")
_OF_PEOPLE = frozenset({"families", "referrals"})
_READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Look:
    """Whom somebody was shown, by ids alone."""

    actor_id: UUID
    """An account, or a system."""
    day: date
    subjects: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Budget:
    """How many different people may be shown in a day."""

    of_people: int = PEOPLE_A_DAY
    of_systems: int = PEOPLE_A_DAY_OF_SYSTEMS


@dataclass(slots=True)
class Spent:
    """Whose day is spent, as this process knows it."""

    actors: frozenset[str] = field(default_factory=frozenset)

    def refuses(self, service: str, method: str, raw_path: bytes, subject: str) -> bool:
        """Whether it would show somebody one more person. What is done for a family goes on: help is not held up."""
        if subject not in self.actors or service not in _OF_PEOPLE:
            return False
        return method in _READING or raw_path.endswith(b"/searches")


def day_of(moment: datetime) -> date:
    """The day it is in the place."""
    return moment.astimezone(_HERE).date()


def seconds_left(now: datetime) -> int:
    """How long until the next day begins there."""
    local = now.astimezone(_HERE)
    midnight = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), _HERE)
    return max(1, int((midnight - now).total_seconds()))


def read_look(data: Mapping[str, Any], at: datetime) -> Look | None:
    """What an audited act showed somebody; None where nobody in particular was shown, or a service acted by itself.

    A family counts as one where an act names nobody in it, and so do a request and each family of a list.
    """
    try:
        actor_id = UUID(str(data.get("actor_id")))
    except ValueError:
        return None
    named = data.get("person_ids") or data.get("family_ids") or [data.get("family_id") or data.get("request_id")]
    subjects = tuple(dict.fromkeys(UUID(str(each)) for each in named if each))
    return Look(actor_id, day_of(at), subjects) if subjects else None
