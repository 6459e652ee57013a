"""What an officer asks of those who have access: trained before they saw anything, and gone when they left."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

SECOND_FACTOR = True
"""Whether signing in asks for a second factor. It does, for everybody: no token exists without one."""
DORMANT_AFTER = timedelta(days=90)
"""After which time without a sign-in an open account is shown as dormant: a quarter."""
_LONGEST = timedelta(days=3 * 366)
CONFIRMED_FOR = timedelta(days=183)
"""For how long a confirmation counts: access is looked at twice a year (ISO/IEC 27002:2022, 5.18)."""
LATE_AFTER = timedelta(days=28)
"""How long after half a year an alarm rises: an officer was written to four times by then."""
REMOVED_WITHIN = timedelta(days=7)
"""How long access that is to be taken away may stay open before an alarm rises."""


class AccessOutcome(StrEnum):
    """What an officer says of somebody's access."""

    KEEP = "keep"
    REMOVE = "remove"
    """An administrator is to take it away; it is shown until that is done."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What was said of an account in an organisation last, and of which roles."""

    outcome: AccessOutcome
    roles: tuple[str, ...]
    reviewed_by: str
    reviewed_at: datetime


class UnfitDay(ValueError):
    """A day that cannot be, with where it was given and a sentence that says why."""

    def __init__(self, pointer: str, sentence: str) -> None:
        super().__init__(sentence)
        self.pointer = pointer
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Training:
    """Training in data protection that a person has completed, and until when it counts."""

    course: str
    completed_on: date
    valid_until: date

    def covers(self, day: date) -> bool:
        """Whether it was in date on that day."""
        return self.completed_on <= day <= self.valid_until


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One account in one organisation, as a review shows it: whose it is, and no address."""

    account_id: UUID
    name: str
    organisation_id: UUID
    roles: tuple[str, ...]
    last_sign_in_at: datetime | None
    disabled_at: datetime | None
    left_on: date | None
    training: Training | None
    """The one that counts longest."""
    untrained_at_last_sign_in: bool
    confirmation: Confirmation | None = None

    @property
    def due_at(self) -> datetime | None:
        """When an officer is to look at it again; None once it is closed. Roles that have changed are due at once."""
        if self.disabled_at is not None:
            return None
        told = self.confirmation
        if told is None or told.outcome is AccessOutcome.REMOVE or set(told.roles) != set(self.roles):
            return datetime.min.replace(tzinfo=UTC)
        return told.reviewed_at + CONFIRMED_FOR

    @property
    def confirmed_until(self) -> datetime | None:
        """Until when a confirmation counts; None where there is none of these roles, and once it is closed."""
        until = self.due_at
        return None if until is None or until == datetime.min.replace(tzinfo=UTC) else until

    def is_due(self, now: datetime) -> bool:
        """Whether somebody has to look now, or to take away what is still open."""
        return self.due_at is not None and self.due_at <= now

    def is_dormant(self, now: datetime) -> bool:
        """Open, and without a sign-in for a quarter, or ever."""
        if self.disabled_at is not None:
            return False
        return self.last_sign_in_at is None or now - self.last_sign_in_at > DORMANT_AFTER

    def is_trained(self, today: date) -> bool:
        """Whether training is in date today."""
        return self.training is not None and self.training.covers(today)

    @property
    def days_open_after_leaving(self) -> int | None:
        """For how many days the account stayed open after its holder had left; None while open, or if nobody said."""
        if self.left_on is None or self.disabled_at is None:
            return None
        return max(0, (self.disabled_at.date() - self.left_on).days)


def training_of(course: str, completed_on: date, valid_until: date | None, today: date) -> Training:
    """Training as it is recorded; where nothing else is said it counts for a year (NHS DSPT asks for it every year).

    Raises UnfitDay for a day that is still to come, or a time of nothing or of more than three years.
    """
    until = valid_until or _a_year_after(completed_on)
    if completed_on > today:
        raise UnfitDay("/completed_on", "Record training that has been completed.")
    if not timedelta(0) < until - completed_on <= _LONGEST:
        raise UnfitDay("/valid_until", "Training counts from its completion, for three years at the most.")
    return Training(course, completed_on, until)


def check_left(left_on: date | None, today: date) -> None:
    """Raises UnfitDay for somebody who has not left yet: an account is disabled now."""
    if left_on is not None and left_on > today:
        raise UnfitDay("/left_on", "Somebody who leaves later keeps the account until then.")


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)
