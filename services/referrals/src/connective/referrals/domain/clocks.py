"""When something is due, by whom, and what happens when it is not done (domain rules, section 4, "Clocks", "Today").

Working days are Monday to Friday without England's bank holidays, counted in Europe/London; a day given as a limit
ends at its local midnight. Every function takes instants as aware datetimes and answers in UTC.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from connective.contracts.bank_holidays import is_bank_holiday
from connective.contracts.sharing import SameDay
from connective.referrals.domain.request import Promise, Request
from connective.referrals.domain.states import RULES, Action, Party, State

LONDON = ZoneInfo("Europe/London")
DAYS_TO_TELL_THE_FAMILY = 2
WORKING_DAYS_TO_SEND = 5
WORKING_DAYS_TO_ANSWER = 5
WORKING_DAYS_ON_HOLD = 5
CHECK_EVERY = timedelta(weeks=12)
WORKING_DAYS_TO_COORDINATOR = 2
WORKING_DAYS_TO_LAPSE = 5
_SEARCH_DAYS = 8
"""A session on some weekday comes round within a week; one day more covers today's session being over."""


@lru_cache(maxsize=4096)
def local_day(at: datetime) -> date:
    """The day it is in the place; kept, because every request of a referral asks it of the same instants."""
    return at.astimezone(LONDON).date()


@lru_cache(maxsize=4096)
def end_of(day: date) -> datetime:
    """The instant a local day ends."""
    return datetime.combine(day + timedelta(days=1), time(0), LONDON).astimezone(UTC)


def is_working_day(day: date) -> bool:
    """Whether offices in England are open."""
    return day.isoweekday() <= 5 and not is_bank_holiday(day)


@lru_cache(maxsize=4096)
def working_days_after(day: date, count: int) -> date:
    """The working day that comes `count` working days after this day, which itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


@lru_cache(maxsize=4096)
def within(at: datetime, working_days: int) -> datetime:
    """The end of the last of so many working days after an instant."""
    return end_of(working_days_after(local_day(at), working_days))


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed next on an open request: which clock, whose turn, until when."""

    clock: str
    owner: Party
    at: datetime


@dataclass(frozen=True, slots=True)
class _Clock:
    """The clock of one state: its name, whose turn it is, and when it ends.

    `ends` is given when the request came into the state, when it was sent, and what the service promised then.
    """

    name: str
    owner: Party
    ends: Callable[[datetime, datetime, Promise], datetime]


_TO_SEND = _Clock("send_by", Party.REFERRER, lambda since, _, __: within(since, WORKING_DAYS_TO_SEND))
_CLOCKS = {
    State.DRAFT: _TO_SEND,
    State.BLOCKED: _TO_SEND,
    State.SUBMITTED: _Clock(
        "acknowledge_by", Party.RECIPIENT, lambda _, sent, promise: within(sent, promise.acknowledge_within_days)
    ),
    State.RECEIVED: _Clock(
        "decide_by", Party.RECIPIENT, lambda _, sent, promise: within(sent, promise.decide_within_days)
    ),
    State.INFORMATION_REQUESTED: _Clock(
        "answer_by", Party.REFERRER, lambda since, _, __: within(since, WORKING_DAYS_TO_ANSWER)
    ),
    State.WAITLISTED: _Clock("waiting_check", Party.REFERRER, lambda since, _, __: since + CHECK_EVERY),
    State.ACCEPTED: _Clock(
        "start_by", Party.RECIPIENT, lambda since, _, promise: within(since, promise.decide_within_days)
    ),
    State.IN_PROGRESS: _Clock("progress_check", Party.RECIPIENT, lambda since, _, __: since + CHECK_EVERY),
}


QUIET = "referrer_decides"
"""Why a request is held whose family must not be prompted. Recipients see it, so it says nothing of what happened."""


def is_quiet(request: Request) -> bool:
    """Whether a request waits for its referrer in silence: after a death or a loss nobody is reminded of anything.

    It is shown to the referrer with a date, and waits beyond it: a reminder is what must not be sent.
    """
    return request.hold is not None and QUIET in request.hold.reasons


