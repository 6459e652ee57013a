"""What each rule answers, and the words it answers in."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from connective.consent.domain.answers import Refusal, RuleResult
from connective.contracts.categories import Category

NAMES = {
    1: "parties",
    2: "agreement",
    3: "special_category_and_offence_data",
    4: "agreement_to_engage",
    5: "basis",
    6: "restrictions",
    7: "safeguarding_override",
}
ALWAYS_RETURNS = frozenset({Category.PROGRESS})
"""State, dates and reason code need neither agreement nor consent: they are the request's, not the family's (§4)."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a category is refused: the part of a refusal that does not depend on the category or person."""

    code: str
    sentence: str
    remedy: str


class Verdict(NamedTuple):
    """One rule's answer."""

    rule: int
    sentence: str
    refusals: tuple[Refusal, ...] = ()
    warnings: tuple[str, ...] = ()
    relied_on: tuple[UUID, ...] = ()
    """Consent records that the rule passed on."""


@lru_cache(maxsize=4096)
def _result(rule: int, passed: bool, sentence: str) -> RuleResult:
    """One object per sentence: what rules say is the same few sentences over and over."""
    return RuleResult(rule, NAMES[rule], passed, sentence)


def results(verdicts: Iterable[Verdict]) -> tuple[RuleResult, ...]:
    """The rules as they are reported, whether they passed or not."""
    return tuple([_result(each.rule, not each.refusals, each.sentence) for each in verdicts])


def refuse(rule: int, ground: Ground, category: Category, person_id: UUID | None = None) -> Refusal:
    """One refusal; without a person it is the same for every one asked about."""
    return Refusal(rule, ground.code, category, person_id, ground.sentence, ground.remedy)


def refuse_all(
    rule: int, ground: Ground, categories: frozenset[Category], person_id: UUID | None = None
) -> tuple[Refusal, ...]:
    """The same refusal for each of these categories."""
    return tuple(refuse(rule, ground, category, person_id) for category in sorted(categories))
