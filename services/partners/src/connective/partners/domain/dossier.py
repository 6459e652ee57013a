"""A provider's dossier: items with evidence, proposed by the organisation and verified by somebody outside it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from connective.contracts.categories import AssuranceLevel
from connective.partners.domain.assurance import AssuranceRules, Held, ItemKind, last_day
from connective.partners.domain.rules import Broken

AT_JOINING = "Shown to the place when the organisation joined."


class ItemState(StrEnum):
    """Where an item stands; only what is verified vouches."""

    PROPOSED = "proposed"
    REFUSED = "refused"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"
    """It was verified, and turned out not to hold."""


_NEXT = {
    ItemState.PROPOSED: frozenset({ItemState.VERIFIED, ItemState.REFUSED, ItemState.WITHDRAWN}),
    ItemState.VERIFIED: frozenset({ItemState.WITHDRAWN}),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a dossier. What was recorded stays; only its state is decided."""

    id: UUID
    place_id: UUID
    organisation_id: UUID
    kind: ItemKind
    evidence: str
    """A reference to what was seen, such as a policy's number: never the document, and nobody's name."""
    account_id: UUID | None
    """The account of the safeguarding lead, so that nobody's name has to be written here."""
    issued_on: date
    expires_on: date | None
    """The last day it vouches."""
    recorded_by: str
    recorded_at: datetime
    state: ItemState
    version: int = 1
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


def recorded(item: Item, *, vouched: bool) -> Item:
    """The new item: one that the place or a hub records about another organisation holds at once, others wait."""
    if not vouched:
        return replace(item, state=ItemState.PROPOSED)
    return replace(item, state=ItemState.VERIFIED, decided_by=item.recorded_by, decided_at=item.recorded_at)


def may_become(item: Item, state: ItemState) -> bool:
    """Whether an item can be decided so: a proposal any way, a verified item only withdrawn."""
    return state in _NEXT.get(item.state, frozenset())


def decided(item: Item, state: ItemState, by: str, at: datetime, reason: str | None) -> Item:
    """The item as it was decided. Ask `may_become` first."""
    return replace(item, state=state, decided_by=by, decided_at=at, reason=reason, version=item.version + 1)


def held_of(items: Iterable[Item]) -> tuple[Held, ...]:
    """What verified items vouch for together: of each kind, the one that vouches longest."""
    longest: dict[ItemKind, date] = {}
    for item in items:
        if item.state is ItemState.VERIFIED:
            until = item.expires_on or date.max
            longest[item.kind] = max(until, longest.get(item.kind, until))
    return tuple(Held(kind, None if until == date.max else until) for kind, until in sorted(longest.items()))


def with_last_day(item: Item, rules: AssuranceRules) -> Item:
    """The item with its last day, where none was said and its kind has one."""
    if item.expires_on is not None:
        return item
    return replace(item, expires_on=last_day(item.kind, item.issued_on, rules))


def broken_item(item: Item, rules: AssuranceRules, today: date, *, vouched: bool) -> tuple[Broken, ...]:
    """Every rule that a new item breaks: its days, and who may record its kind."""
    broken = []
    longest = last_day(item.kind, item.issued_on, rules)
    if item.issued_on > today:
        broken.append(Broken("/issued_on", "in-the-future", "It cannot have been issued after today."))
    if item.expires_on is not None and item.expires_on < item.issued_on:
        broken.append(Broken("/expires_on", "before-issue", "Its last day is not before the day it was issued."))
    if longest is not None and item.expires_on is not None and item.expires_on > longest:
        sentence = f"An item of this kind vouches until {longest.isoformat()} at the latest."
        broken.append(Broken("/expires_on", "too-long", sentence))
    if rules.kinds[item.kind].by_place and not vouched:
        broken.append(Broken("/kind", "by-place", "Only the place or a hub records this, about another organisation."))
    return tuple(broken)


def kinds_at_joining(level: AssuranceLevel, rules: AssuranceRules) -> frozenset[ItemKind]:
    """What an organisation has shown that joins at a level: exactly what that level needs."""
    return next((rule.needs for rule in rules.levels if rule.level is level), frozenset())
