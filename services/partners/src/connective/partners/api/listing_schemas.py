"""What is taken and given of watched, reported and stale listings."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from connective.partners.api.parts import Body
from connective.partners.domain.reports import Answered, Wrong

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class ReportBody(Body):
    """What is wrong with a listing. The words are about the listing, never about a family."""

    wrong: Annotated[list[Wrong], Field(min_length=1, max_length=9)]
    words: Words | None = None


class AnswerBody(Body):
    """How a report is answered."""

    answer: Answered
    words: Words | None = None


class ReportOut(BaseModel):
    """One report, as its maker and those who answer for the listing see it."""

    id: UUID
    service_id: UUID
    organisation_id: UUID | None
    """Whose listing it is; null for an imported one, which the place's coordinators answer for."""
    wrong: list[Wrong]
    words: str | None
    reporter_organisation_id: UUID
    reported_at: datetime
    answer: Answered | None
    """Null while it is open."""
    answer_words: str | None
    answered_at: datetime | None
    version: int


class WatchedOut(BaseModel):
    """A listing that the asker watches."""

    service_id: UUID
    name: str
    organisation_name: str
    since: datetime
    version: int
    news: int
    """How many notices there are that you have not seen; watching it again says that you have."""
    last_news: str | None
    """Why the last of them was left: `changed`, `reported`, `answered`, `report_overdue` or `stale`."""


class StaleOut(BaseModel):
    """A listing that nobody has checked for longer than the place allows."""

    service_id: UUID
    name: str
    organisation_id: UUID
    organisation_name: str
    source: str | None
    checked_on: date
