"""What makes life hard for one person: a code of the place's list, how severe, said by whom, from when until when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from connective.contracts.categories import Category
from connective.contracts.needs import NeedsList
from connective.families.domain.dates import Period
from connective.families.domain.refusals import BadNeed

MOST_SEVERE = 4
"""0 none any more, 1 slight, 2 moderate, 3 serious, 4 severe."""


class Source(StrEnum):
    """Who says so."""

    CHILD = "child"
    FAMILY = "family"
    PARTNER = "partner"
    RECORD = "record"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class PersonNeed:
    """One need of one person."""

    id: UUID
    person_id: UUID
    code: str
    severity: int
    source: Source
    period: Period


def check_need(code: str, severity: int, known: NeedsList) -> str:
    """The code, if the list knows it and the severity is on its scale."""
    if code not in known.needs:
        raise BadNeed("This code is not on the needs list.", "code")
    if not 0 <= severity <= MOST_SEVERE:
        raise BadNeed(f"Severity runs from 0 to {MOST_SEVERE}.", "severity")
    return code


def prompts_safeguarding(code: str, known: NeedsList) -> bool:
    """Whether recording it must ask the worker the safeguarding question (the Hub is not where harm is reported)."""
    return known.needs[code].prompts_safeguarding


def shareable_needs(
    needs: Iterable[PersonNeed], permitted: frozenset[Category], known: NeedsList, day: date
) -> list[str]:
    """The codes a recipient may see on a day: each only if *all* that it reveals is permitted for the person.

    A code the list no longer knows reveals nobody knows what, so it stays.
    """
    return sorted(
        {
            need.code
            for need in needs
            if need.period.holds_on(day) and need.code in known.needs and known.needs[need.code].reveals <= permitted
        }
    )
