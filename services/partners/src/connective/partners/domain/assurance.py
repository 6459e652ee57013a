"""What an organisation has shown, by day: from the items that vouch for it to its assurance level, by rules as data.

The level caps the categories it may receive (domain rules, section 5, rule 1). Nothing here lowers more than the
level: an item that lapsed and decides no level is shown where a request is made, and blocks nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from connective.contracts.categories import AssuranceLevel

_ENGLAND = ZoneInfo("Europe/London")


class ItemKind(StrEnum):
    """What an item of a dossier is about."""

    DBS_POLICY = "dbs_policy"
    INSURANCE = "insurance"
    NAMED_ACCOUNTS = "named_accounts"
    """Everybody signs in as themself, with a second factor."""
    QUALIFICATION = "qualification"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    SHARED_DEVICE = "shared_device"
    """Several people share one device or mailbox: the level stays at that while this stands."""
    TRAINING = "training"
    VISIT = "visit"


class Standing(StrEnum):
    """How one kind of item stands on a day."""

    EXPIRING = "expiring"
    IN_DATE = "in_date"
    LAPSED = "lapsed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of item that somebody verified, and the last day it vouches; None when it never lapses."""

    kind: ItemKind
    until: date | None


@dataclass(frozen=True, slots=True)
class KindRule:
    """What the rules say of one kind of item."""

    label: str
    lasts_days: int | None
    expected: bool
    by_place: bool


@dataclass(frozen=True, slots=True)
class LevelRule:
    """What a level asks for, and what excludes it."""

    level: AssuranceLevel
    needs: frozenset[ItemKind]
    never_with: frozenset[ItemKind]


@dataclass(frozen=True, slots=True)
class AssuranceRules:
    """The rules of a dossier; levels from the highest to the lowest."""

    version: int
    warn_days: tuple[int, ...]
    """How many days before an item lapses its organisation is told, the longest notice first."""
    kinds: Mapping[ItemKind, KindRule]
    levels: tuple[LevelRule, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """How one kind of item stands, for people: its standing, its last day, and a sentence."""

    kind: ItemKind
    label: str
    standing: Standing
    until: date | None
    sentence: str


def local_day(at: datetime) -> date:
    """The day it is in England, where dates on certificates are read."""
    return at.astimezone(_ENGLAND).date()


def level_on(held: Iterable[Held], rules: AssuranceRules, today: date) -> AssuranceLevel:
    """The level that follows on a day from what is vouched for; the lowest where nothing else does."""
    vouched = {each.kind for each in held if not has_lapsed(each, today)}
    for rule in rules.levels:
        if rule.needs <= vouched and not rule.never_with & vouched:
            return rule.level
    return rules.levels[-1].level


def has_lapsed(held: Held, today: date) -> bool:
    """Whether its last day has passed; on that day itself it still vouches."""
    return held.until is not None and held.until < today


def warning_due(held: Held, rules: AssuranceRules, today: date) -> int | None:
    """The nearest notice that is due, in days before it lapses; None when none is, or it has lapsed already."""
    if held.until is None or has_lapsed(held, today):
        return None
    left = (held.until - today).days
    return min((days for days in rules.warn_days if left <= days), default=None)


def last_day(kind: ItemKind, issued_on: date, rules: AssuranceRules) -> date | None:
    """The last day that an item of this kind can vouch; None when it never lapses."""
    lasts = rules.kinds[kind].lasts_days
    return None if lasts is None else issued_on + timedelta(days=lasts)


def lapsed(held: Iterable[Held], rules: AssuranceRules, today: date) -> tuple[Shown, ...]:
    """What has lapsed, in words: what a worker is shown before a request goes."""
    return tuple(_shown(each, rules, today) for each in held if has_lapsed(each, today))


def words_of_lapse(held: Held, rules: AssuranceRules) -> str:
    """What is said once its last day has passed; nothing for what never lapses."""
    return "" if held.until is None else f"{rules.kinds[held.kind].label}: lapsed after {_day(held.until)}."


def standings(held: Iterable[Held], rules: AssuranceRules, today: date) -> tuple[Shown, ...]:
    """How every kind of item stands: those that are vouched for or were, and those expected but missing."""
    by_kind = {each.kind: each for each in held}
    found = [
        _shown(by_kind[kind], rules, today) if kind in by_kind else _missing(kind, rule)
        for kind, rule in sorted(rules.kinds.items())
        if kind in by_kind or rule.expected
    ]
    return tuple(found)


def _shown(held: Held, rules: AssuranceRules, today: date) -> Shown:
    label = rules.kinds[held.kind].label
    if held.until is None:
        return Shown(held.kind, label, Standing.IN_DATE, None, f"{label}: shown, without an end.")
    if has_lapsed(held, today):
        return Shown(held.kind, label, Standing.LAPSED, held.until, words_of_lapse(held, rules))
    near = warning_due(held, rules, today) is not None
    standing = Standing.EXPIRING if near else Standing.IN_DATE
    return Shown(held.kind, label, standing, held.until, f"{label}: shown, until {_day(held.until)}.")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _missing(kind: ItemKind, rule: KindRule) -> Shown:
    return Shown(kind, rule.label, Standing.MISSING, None, f"{rule.label}: not shown.")
