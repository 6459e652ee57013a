"""The answers to other services are written by hand from text made once: they must read as the contract's models."""

from dataclasses import replace

import consent_builders as b
import pytest

from connective.consent.api.internal import decisions_text, disclosure_text
from connective.consent.commands.disclose import Disclosed
from connective.consent.commands.recording import Taken, taken_from
from connective.consent.domain.decision import decide
from connective.consent.storage.records import array_text
from connective.contracts.sharing import Decision, DecisionsAnswered, DisclosureAnswered


def taken(number: int, *, known: bool = True) -> Taken:
    evidence = b.evidence() if known else replace(b.evidence(), discloser=None)
    decision = decide(b.question(), evidence, b.NOW)
    return taken_from(b.number(number), b.question(), decision, evidence)


def recorded(one: Taken) -> Decision:
    return Decision.model_validate_json(one.text)


def test_decisions_are_answered_in_order() -> None:
    both = (taken(1), taken(2, known=False))
    answered = DecisionsAnswered.model_validate_json(decisions_text(both))
    assert [(i.decision_id, i.decision) for i in answered.items] == [(t.id, recorded(t)) for t in both]


@pytest.mark.parametrize(("disclosure", "permit"), [(7, "header.claims.signature"), (None, None)])
def test_a_disclosure_is_answered_with_its_permit_or_without(disclosure: int | None, permit: str | None) -> None:
    one = taken(1, known=disclosure is not None)
    disclosed = Disclosed(one, b.number(disclosure) if disclosure else None, permit)
    answered = DisclosureAnswered.model_validate_json(disclosure_text(disclosed))
    assert (answered.decision_id, answered.decision) == (one.id, recorded(one))
    assert (answered.disclosure_id, answered.permit) == (disclosed.disclosure_id, permit)


def test_lists_are_written_as_postgresql_reads_them() -> None:
    assert array_text([b.number(1), b.number(2)]) == f"{{{b.number(1)},{b.number(2)}}}"
    assert array_text([]) == "{}"
