"""What an officer says of the parties' standing, joint controllers and the memorandum an agreement names."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import consent_builders as b
import pytest

from connective.consent.domain.agreement_checks import check_terms
from connective.consent.domain.agreement_terms import Article6, Flow, Party, PartyRole, ProhibitedUse
from connective.consent.domain.findings import Weight
from connective.consent.domain.joint_arrangements import (
    ArrangementState,
    ArrangementTerms,
    JointArrangement,
    allowed_actions,
    confirm,
    end,
    propose,
)
from connective.consent.domain.refusals import NotNow, NotYours, Unacceptable
from connective.consent.domain.registers import MemorandumLine, Register
from connective.contracts.categories import Category, Method, Purpose

DAY = timedelta(days=1)
BOTH = frozenset({b.COUNCIL, b.NHS})


def found(register: Register | None = None, **changes: Any) -> dict[str, Weight]:
    return {f.code: f.weight for f in check_terms(b.terms(**changes), register or b.register())}


def joint_terms(**changes: Any) -> ArrangementTerms:
    full = ArrangementTerms(
        title="Early help cases",
        entity_ids=BOTH,
        purposes=frozenset({Purpose.REFERRAL}),
        informs_entity_id=b.COUNCIL,
        answers_entity_id=b.COUNCIL,
        breach_entity_id=b.NHS,
        essence="The council tells you and answers you.",
        document_reference="JCA-1",
        starts_on=b.TODAY - DAY,
        ends_on=None,
    )
    return replace(full, **changes)


def arrangement(**changes: Any) -> JointArrangement:
    return propose(b.number(61), "JCA-1", b.COUNCIL, joint_terms(**changes), at=b.NOW)


def confirmed() -> JointArrangement:
    return confirm(confirm(arrangement(), b.COUNCIL, b.NOW), b.NHS, b.NOW)


class TestStanding:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"ico_registered_until": b.TODAY - DAY}, "ico_registration_lapsed"),
            ({"training_valid_until": b.TODAY - DAY}, "training_lapsed"),
            ({"processing_agreement_signed_at": None}, "no_processing_agreement"),
            ({"processing_agreement_ends_on": b.TODAY - DAY}, "no_processing_agreement"),
        ],
    )
    def test_a_partys_papers(self, changes: dict[str, Any], code: str) -> None:
        lapsed = b.REGISTER | {b.NHS: replace(b.REGISTER[b.NHS], **changes)}
        assert found(b.register(entities=lapsed)) == {code: Weight.WARNS}

    def test_what_an_agreement_leaves_out_or_contradicts(self) -> None:
        idle = (*b.terms().parties, Party(b.CHARITY, PartyRole.CONTROLLER))
        assert found(parties=idle) == {"party_without_flow": Weight.WARNS}
        unused = (*b.terms().bases, b.basis(b.NHS, purpose=Purpose.AUDIT))
        assert found(bases=unused) == {"basis_unused": Weight.WARNS}
        assert found(audit_entity_ids=frozenset()) == {"nobody_audits": Weight.WARNS}
        assert found(privacy_notice="") == {"no_privacy_notice": Weight.WARNS}
        consent = (b.basis(b.COUNCIL, Article6.CONSENT), b.basis(b.NHS))
        assert found(bases=consent) == {"consent_of_public_authority": Weight.WARNS}
        flow = Flow(b.COUNCIL, b.NHS, Purpose.RESEARCH, frozenset({Category.HEALTH}), frozenset({Method.API}))
        research = found(flows=(flow,), prohibited_uses=frozenset({ProhibitedUse.RESEARCH}))
        assert research["prohibited_purpose"] is Weight.STOPS

    def test_the_assessment(self) -> None:
        dpia = b.terms().dpia
        assert dpia is not None
        assert found(dpia=replace(dpia, outcome=" ")) == {"dpia_without_outcome": Weight.STOPS}
        assert found(dpia=replace(dpia, approved_on=b.TODAY + DAY)) == {"dpia_not_approved": Weight.STOPS}

    def test_one_that_has_ended(self) -> None:
        assert found(b.register(today=b.terms().ends_on + DAY))["ended_already"] is Weight.STOPS


class TestJointControllers:
    def test_none_without_an_arrangement(self) -> None:
        parties = tuple(replace(p, role=PartyRole.JOINT_CONTROLLER) for p in b.terms().parties)
        assert found(parties=parties) == {"no_joint_arrangement": Weight.STOPS}
        assert found(b.register(arrangements=(arrangement(),)), parties=parties) == {
            "no_joint_arrangement": Weight.STOPS
        }
        assert found(b.register(arrangements=(confirmed(),)), parties=parties) == {}
        alone = (parties[0], b.terms().parties[1])
        assert found(parties=alone) == {"joint_with_nobody": Weight.STOPS}

    def test_each_confirms_for_itself(self) -> None:
        once = confirm(arrangement(), b.COUNCIL, b.NOW)
        assert once.state is ArrangementState.PROPOSED
        assert allowed_actions(once, b.COUNCIL) == ("end",)
        assert allowed_actions(once, b.NHS) == ("confirm", "end")
        assert allowed_actions(once, b.CHARITY) == ()
        with pytest.raises(NotNow):
            confirm(once, b.COUNCIL, b.NOW)
        with pytest.raises(NotYours):
            confirm(once, b.CHARITY, b.NOW)
        ended = end(confirmed(), b.NHS, b.NOW)
        assert not ended.covers(BOTH, Purpose.REFERRAL, b.TODAY)
        with pytest.raises(NotNow):
            end(ended, b.NHS, b.NOW)

    @pytest.mark.parametrize(
        "changes",
        [
            {"entity_ids": frozenset({b.COUNCIL})},
            {"purposes": frozenset()},
            {"answers_entity_id": b.CHARITY},
            {"ends_on": b.TODAY - 2 * DAY},
        ],
    )
    def test_one_that_settles_nothing(self, changes: dict[str, Any]) -> None:
        with pytest.raises(Unacceptable):
            arrangement(**changes)

    def test_nobody_proposes_for_others(self) -> None:
        with pytest.raises(NotYours):
            propose(b.number(61), "JCA-1", b.CHARITY, joint_terms(), at=b.NOW)


def test_the_memorandum_it_names() -> None:
    named = b.number(71)
    assert found(memorandum_id=named) == {"memorandum_unknown": Weight.STOPS}
    ended = b.register(memorandum=MemorandumLine("MOU-1", "Working together", in_force=False))
    assert found(ended, memorandum_id=named) == {"memorandum_not_in_force": Weight.WARNS}
    standing = b.register(memorandum=MemorandumLine("MOU-1", "Working together", in_force=True))
    assert found(standing, memorandum_id=named) == {}
