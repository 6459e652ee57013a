"""The answer to a question as the rules make it: light values, hundreds of which are made in one call.

They have the names of `connective.contracts.sharing.Decision`, field by field, and are written as its JSON by
`connective.consent.domain.answer_text`. Making the contract's validated models instead took a third of the time of a
decision (measured); a property test holds what is written against them.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from connective.contracts.categories import Category
from connective.contracts.sharing import Outcome


class Refusal(NamedTuple):
    """Why one category is refused: which rule, in a code and a sentence, and what would clear it."""

    rule: int
    code: str
    category: Category
    person_id: UUID | None
    """None where it is refused about everyone asked about."""
    sentence: str
    remedy: str


class RuleResult(NamedTuple):
    """What one of the seven rules said; every rule is reported, also those that passed."""

    rule: int
    name: str
    passed: bool
    sentence: str


class SubjectPermission(NamedTuple):
    """What may be shared about one person: a family is decided person by person."""

    person_id: UUID
    categories: frozenset[Category]


class Decision(NamedTuple):
    """The answer to a question, with everything an officer needs to see why."""

    outcome: Outcome
    categories: frozenset[Category]
    """Permitted for every subject asked about."""
    subjects: tuple[SubjectPermission, ...]
    agreement_id: UUID | None
    agreement_reference: str | None
    agreement_version: int | None
    basis: str | None
    """The discloser's Article 6 basis, as the agreement states it, for example `6(1)(e)`."""
    consent_record_ids: tuple[UUID, ...]
    refusals: tuple[Refusal, ...]
    rules: tuple[RuleResult, ...]
    warnings: tuple[str, ...]
    decided_at: datetime
