"""Which condition special category and criminal offence data need, and whether a party's basis gives it (rule 3)."""

from dataclasses import dataclass

from connective.consent.domain.agreement_terms import NEED_SCHEDULE_1, LawfulBasis
from connective.contracts.categories import OFFENCE_CATEGORIES, SPECIAL_CATEGORIES, Category


@dataclass(frozen=True, slots=True)
class MissingCondition:
    """What a basis lacks before it can carry a category."""

    code: str
    words: str
    """Fits after "gives": `no Article 9 condition`."""


NO_ARTICLE_9 = MissingCondition("article_9_condition_missing", "no Article 9 condition")
NO_ARTICLE_10 = MissingCondition("article_10_condition_missing", "no Article 10 condition")
NO_SCHEDULE_1 = MissingCondition("schedule_1_paragraph_missing", "no Schedule 1 paragraph")


def missing_condition(basis: LawfulBasis, category: Category) -> MissingCondition | None:
    """What this basis lacks to carry this category; None for categories that need no condition."""
    if category in OFFENCE_CATEGORIES:
        if not basis.article_10:
            return NO_ARTICLE_10
        return None if basis.schedule_1_paragraph else NO_SCHEDULE_1
    if category in SPECIAL_CATEGORIES:
        if basis.article_9 is None:
            return NO_ARTICLE_9
        needs_paragraph = basis.article_9 in NEED_SCHEDULE_1
        return NO_SCHEDULE_1 if needs_paragraph and not basis.schedule_1_paragraph else None
    return None
