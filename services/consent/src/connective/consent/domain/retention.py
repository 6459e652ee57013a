"""How long each kind of record is kept: a schedule of rules as data, and the days that follow from it.

Retention in early help is local, not statutory (UK GDPR Article 5(1)(e): no longer than necessary). A rule counts from
one or more triggers and a record has come to its end when the time from every one of them is over. Where a calendar has
no such day (29 February, the 31st) the first of the next month stands for it: nothing is erased a day early.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from connective.consent.domain.refusals import Unacceptable
from connective.contracts.retention import Cutoff, RuleAsked, Trigger

_LONGEST_OVERHANG = 4
"""By how many days counting back may miss: February's last day against the 31st, and the day after."""
OF_FAMILIES = {"case_record": True, "referral_without_case": False}
"""The rules about families' records, and whether each is about families that had a case."""
LONGEST_YEARS = 100


class Action(StrEnum):
    """What becomes of a record at its end."""

    ERASE = "erase"
    KEEP = "keep"
    PSEUDONYMISE = "pseudonymise"
    """People's ids and words are taken out; what remains is about nobody."""
    REVIEW = "review"
    """A run lists it, and an officer decides about it apart."""


@dataclass(frozen=True, slots=True)
class Span:
    """A time of whole years, months and days."""

    years: int = 0
    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """The day on which this time from `day` is over."""
        month = day.month - 1 + self.months
        year, month = day.year + self.years + month // 12, month % 12 + 1
        try:
            moved = date(year, month, day.day)
        except ValueError:
            moved = date(year + month // 12, month % 12 + 1, 1)
        return moved + timedelta(days=self.days)

    def cutoff(self, today: date) -> date:
        """The latest day from which this time is over today: the inverse of `after`."""
        months = today.year * 12 + today.month - 1 - self.years * 12 - self.months
        back = date(months // 12, months % 12 + 1, 1) + timedelta(days=today.day - 1 - self.days)
        found = back + timedelta(days=_LONGEST_OVERHANG)
        while self.after(found) > today:
            found -= timedelta(days=1)
        return found


@dataclass(frozen=True, slots=True)
class Counted:
    """From which day, and for how long."""

    trigger: Trigger
    years: int = 0
    months: int = 0
    days: int = 0

    @property
    def span(self) -> Span:
        """The time counted."""
        return Span(self.years, self.months, self.days)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the schedule."""

    key: str
    what: str
    action: Action
    reason: str
    source: str
    changeable: bool
    counted: tuple[Counted, ...] = ()
    together_with: tuple[str, ...] = ()
    """The rules whose records it goes with."""
    after_days: int | None = None
    """For what the Hub removes by its own clock, without a run."""
    version: int = 1
    """1 as shipped; each change by the place raises it."""


def due_on(rule: Rule, days: dict[Trigger, date]) -> date | None:
    """The day on which a record has come to its end; None while a day that the rule counts from is not known."""
    if not rule.counted or any(each.trigger not in days for each in rule.counted):
        return None
    return max(each.span.after(days[each.trigger]) for each in rule.counted)


def asked_of_families(rules: tuple[Rule, ...], today: date) -> tuple[RuleAsked, ...]:
    """The rules about families' records, as the days that families compare with."""
    return tuple(
        RuleAsked(
            key=rule.key,
            with_case=OF_FAMILIES[rule.key],
            cutoffs=tuple(Cutoff(trigger=c.trigger, day=c.span.cutoff(today)) for c in rule.counted),
        )
        for rule in rules
        if rule.key in OF_FAMILIES and rule.counted
    )


def check_change(rule: Rule, counted: tuple[Counted, ...]) -> None:
    """May a place count so? Raises Unacceptable: the triggers are the product's, the times are the place's."""
    if not rule.changeable:
        raise Unacceptable("not_changeable", "This follows other records or the working of the Hub, not a choice.")
    if {each.trigger for each in counted} != {each.trigger for each in rule.counted}:
        names = ", ".join(f"`{each.trigger}`" for each in rule.counted)
        raise Unacceptable("other_triggers", f"State the time from each of {names}.", "/counted")
    for number, each in enumerate(counted):
        if not timedelta(0) < each.span.after(date(2000, 1, 1)) - date(2000, 1, 1):
            raise Unacceptable("no_time", "A time of nothing would erase records at once.", f"/counted/{number}")


def in_words(rule: Rule) -> str:
    """The rule in one plain sentence, for records of processing and for the public."""
    if rule.after_days is not None:
        return "Kept for 1 day." if rule.after_days == 1 else f"Kept for {rule.after_days} days."
    if rule.together_with:
        return _WITH_RECORD[rule.action]
    if not rule.counted:
        return "Kept for good; it is about nobody once a record has gone."
    times = [f"{_length(each.span)} {_SINCE[each.trigger]}" for each in rule.counted]
    latest = ", whichever is latest" if len(times) > 1 else ""
    return f"Kept for {' and '.join(times)}{latest}."


_SINCE = {
    Trigger.AGREEMENT_ENDED: "after the agreement ends",
    Trigger.CASE_CLOSED: "after the last case is closed",
    Trigger.LAST_ACTIVITY: "after anything last happened",
    Trigger.YOUNGEST_BORN: "from the birth of the youngest",
}
_WITH_RECORD = {
    Action.ERASE: "Kept as long as the family's record, and erased with it.",
    Action.PSEUDONYMISE: "Kept as long as the family's record; then it no longer says whom it is about.",
}


def _length(span: Span) -> str:
    parts = [(span.years, "year"), (span.months, "month"), (span.days, "day")]
    said = [f"{number} {word}{'' if number == 1 else 's'}" for number, word in parts if number]
    return " and ".join(said)
