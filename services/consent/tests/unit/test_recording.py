"""What is written by hand for speed must be what the general writer would have written."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import consent_builders as b
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connective.consent.commands.recording import Batch, Taken, decision_entries, taken_from
from connective.consent.domain.canonical import canonical, codes, instant, known_id, listed, one_id, words, written
from connective.consent.domain.decision import decide
from connective.consent.domain.evidence import Evidence, OneOff, OneOffGround, Override
from connective.consent.domain.ledger import EntryKind, make_entry
from connective.consent.domain.merkle import leaf_hash
from connective.contracts.categories import Category
from connective.kit.actor import Actor, ActorKind

NAMES = {b.CHILD: "0" * 32, b.MOTHER: "f" * 32}
OVERRIDE = Override(b.number(71), frozenset({b.CHILD}), b.ASKED, restriction_confirmed=False)
ONE_OFF = OneOff(b.number(72), OneOffGround.VITAL_INTERESTS, frozenset({b.CHILD}), b.ASKED, "9(2)(c)")
BOTH = (b.good_child(), b.subject(b.MOTHER, 34))


def facts(one: Taken) -> dict[str, Any]:
    question, decision, evidence = one.question, one.decision, one.evidence
    names: dict[UUID | None, str] = {**NAMES}
    return {
        "decision_id": one.id,
        "discloser_organisation_id": question.discloser_organisation_id,
        "recipient_organisation_id": question.recipient_organisation_id,
        "service_id": question.service_id,
        "purpose": question.purpose,
        "method": question.method,
        "asked": sorted(question.categories),
        "outcome": decision.outcome,
        "permitted": {names[s.person_id]: sorted(s.categories) for s in decision.subjects},
        "refused": [[r.rule, r.code, r.category, names.get(r.person_id)] for r in decision.refusals],
        "agreement_id": decision.agreement_id,
        "agreement_version": decision.agreement_version,
        "basis": decision.basis,
        "consent_record_ids": decision.consent_record_ids,
        "override_id": evidence.override and evidence.override.override_id,
        "one_off_id": evidence.one_off and evidence.one_off.one_off_id,
    }


@pytest.mark.parametrize(
    ("evidence", "asked"),
    [
        (b.evidence(), {}),
        (b.evidence(subjects=BOTH), {"subjects": (b.CHILD, b.MOTHER), "service_id": b.number(9)}),
        (b.evidence(flows=(), discloser=None), {"categories": frozenset({Category.HEALTH})}),
        (b.evidence(flows=(), override=OVERRIDE), {}),
        (b.evidence(flows=(), one_off=ONE_OFF), {}),
    ],
)
def test_a_decision_s_entry_is_canonical(evidence: Evidence, asked: dict[str, Any]) -> None:
    question = b.question(**asked)
    decision = decide(question, evidence, b.NOW)
    one = taken_from(b.number(1), question, decision, evidence)
    actor = Actor(ActorKind.CLIENT, 'a "quoted" client', b.number(2), b.SCHOOL)
    (entry,) = decision_entries(actor, Batch(b.number(3), (one,), {}, NAMES))
    general = make_entry(
        entry.id,
        b.number(2),
        EntryKind.DECISION,
        act="decided",
        at=b.NOW,
        actor_id=actor.id,
        organisation_id=b.SCHOOL,
        facts=facts(one),
    )
    assert entry == general
    assert entry.body.encode() == canonical(json.loads(entry.body))
    assert entry.leaf_hash == leaf_hash(entry.body.encode())


@given(
    st.dictionaries(st.text("abcdefgh_", min_size=1), st.uuids()), st.text(), st.frozensets(st.sampled_from(Category))
)
def test_parts_written_alone_are_what_they_are_within(
    ids: dict[str, UUID], text: str, named: frozenset[Category]
) -> None:
    at = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
    assert written({name: one_id(one) for name, one in ids.items()}).encode() == canonical(ids)
    assert listed(map(str, ids.values())).encode() == canonical(list(ids.values()))
    assert codes(named).encode() == canonical(named)
    parts = {"at": instant(at), "id": known_id(b.CHILD), "none": one_id(None), "said": words(text)}
    assert written(parts).encode() == canonical({"said": text, "none": None, "id": b.CHILD, "at": at})
