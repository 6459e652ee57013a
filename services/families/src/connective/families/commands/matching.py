"""Finding who may be meant: the same comparison for a search and for the check before registering."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from connective.families.domain.duplicates import Match, compare
from connective.families.domain.tokens import Known, tokens_of
from connective.families.storage.cards import Card, find
from connective.kit.actor import Actor
from connective.kit.database import Unit


@dataclass(frozen=True, slots=True)
class Hit:
    """Somebody who may be meant, with what this worker may be told: a name and a year of birth; never where."""

    match: Match
    name: str
    birth_year: int | None
    kept_by_you: bool
    asked: int
    """Which of those asked about it resembles, counted from nought."""


async def hits(unit: Unit, actor: Actor, asked: Iterable[Known], key: bytes) -> tuple[Hit, ...]:
    """Everybody in the actor's place who is compared with one of those asked about, alike or not."""
    tokens = [tokens_of(known, actor.place, key) for known in asked]
    cards = await find(unit, actor.place, tokens)
    return tuple(
        _hit(card, compare(card.person_id, one, card.tokens), number, actor.organisation)
        for number, one in enumerate(tokens)
        for card in cards
    )


def _hit(card: Card, match: Match, number: int, organisation_id: UUID) -> Hit:
    return Hit(match, card.name, card.birth_year, card.organisation_id == organisation_id, number)
