"""The cases of an organisation, a page at a time: what is to be looked at next comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.families.domain.cases import Case, CaseState
from connective.families.storage.cases import CASE_COLUMNS, case_of
from connective.families.storage.seeing import KEPT, asker
from connective.families.storage.stored_only import NAME
from connective.kit.actor import Actor
from connective.kit.database import fetch

_DUE = "coalesce(c.review_on, 'infinity'::date)"
_OVERDUE = "(c.state <> 'closed' AND c.review_on IS NOT NULL AND c.review_on < $7)"
_CASES = f"""
SELECT {CASE_COLUMNS}, {NAME} AS family_name
FROM help_case c JOIN family f ON f.id = c.family_id
WHERE {KEPT} AND c.place_id = $1 AND c.organisation_id = $2
  AND ({_DUE}, c.id) > ($4::date, $5::uuid)
  AND ($6::text[] = '{{}}' OR c.state = ANY ($6))
  AND ($8::boolean IS NULL OR {_OVERDUE} = $8)
  AND ($9::date IS NULL OR c.review_on < $9)
  AND ($10::text IS NULL OR c.lead_practitioner = $10)
  AND ($11::uuid IS NULL OR c.family_id = $11)
ORDER BY {_DUE}, c.id LIMIT $12
"""  # noqa: S608 - constants only; values go as parameters
Position = tuple[date, UUID]
"""The day of review of the last case shown, the last of all days where there is none, and the case."""
START: Position = (date.min, UUID(int=0))


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases are wanted; what is not set leaves all."""

    today: date
    states: frozenset[CaseState] = frozenset()
    review_overdue: bool | None = None
    review_before: date | None = None
    lead_practitioner: str | None = None
    family_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case, and what its family is called."""

    case: Case
    family_name: str | None
    """None where everybody in it is stored only (UK GDPR Article 18)."""

    @property
    def position(self) -> Position:
        """Where the list goes on after this one."""
        return (self.case.review_on or date.max, self.case.id)


async def cases_kept(
    connection: AsyncConnection, actor: Actor, wanted: CaseFilter, after: Position, limit: int
) -> Sequence[ListedCase]:
    """Cases of families that the actor's organisation keeps and that nothing shuts the actor out of."""
    values = (
        *asker(actor),
        *after,
        sorted(wanted.states),
        wanted.today,
        wanted.review_overdue,
        wanted.review_before,
        wanted.lead_practitioner,
        wanted.family_id,
        limit,
    )
    return [ListedCase(case_of(row), row.family_name) for row in await fetch(connection, _CASES, values)]
