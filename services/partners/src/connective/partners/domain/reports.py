"""A listing reported wrong: what is wrong by codes, who is asked to put it right, and how it was answered."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from connective.partners.domain.organisations import Organisation
from connective.partners.domain.services import Listing

ANSWERED_WITHIN = timedelta(days=7)
"""How long a report may wait before it is chased: the place's coordinators, who may answer any, are told of it too."""


class Wrong(StrEnum):
    """What of a listing is wrong."""

    ADDRESS = "address"
    AGES = "ages"
    AREA = "area"
    CONTACT = "contact"
    COST = "cost"
    HOURS = "hours"
    NOT_THERE = "not_there"
    """It has ended, or never was."""
    OTHER = "other"
    ROOM = "room"


class Answered(StrEnum):
    """What came of a report."""

    CORRECTED = "corrected"
    NOTHING_WRONG = "nothing_wrong"
    WITHDRAWN = "withdrawn"
    """The service was taken out of the directory."""


@dataclass(frozen=True, slots=True)
class Report:
    """One report; it stays open until somebody answers it."""

    id: UUID
    place_id: UUID
    service_id: UUID
    organisation_id: UUID | None
    """Whose listing it is; None for an imported one, which the place's coordinators answer for."""
    wrong: frozenset[Wrong]
    words: str | None
    reporter_id: UUID
    reporter_organisation_id: UUID
    reported_at: datetime
    version: int = 1
    answer: Answered | None = None
    answer_words: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.answer is None


def addressee(organisation: Organisation) -> UUID | None:
    """Who puts the listing right: its own organisation where that has joined, else the coordinators."""
    return organisation.id if organisation.is_member else None


def answered(report: Report, answer: Answered, words: str | None, by: str, at: datetime) -> Report:
    """The report with its answer. Ask `is_open` first."""
    return replace(
        report, answer=answer, answer_words=words, answered_by=by, answered_at=at, version=report.version + 1
    )


def checked_on(listing: Listing, changed_at: datetime) -> date:
    """The day somebody last looked at the listing: when it was assured, else when it was last changed."""
    return listing.assured_on or changed_at.date()


def stale_before(today: date, within_days: int) -> date:
    """Listings that were last checked before this day are stale by the place's rule."""
    return today - timedelta(days=within_days)
