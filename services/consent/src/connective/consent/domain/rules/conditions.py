"""Rule 3: special category and offence data fall away unless the agreement states each party's condition."""

from uuid import UUID

from connective.consent.domain.agreement_terms import LawfulBasis
from connective.consent.domain.answers import Refusal
from connective.consent.domain.conditions import missing_condition
from connective.consent.domain.evidence import OneOff
from connective.consent.domain.rules.agreements import Candidate
from connective.consent.domain.rules.exchange import Exchange
from connective.consent.domain.verdicts import Ground, Verdict, refuse
from connective.contracts.categories import OFFENCE_CATEGORIES, SPECIAL_CATEGORIES, Category

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


def _entity_name(exchange: Exchange, entity_id: UUID) -> str:
    for party in (exchange.discloser, exchange.recipient):
        if party is not None and party.legal_entity_id == entity_id:
            return party.name
    return "a party"


def _verdict(refusals: list[Refusal]) -> Verdict:
    return Verdict(RULE, refusals[0].sentence if refusals else PASSED, tuple(refusals))


def conditions(candidate: Candidate, exchange: Exchange) -> Verdict:
    """Rule 3 under one agreement."""
    refusals: list[Refusal] = []
    for category in sorted(exchange.categories & NEED_A_CONDITION):
        for basis in (candidate.head.discloser_basis, candidate.head.recipient_basis):
            ground = _ground(candidate, basis, _entity_name(exchange, basis.legal_entity_id), category)
            if ground:
                refusals.append(refuse(RULE, ground, category))
    return _verdict(refusals)


def conditions_without_agreement(exchange: Exchange, one_off: OneOff | None) -> Verdict:
    """Rule 3 where no agreement carries the sharing: a one-off disclosure states its own condition."""
    stated = one_off is None or one_off.condition
    needing = frozenset[Category]() if stated else exchange.categories & NEED_A_CONDITION
    return _verdict([refuse(RULE, NO_CONDITION, category) for category in sorted(needing)])
