"""What goes well for one person: a code of the place's list, said by whom, from when until when.

The counterpart of a need. It has no severity: nobody's strengths are measured.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from connective.contracts.categories import Category
from connective.contracts.needs import NeedsList
from connective.families.domain.dates import Period
from connective.families.domain.needs import Source
from connective.families.domain.refusals import BadStrength


@dataclass(frozen=True, slots=True)
class PersonStrength:
    """One strength of one person."""

    id: UUID
    person_id: UUID
    code: str
    source: Source
    period: Period


def check_strength(code: str, known: NeedsList) -> str:
    """The code, if the list knows it. Raises BadStrength."""
    if code not in known.strengths:
        raise BadStrength(known.no_such_strength, "code")
    return code


def shareable_strengths(
    strengths: Iterable[PersonStrength], permitted: frozenset[Category], known: NeedsList, day: date
) -> list[str]:
    """The codes a recipient may see on a day, each by the rule of needs: only if *all* that it reveals is permitted."""
    return sorted(
        {
            each.code
            for each in strengths
            if each.period.holds_on(day)
            and each.code in known.strengths
            and known.strengths[each.code].reveals <= permitted
        }
    )