def due(request: Request) -> Due | None:
    """What is owed next; None once the request is final. Every open request has an owner and a time."""
    since, promise = request.since, request.promise
    if request.state is State.ON_HOLD:
        if request.pause is not None and request.hold is None:
            return Due("pause_review", Party.RECIPIENT, end_of(request.pause.review_on))
        if is_quiet(request):
            return Due("referrer_decides", Party.REFERRER, within(since, WORKING_DAYS_ON_HOLD))
        return Due("hold_review", Party.COORDINATOR, within(since, WORKING_DAYS_ON_HOLD))
    clock = _CLOCKS.get(request.state)
    if clock is None:
        return None
    sent = request.submitted_at or since
    return Due(clock.name, clock.owner, clock.ends(since, sent, promise))


@dataclass(frozen=True, slots=True)
class Step:
    """One step of escalation: at this instant, this happens because of this clock."""

    at: datetime
    kind: str
    """`half_way`, `reminder`, `coordinator` or `lapse`."""
    clock: str


_UNDECIDED = frozenset({State.SUBMITTED, State.RECEIVED, State.INFORMATION_REQUESTED})


def half_way(start: datetime, end: datetime) -> datetime:
    """The middle between two instants: the alarm for a request that is needed by its end."""
    return start + (end - start) / 2


def _ordinary_steps(request: Request) -> list[Step]:
    owed = due(request)
    if owed is None or is_quiet(request):
        return []
    coordinator = within(owed.at - timedelta(seconds=1), WORKING_DAYS_TO_COORDINATOR)
    steps = [Step(owed.at, "reminder", owed.clock), Step(coordinator, "coordinator", owed.clock)]
    if request.state in RULES[Action.LAPSE].sources:
        last = within(coordinator - timedelta(seconds=1), WORKING_DAYS_TO_LAPSE)
        steps.append(Step(last, "lapse", owed.clock))
    return steps


def steps(request: Request) -> tuple[Step, ...]:
    """All steps of escalation of the request's present state, in time order.

    A request with `needed_by` that nobody decided lapses then, not days later; unacknowledged by half-way it alarms.
    """
    ordinary = _ordinary_steps(request)
    if request.needed_by is None or request.state not in _UNDECIDED:
        return tuple(ordinary)
    before = [step for step in ordinary if step.at < request.needed_by and step.kind != "lapse"]
    if request.state is State.SUBMITTED and request.submitted_at is not None:
        before.append(Step(half_way(request.submitted_at, request.needed_by), "half_way", "needed_by"))
    before.sort(key=lambda step: step.at)
    return (*before, Step(request.needed_by, "lapse", "needed_by"))


def next_step(request: Request) -> Step | None:
    """The step of escalation that comes next, counting those already taken; None when there is none left."""
    ahead = steps(request)[request.escalations :]
    return ahead[0] if ahead else None


def earliest_answer(same_day: SameDay, at: datetime) -> datetime | None:
    """When a service that answers the same day can have answered something sent now; None if it holds no sessions.

    An answer must fit into the session it was asked in; otherwise it comes in the next one.
    """
    patience = timedelta(minutes=same_day.answer_within_minutes)
    for ahead in range(_SEARCH_DAYS):
        day = local_day(at) + timedelta(days=ahead)
        if day.isoweekday() not in same_day.weekdays:
            continue
        opens = datetime.combine(day, same_day.opens_at, LONDON).astimezone(UTC)
        closes = datetime.combine(day, same_day.closes_at, LONDON).astimezone(UTC)
        answered = max(opens, at) + patience
        if answered <= closes:
            return answered.astimezone(UTC)
    return None


def answers_in_time(same_day: SameDay | None, decide_within_days: int, at: datetime, needed_by: datetime) -> bool:
    """Whether a service can answer before `needed_by`; one that cannot is not offered (domain rules, section 4)."""
    if within(at, decide_within_days) <= needed_by:
        return True
    answered = None if same_day is None else earliest_answer(same_day, at)
    return answered is not None and answered <= needed_by


def tell_family_by(at: datetime) -> date:
    """By when a family is told of a decline unless the recipient says otherwise."""
    return working_days_after(local_day(at), DAYS_TO_TELL_THE_FAMILY)
