"""What each rule answers, and the words it answers in."""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from connective.contracts.categories import Category
from connective.contracts.sharing import Refusal, RuleResult

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


@lru_cache(maxsize=4096)
def _result(rule: int, passed: bool, sentence: str) -> RuleResult:
    """One object per sentence: what rules say is the same few sentences over and over."""
    return RuleResult(rule=rule, name=NAMES[rule], passed=passed, sentence=sentence)


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

    @property
    def result(self) -> RuleResult:
        """As it is reported, whether it passed or not."""
        return _result(self.rule, not self.refusals, self.sentence)


def refuse(rule: int, ground: Ground, category: Category, person_id: UUID | None = None) -> Refusal:
    """One refusal; without a person it is the same for every one asked about."""
    return Refusal(
        rule=rule,
        code=ground.code,
        category=category,
        person_id=person_id,
        sentence=ground.sentence,
        remedy=ground.remedy,
    )


def refuse_all(
    rule: int, ground: Ground, categories: frozenset[Category], person_id: UUID | None = None
) -> tuple[Refusal, ...]:
    """The same refusal for each of these categories."""
    return tuple(refuse(rule, ground, category, person_id) for category in sorted(categories))
