"""Whether two records are one person: rules on shared tokens, each of which a worker can be told in words.

Rules rather than a learned score: a wrong merge mixes two children's lives, so each hint must be explained. Same birth
date, surname and home with another first name is a *likely twin*: shown as a sibling, never proposed for merge.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from connective.families.domain.tokens import Fact, Token

_WEIGHT = {Fact.NHS: 60, Fact.BORN: 25, Fact.FAMILY: 15, Fact.GIVEN: 15, Fact.HOME: 10, Fact.NAME: 5}
_OTHER_BIRTH_DATE = -30


class Likeness(StrEnum):
    """What the shared facts suggest."""

    LIKELY_SAME = "likely_same"
    LIKELY_TWIN = "likely_twin"
    POSSIBLE = "possible"
    UNLIKE = "unlike"


@dataclass(frozen=True, slots=True)
class Match:
    """One known person beside the one asked about: how alike, why, and how high to list them."""

    person_id: UUID
    likeness: Likeness
    shared: frozenset[Fact]
    score: int


def compare(person_id: UUID, asked: frozenset[Token], held: frozenset[Token]) -> Match:
    """How alike the asked facts and one person's are."""
    shared = frozenset(token.fact for token in asked & held)
    score = sum(_WEIGHT[fact] for fact in shared)
    if _differs(Fact.BORN, asked, held):
        score += _OTHER_BIRTH_DATE
    return Match(person_id, _likeness(shared, asked, held), shared, score)


def _likeness(shared: frozenset[Fact], asked: frozenset[Token], held: frozenset[Token]) -> Likeness:
    """The rules, the strongest first."""
    other_number = _differs(Fact.NHS, asked, held)
    if {Fact.BORN, Fact.FAMILY, Fact.HOME} <= shared and (other_number or _differs(Fact.GIVEN, asked, held)):
        return Likeness.LIKELY_TWIN
    if other_number:
        # Two NHS numbers are two people, unless one was typed wrongly: a person looks, nothing is proposed.
        return Likeness.POSSIBLE if Fact.BORN in shared and _same_name(shared) else Likeness.UNLIKE
    if Fact.NHS in shared or (Fact.BORN in shared and (_same_name(shared) or {Fact.GIVEN, Fact.HOME} <= shared)):
        return Likeness.LIKELY_SAME
    if _differs(Fact.BORN, asked, held):
        # A father and a son may share name and home.
        return Likeness.UNLIKE
    if _same_name(shared) and Fact.HOME in shared:
        return Likeness.LIKELY_SAME
    return Likeness.POSSIBLE if _name_and_one_more(shared) else Likeness.UNLIKE


def _same_name(shared: frozenset[Fact]) -> bool:
    return {Fact.GIVEN, Fact.FAMILY} <= shared


def _name_and_one_more(shared: frozenset[Fact]) -> bool:
    return Fact.NAME in shared and bool(shared & {Fact.BORN, Fact.HOME, Fact.NHS})


def _differs(fact: Fact, asked: frozenset[Token], held: frozenset[Token]) -> bool:
    """Whether both sides state the fact and agree on nothing of it."""
    ours = {token.value for token in asked if token.fact is fact}
    theirs = {token.value for token in held if token.fact is fact}
    return bool(ours and theirs) and not ours & theirs


def ranked(matches: Iterable[Match], at_most: int) -> tuple[Match, ...]:
    """The alike ones, most alike first, in an order that does not change between calls."""
    alike = [m for m in matches if m.likeness is not Likeness.UNLIKE]
    return tuple(sorted(alike, key=lambda m: (-m.score, m.person_id))[:at_most])


def unseen(matches: Iterable[Match], seen: frozenset[UUID]) -> tuple[Match, ...]:
    """The likely duplicates that the worker has not said they looked at. Twins never stop a registration."""
    return tuple(m for m in matches if m.likeness is Likeness.LIKELY_SAME and m.person_id not in seen)
