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
    name: str | None
    birth_year: int | None
    kept_by_you: bool
    asked: int
    """Which of those asked about it resembles, counted from nought."""
    stored_only: bool = False
    """Their data are stored and not used: neither name nor year is told."""


async def hits(
    unit: Unit, actor: Actor, asked: Iterable[Known], key: bytes, *, stored_only: bool = False
) -> tuple[Hit, ...]:
    """Everybody in the actor's place who is compared with one of those asked about, alike or not.

    Or those alone whose data are stored and not used (UK GDPR Article 18), where a worker is to be warned of them.
    """
    tokens = [tokens_of(known, actor.place, key) for known in asked]
    cards = await find(unit, actor.place, tokens, stored_only=stored_only)
    return tuple(
        _hit(card, compare(card.person_id, one, card.tokens), number, actor.organisation, stored_only=stored_only)
        for number, one in enumerate(tokens)
        for card in cards
    )


def _hit(card: Card, match: Match, number: int, organisation_id: UUID, *, stored_only: bool) -> Hit:
    return Hit(match, card.name or None, card.birth_year, card.organisation_id == organisation_id, number, stored_only)
