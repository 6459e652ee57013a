"""How records come to the end of their time, between the service that keeps the schedule and those that keep records.

Consent keeps the schedule and counts; families say which records lie wholly before the days that consent names, and
referrals which of these are still worked on. So nobody's birth date leaves families, and one service alone knows how
long anything is kept.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from connective.contracts.sharing import Wire

MOST_FAMILIES = 500
"""How many families one question may name, or one answer hold."""


class Trigger(StrEnum):
    """From which day a record's time is counted."""

    AGREEMENT_ENDED = "agreement_ended"
    """The last day of an agreement, or the day it was terminated."""
    CASE_CLOSED = "case_closed"
    """The day the family's last case was closed."""
    LAST_ACTIVITY = "last_activity"
    """The last day on which anything happened to the family's record: registered, changed, referred, answered."""
    YOUNGEST_BORN = "youngest_born"
    """The birth of the youngest person of the family."""


class Cutoff(Wire):
    """The latest day from which the time counted has run out by the day that is asked about."""

    trigger: Trigger
    day: date


class RuleAsked(Wire):
    """One rule of the schedule about families' records; a record falls under it when every trigger's day is past."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,59}$")]
    with_case: bool
    """Whether the rule is about families that ever had a case, or about those that never had."""
    cutoffs: Annotated[tuple[Cutoff, ...], Field(min_length=1, max_length=4)]


class DueAsked(Wire):
    """`POST /internal/retention/due` of families: which records of these organisations have come to their end?

    With `family_ids`, how these families stand now, due or not; else a page of the families after `after`.
    """

    place_id: UUID
    organisation_ids: Annotated[tuple[UUID, ...], Field(max_length=2000)]
    rules: Annotated[tuple[RuleAsked, ...], Field(max_length=10)]
    family_ids: Annotated[tuple[UUID, ...], Field(max_length=MOST_FAMILIES)] | None = None
    after: UUID | None = None


class DueFamily(Wire):
    """One family's record: under which rule it has come to its end, and what stands against erasing it."""

    family_id: UUID
    version: int
    person_ids: tuple[UUID, ...]
    rule: str | None
    """The key of the rule; None where none is due."""
    open_case: bool
    birth_unknown: bool
    """Nobody knows how old the youngest is, so nobody can say that the time is over."""


class DueAnswered(Wire):
    """The families found; `after` where the next page begins, None at the end."""

    items: tuple[DueFamily, ...]
    after: UUID | None = None


class OpenAsked(Wire):
    """`POST /internal/retention/open` of referrals: which of these families have requests that are still open?"""

    place_id: UUID
    family_ids: Annotated[tuple[UUID, ...], Field(max_length=MOST_FAMILIES)]


class OpenAnswered(Wire):
    """Those that have."""

    family_ids: tuple[UUID, ...]


class PersonAsked(Wire):
    """`POST /internal/retention/person` of each keeper: what erasing this one person would do, without doing it."""

    place_id: UUID
    organisation_ids: Annotated[tuple[UUID, ...], Field(max_length=2000)]
    family_id: UUID
    person_id: UUID


class PeopleAsked(Wire):
    """The same question to a service that knows a person by ids alone: all that are theirs, and their families."""

    place_id: UUID
    family_ids: Annotated[tuple[UUID, ...], Field(max_length=MOST_FAMILIES)]
    person_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_FAMILIES)]


class FamilyAsked(Wire):
    """`POST /internal/retention/family` of families: what erasing this whole record would do, without doing it."""

    place_id: UUID
    organisation_ids: Annotated[tuple[UUID, ...], Field(max_length=2000)]
    family_id: UUID


class FamilyPeopleAsked(Wire):
    """The same question to a service that knows a family by ids alone: its own, and of the people who go with it."""

    place_id: UUID
    family_id: UUID
    person_ids: Annotated[tuple[UUID, ...], Field(max_length=MOST_FAMILIES)]


class PersonStands(Wire):
    """What a service keeps of one person, or of a whole family: what stands against erasing it, and what would go.

    The figures are counted by erasing and taking it back, so that they cannot differ from what erasing does.
    """

    version: int | None = None
    """The version of the family's record, of families alone; None where it does not keep it, or them in it."""
    person_ids: tuple[UUID, ...] = ()
    """All ids that would go, of records merged into theirs too; of families alone."""
    family_ids: tuple[UUID, ...] = ()
    """All families they are in, which stay; none of a whole family's. Of families alone."""
    against: tuple[str, ...] = ()
    removed: int = 0
    kept: int = 0
    """Rows that would stay, about nobody any more."""
