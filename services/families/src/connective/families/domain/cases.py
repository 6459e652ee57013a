"""One episode of early help for a family, who leads it, and which organisations are on the team around the family."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from connective.families.domain.dates import Period


class CaseState(StrEnum):
    """Where an episode of help stands."""

    CLOSED = "closed"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Case:
    """One episode of early help."""

    id: UUID
    family_id: UUID
    state: CaseState
    lead_practitioner: str
    opened_on: date
    closed_on: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class TeamMember:
    """An organisation on the team. Being on it is not permission: each read of the family's data takes a decision."""

    case_id: UUID
    family_id: UUID
    organisation_id: UUID
    period: Period
