"""What people ask about their data, or the public about ours, and how long the law gives to answer.

One request may concern several controllers: each answers for its own, and one that they agreed on is the contact
(UK GDPR Article 26). The clocks: a right is answered within one month, which may be extended by two for a complex
request, and stands still while identity or, for access, clarification is awaited (Articles 12 and 12A); a
data-protection complaint is acknowledged within 30 days and answered without undue delay (Data Protection Act 2018
s164A); a freedom-of-information request within twenty working days (Freedom of Information Act 2000 s10).
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from connective.consent.domain.refusals import NotNow, Unacceptable

ACKNOWLEDGE_WITHIN = timedelta(days=30)
MOST_EXTENDED_MONTHS = 2
FREEDOM_OF_INFORMATION_WORKING_DAYS = 20
IsHoliday = Callable[[date], bool]


class RequestKind(StrEnum):
    """What is asked."""

    ACCESS = "access"
    COMPLAINT = "complaint"
    ERASURE = "erasure"
    FREEDOM_OF_INFORMATION = "freedom_of_information"
    OBJECTION = "objection"
    RECTIFICATION = "rectification"
    RESTRICTION = "restriction"


_RIGHTS = frozenset(RequestKind) - {RequestKind.COMPLAINT, RequestKind.FREEDOM_OF_INFORMATION}


class PauseReason(StrEnum):
    """What is awaited from the person, while the clock stands still."""

    CLARIFICATION = "clarification"
    IDENTITY = "identity"


class RequestStanding(StrEnum):
    """Where a request stands."""

    ANSWERED = "answered"
    OUTSTANDING = "outstanding"
    OVERDUE = "overdue"
    """Outstanding, and past the day by which it is to be acknowledged or answered."""


class RequestOutcome(StrEnum):
    """How one controller answered for what it holds."""

    DONE = "done"
    NOT_HELD = "not_held"
    PARTLY = "partly"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RequestClock:
    """What the clock of one request rests on."""

    kind: RequestKind
    received_on: date
    acknowledged_on: date | None = None
    extended_months: int = 0
    extension_reason: str = ""
    paused_since: date | None = None
    pause_reason: PauseReason | None = None
    paused_days: int = 0
    closed: bool = False

    @property
    def acknowledge_by(self) -> date | None:
        """Until when a complaint is acknowledged; nothing else has this clock."""
        return self.received_on + ACKNOWLEDGE_WITHIN if self.kind is RequestKind.COMPLAINT else None

    def due_on(self, is_holiday: IsHoliday) -> date | None:
        """The last day for the answer; None for a complaint, which is answered without undue delay."""
        if self.kind is RequestKind.COMPLAINT:
            return None
        if self.kind is RequestKind.FREEDOM_OF_INFORMATION:
            return _working_days_after(self.received_on, FREEDOM_OF_INFORMATION_WORKING_DAYS, is_holiday)
        last = months_after(self.received_on, 1 + self.extended_months) + timedelta(days=self.paused_days)
        while _is_closed(last, is_holiday):
            last += timedelta(days=1)
        return last


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has none such (Commissioner's guidance)."""
    at = day.month - 1 + months
    year, month = day.year + at // 12, at % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def standing_of(clock: RequestClock, today: date, is_holiday: IsHoliday) -> RequestStanding:
    """Where the request stands today; one that waits for the person is not overdue."""
    if clock.closed:
        return RequestStanding.ANSWERED
    due, acknowledge_by = clock.due_on(is_holiday), clock.acknowledge_by
    unacknowledged = acknowledge_by is not None and clock.acknowledged_on is None and acknowledge_by < today
    unanswered = due is not None and clock.paused_since is None and due < today
    return RequestStanding.OVERDUE if unacknowledged or unanswered else RequestStanding.OUTSTANDING


def acknowledged(clock: RequestClock, today: date) -> RequestClock:
    """The clock once the person was told that the request has come. Raises NotNow the second time."""
    _check_open(clock)
    if clock.acknowledged_on is not None:
        raise NotNow("already_acknowledged", "This request has been acknowledged already.")
    return replace(clock, acknowledged_on=today)


def paused(clock: RequestClock, reason: PauseReason, today: date) -> RequestClock:
    """The clock stopped until the person answers. Raises NotNow, Unacceptable where the law does not stop it."""
    _check_open(clock)
    if clock.paused_since is not None:
        raise NotNow("already_paused", "The clock stands still already.", ("resume",))
    if clock.kind not in _RIGHTS:
        raise Unacceptable("clock_runs_on", "The clock of this kind of request does not stand still.", "/reason")
    if reason is PauseReason.CLARIFICATION and clock.kind is not RequestKind.ACCESS:
        sentence = "Only a request for access waits for clarification (UK GDPR Article 12A)."
        raise Unacceptable("access_only", sentence, "/reason")
    return replace(clock, paused_since=today, pause_reason=reason)


def resumed(clock: RequestClock, today: date) -> RequestClock:
    """The clock running again: the days it stood still are added. Raises NotNow when it does run."""
    _check_open(clock)
    if clock.paused_since is None:
        raise NotNow("not_paused", "The clock runs.", ("pause",))
    stood = clock.paused_days + (today - clock.paused_since).days
    return replace(clock, paused_since=None, pause_reason=None, paused_days=stood)


def extended(clock: RequestClock, months: int, reason: str, today: date, is_holiday: IsHoliday) -> RequestClock:
    """The clock with up to two months more; the person is told why within the first month. Raises Unacceptable."""
    _check_open(clock)
    if clock.kind not in _RIGHTS:
        raise Unacceptable("not_extendable", "This kind of request cannot be extended.", "/months")
    if clock.extended_months + months > MOST_EXTENDED_MONTHS:
        raise Unacceptable("two_months_at_most", "A request is extended by two months at the most.", "/months")
    due = clock.due_on(is_holiday)
    if due is not None and due < today:
        raise NotNow("past_due", "The time has run out: it can no longer be extended.")
    return replace(clock, extended_months=clock.extended_months + months, extension_reason=reason)


def check_answer(clock: RequestClock, outcome: RequestOutcome, note: str) -> None:
    """May it be answered so? Raises NotNow once it is closed, Unacceptable for a refusal without its ground."""
    _check_open(clock)
    if outcome in {RequestOutcome.REFUSED, RequestOutcome.PARTLY} and not note:
        raise Unacceptable("ground_needed", "Name the exemption or ground for what is withheld.", "/note")


def check_answered_here(origin: str | None) -> None:
    """May an officer answer it in the register? Raises NotNow where deciding the record it came from answers it."""
    if origin is not None:
        raise NotNow("answered_elsewhere", f"It came in as {origin}: decide that record, and this is answered with it.")


def _check_open(clock: RequestClock) -> None:
    if clock.closed:
        raise NotNow("answered", "Every controller has answered this request.")


def _is_closed(day: date, is_holiday: IsHoliday) -> bool:
    return day.weekday() >= 5 or is_holiday(day)


def _working_days_after(day: date, count: int, is_holiday: IsHoliday) -> date:
    for _ in range(count):
        day += timedelta(days=1)
        while _is_closed(day, is_holiday):
            day += timedelta(days=1)
    return day
