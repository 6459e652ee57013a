"""Rule 3: special category and offence data fall away unless the agreement states each party's condition."""

from uuid import UUID

from connective.consent.domain.agreement_terms import LawfulBasis
from connective.consent.domain.conditions import missing_condition
from connective.consent.domain.evidence import Evidence
from connective.consent.domain.rules.agreements import Candidate
from connective.consent.domain.verdicts import Ground, Verdict, refuse
from connective.contracts.categories import OFFENCE_CATEGORIES, SPECIAL_CATEGORIES, Category
from connective.contracts.sharing import Question, Refusal

RULE = 3
NEED_A_CONDITION = SPECIAL_CATEGORIES | OFFENCE_CATEGORIES
PASSED = "What is asked needs no further condition, or each party states it."
NO_CONDITION = Ground(
    "condition_missing",
    "The one-off disclosure states no condition for special category or criminal offence data.",
    "Leave this category out, or have the officer who decided it state the condition.",
)


def _ground(candidate: Candidate, basis: LawfulBasis, name: str, category: Category) -> Ground | None:
    missing = missing_condition(basis, category)
    if missing is None:
        return None
    head = candidate.head
    return Ground(
        missing.code,
        f"Agreement {head.reference} version {head.version} lists `{category.value}`, "
        f"but {name} gives {missing.words}.",
        "Ask your agreement manager to add it to the next version, which the data protection officers review and the "
        "signatories sign. Today: send without this category if the service can work so, phone, or signpost.",
    )


def _entity_name(evidence: Evidence, entity_id: UUID) -> str:
    for party in (evidence.discloser, evidence.recipient):
        if party is not None and party.legal_entity_id == entity_id:
            return party.name
    return "a party"


def conditions(candidate: Candidate | None, question: Question, evidence: Evidence) -> Verdict:
    """Rule 3 under one agreement, or under none."""
    refusals: list[Refusal] = []
    for category in sorted(question.categories & NEED_A_CONDITION):
        if candidate is None:
            if evidence.one_off is not None and not evidence.one_off.condition:
                refusals.append(refuse(RULE, NO_CONDITION, category))
            continue
        for basis in (candidate.head.discloser_basis, candidate.head.recipient_basis):
            ground = _ground(candidate, basis, _entity_name(evidence, basis.legal_entity_id), category)
            if ground:
                refusals.append(refuse(RULE, ground, category))
    return Verdict(RULE, refusals[0].sentence if refusals else PASSED, tuple(refusals))
