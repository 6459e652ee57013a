"""What one party shows the other of what it wrote: words whose categories are permitted, and the names of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.contracts.categories import Category
from connective.contracts.needs import NeedsList
from connective.referrals.domain.request import NeedNow, Outcome, PeopleAsked, View, Words
from connective.referrals.domain.states import Party
from connective.referrals.domain.visible import ALWAYS, Permitted, may_see, visible_need


@dataclass(frozen=True, slots=True)
class Message:
    """Something one party wrote to the other; `words` is None when it is withheld from the reader."""

    at: datetime
    party: Party
    fact: str
    words: Words | None
    withheld: frozenset[Category] = frozenset()


@dataclass(frozen=True, slots=True)
class ShownOutcome:
    """An outcome as its reader may see it; the code always returns."""

    code: str
    needs: tuple[NeedNow, ...]
    views: tuple[View, ...]
    no_view_reason: str | None
    withheld: tuple[str, ...]


def words_seen(
    messages: Sequence[Message], reader: Party, people: PeopleAsked, permitted: Permitted
) -> tuple[Message, ...]:
    """Messages as one party may read them: its own in full, the other's where everything they reveal is permitted."""
    return tuple(_seen(message, reader, people, permitted) for message in messages)


def _seen(message: Message, reader: Party, people: PeopleAsked, permitted: Permitted) -> Message:
    words = message.words
    if words is None or message.party is reader or may_see(words.categories, people.subjects, permitted):
        return message
    return Message(message.at, message.party, message.fact, None, words.categories)


def outcome_seen(outcome: Outcome, people: PeopleAsked, permitted: Permitted, needs: NeedsList) -> ShownOutcome:
    """An outcome as the referrer may read it: severities and views by category, person by person."""
    shown_needs = tuple(n for n in outcome.needs if visible_need(n.code, n.person_id, permitted, needs))
    shown_views = tuple(
        v for v in outcome.views if v.words is None or may_see(v.words.categories, _whose(v, people), permitted)
    )
    hidden = [f"need of {n.person_id}" for n in outcome.needs if n not in shown_needs]
    hidden += [f"view of {v.person_id or 'the family'}" for v in outcome.views if v not in shown_views]
    return ShownOutcome(outcome.code, shown_needs, shown_views, outcome.no_view_reason, tuple(hidden))


def _whose(view: View, people: PeopleAsked) -> tuple[UUID, ...]:
    return people.subjects if view.person_id is None else (view.person_id,)


def returned_categories(messages: Sequence[Message], outcome: Outcome | None, needs: NeedsList) -> frozenset[Category]:
    """Categories of what the recipient wrote back, beyond `progress`: what the referrer's reading is decided for."""
    found: set[Category] = set()
    for message in messages:
        if message.words is not None and message.party is Party.RECIPIENT:
            found |= message.words.categories
    if outcome is not None:
        for need in outcome.needs:
            found |= needs.needs[need.code].reveals
        for view in outcome.views:
            found |= view.words.categories if view.words is not None else frozenset()
    return frozenset(found) - ALWAYS
