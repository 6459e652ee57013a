"""The seven rules of the domain, one at a time and together."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import consent_builders as b
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connective.consent.domain.agreement import State
from connective.consent.domain.agreement_terms import Article6, Article9, PeopleCovered
from connective.consent.domain.answers import Decision
from connective.consent.domain.consent import ConsentState, Kind, Scope
from connective.consent.domain.decision import decide
from connective.consent.domain.evidence import (
    Evidence,
    Notice,
    Objection,
    ObjectionState,
    OneOff,
    OneOffGround,
    Override,
    Restriction,
    Ruling,
)
from connective.contracts.authority import Authority
from connective.contracts.categories import LOCATING_CATEGORIES, AssuranceLevel, Category, Method, Purpose
from connective.contracts.sharing import Outcome, Question

PR = Authority.PARENTAL_RESPONSIBILITY
NOTHING: frozenset[Any] = frozenset()


def ask(evidence: Evidence, **changes: Any) -> Decision:
    return decide(b.question(**changes), evidence, b.NOW)


def codes(decision: Decision) -> set[tuple[int, str]]:
    return {(r.rule, r.code) for r in decision.refusals}


def test_all_in_order_is_permitted() -> None:
    decision = ask(b.evidence())
    assert decision.outcome is Outcome.PERMIT
    assert decision.categories == b.ASKED
    assert decision.agreement_reference == "DSA-1"
    assert decision.basis == "6(1)(e)"
    assert decision.consent_record_ids == (b.number(510),)
    assert [r.rule for r in decision.rules] == [1, 2, 3, 4, 5, 6, 7]
    assert all(r.passed for r in decision.rules)
    assert (decision.refusals, decision.warnings) == ((), ())


def test_progress_always_returns() -> None:
    decision = ask(b.evidence(flows=(), subjects=(b.subject(b.CHILD, 3),)), categories={Category.PROGRESS})
    assert decision.outcome is Outcome.PERMIT
    mixed = ask(b.evidence(flows=()), categories={Category.PROGRESS, Category.HEALTH})
    assert mixed.outcome is Outcome.PARTIAL
    assert mixed.categories == {Category.PROGRESS}


class TestParties:
    @pytest.mark.parametrize("side", ["discloser", "recipient"])
    @pytest.mark.parametrize(
        ("changes", "code"),
        [({"active": False}, "{}_suspended"), ({"processing_signed": False}, "{}_has_no_processing_agreement")],
    )
    def test_each_side_must_be_in_order(self, side: str, changes: dict[str, Any], code: str) -> None:
        party = replace(getattr(b.evidence(), side), **changes)
        decision = ask(b.evidence(**{side: party}))
        assert decision.outcome is Outcome.DENY
        assert codes(decision) == {(1, code.format(side))}

    @pytest.mark.parametrize("side", ["discloser", "recipient"])
    def test_an_unknown_organisation_is_refused(self, side: str) -> None:
        assert (1, f"{side}_unknown") in codes(ask(b.evidence(**{side: None})))

    def test_a_shared_device_never_receives_health(self) -> None:
        device = replace(b.evidence().recipient, assurance_level=AssuranceLevel.SHARED_DEVICE)
        decision = ask(b.evidence(recipient=device))
        assert decision.outcome is Outcome.PARTIAL
        assert decision.categories == b.ASKED - {Category.HEALTH}
        assert codes(decision) == {(1, "assurance_too_low")}


class TestAgreement:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"state": State.SUSPENDED}, "agreement_suspended"),
            ({"state": State.AWAITING_SIGNATURES}, "agreement_not_active"),
            ({"state": State.TERMINATED}, "agreement_not_active"),
            ({"starts_on": b.TODAY + timedelta(days=1)}, "agreement_not_active"),
            ({"ends_on": b.TODAY - timedelta(days=1)}, "agreement_expired"),
            ({"methods": frozenset({Method.API})}, "method_not_in_agreement"),
            ({"signed": False}, "party_has_not_signed"),
            ({"excluded_organisation_ids": frozenset({b.SALT_TEAM})}, "organisation_excluded"),
            ({"excluded_organisation_ids": frozenset({b.SCHOOL})}, "organisation_excluded"),
            ({"people_covered": PeopleCovered.ADULTS}, "person_not_covered"),
        ],
    )
    def test_what_ends_it(self, changes: dict[str, Any], code: str) -> None:
        decision = ask(b.evidence(flows=(b.flow(**changes),)))
        assert decision.outcome is Outcome.DENY
        assert codes(decision) == {(2, code)}

    def test_none_at_all(self) -> None:
        decision = ask(b.evidence(flows=()))
        assert codes(decision) == {(2, "no_agreement")}
        assert decision.agreement_id is None

    def test_dates_at_the_end_of_time(self) -> None:
        line = b.flow(dpia_review_due_on=date.max, ends_on=date.max, starts_on=date.min)
        assert ask(b.evidence(flows=(line,))).outcome is Outcome.PERMIT

    def test_last_day_and_first_day_count(self) -> None:
        assert ask(b.evidence(flows=(b.flow(ends_on=b.TODAY, starts_on=b.TODAY),))).outcome is Outcome.PERMIT

    def test_a_category_it_does_not_list_is_left_out(self) -> None:
        decision = ask(b.evidence(flows=(b.flow(categories=frozenset({Category.IDENTITY})),)))
        assert decision.outcome is Outcome.PARTIAL
        assert {r.category for r in decision.refusals} == {Category.EDUCATION, Category.HEALTH}
        assert codes(decision) == {(2, "category_not_in_agreement")}

    def test_two_lines_of_one_agreement_add_up(self) -> None:
        lines = (b.flow(categories=frozenset({c})) for c in b.ASKED)
        assert ask(b.evidence(flows=tuple(lines))).outcome is Outcome.PERMIT

    def test_two_agreements_do_not_add_up_and_the_wider_one_carries(self) -> None:
        narrow = b.flow(categories=frozenset({Category.HEALTH}))
        wide = b.flow(agreement_id=b.number(42), reference="DSA-2", categories=b.ASKED - {Category.HEALTH}, version=3)
        decision = ask(b.evidence(flows=(narrow, wide)))
        assert decision.categories == b.ASKED - {Category.HEALTH}
        assert (decision.agreement_reference, decision.agreement_version) == ("DSA-2", 3)

    @pytest.mark.parametrize(("age", "covered"), [(17, True), (18, False), (None, False)])
    def test_people_covered(self, age: int | None, covered: bool) -> None:
        person = b.subject(b.TEEN, age, b.statement(b.TEEN))
        found = b.evidence(flows=(b.flow(people_covered=PeopleCovered.CHILDREN),), subjects=(person,))
        assert (ask(found, subjects=(b.TEEN,)).outcome is Outcome.PERMIT) is covered

    @pytest.mark.parametrize("what", ["dpia", "ico_registration", "training"])
    @pytest.mark.parametrize(
        ("days", "warned", "denied"), [(0, False, False), (1, True, False), (28, True, False), (29, False, True)]
    )
    def test_a_lapse_warns_for_28_days_then_denies(self, what: str, days: int, warned: bool, denied: bool) -> None:
        due = b.TODAY - timedelta(days=days)
        found = b.evidence()
        assert found.recipient is not None
        if what == "dpia":
            found = b.evidence(flows=(b.flow(dpia_review_due_on=due),))
        elif what == "training":
            found = b.evidence(recipient=replace(found.recipient, training_valid_until=due))
        else:
            found = b.evidence(recipient=replace(found.recipient, ico_registered_until=due))
        decision = ask(found)
        assert bool(decision.warnings) is warned
        assert codes(decision) == ({(2, f"{what}_out_of_date")} if denied else set())

    def test_teams_of_one_entity_need_no_agreement_but_a_compatible_purpose(self) -> None:
        team = b.party(b.SALT_TEAM, b.COUNCIL, "Borsetshire Council")
        found = b.evidence(recipient=team, flows=())
        assert ask(found).outcome is Outcome.PERMIT
        assert codes(ask(found, purpose=Purpose.RESEARCH)) == {(2, "purpose_not_compatible")}

    def test_a_one_off_disclosure_covers_what_it_names(self) -> None:
        one_off = OneOff(
            b.number(60), OneOffGround.OFFICER_DECISION, frozenset({b.CHILD}), frozenset({Category.IDENTITY}), ""
        )
        decision = ask(b.evidence(flows=(), one_off=one_off))
        assert decision.categories == {Category.IDENTITY}
        other = replace(one_off, person_ids=frozenset({b.TEEN}))
        assert ask(b.evidence(flows=(), one_off=other)).outcome is Outcome.DENY

    def test_a_duty_in_law_needs_no_agreement_to_engage(self) -> None:
        one_off = OneOff(b.number(60), OneOffGround.DUTY_IN_LAW, frozenset({b.CHILD}), b.ASKED, "9(2)(g), para 6")
        found = b.evidence(flows=(), one_off=one_off, subjects=(b.good_child(statements=()),))
        assert ask(found).outcome is Outcome.PERMIT
        assert codes(ask(replace(found, one_off=replace(one_off, condition="")))) == {(3, "condition_missing")}


class TestConditions:
    @pytest.mark.parametrize("side", ["discloser_basis", "recipient_basis"])
    @pytest.mark.parametrize(
        ("category", "changes", "code"),
        [
            (Category.HEALTH, {"article_9": None}, "article_9_condition_missing"),
            (Category.SAFEGUARDING, {"schedule_1_paragraph": ""}, "schedule_1_paragraph_missing"),
            (Category.OFFENDING, {"article_10": ""}, "article_10_condition_missing"),
            (Category.OFFENDING, {"schedule_1_paragraph": ""}, "schedule_1_paragraph_missing"),
        ],
    )
    def test_either_partys_missing_condition_refuses(
        self, side: str, category: Category, changes: dict[str, Any], code: str
    ) -> None:
        entity = b.COUNCIL if side == "discloser_basis" else b.NHS
        line = b.flow(**{side: b.basis(entity, **changes)})
        decision = ask(b.evidence(flows=(line,)), categories={category, Category.IDENTITY})
        assert decision.categories == {Category.IDENTITY}
        assert codes(decision) == {(3, code)}
        assert "agreement manager" in decision.refusals[0].remedy

    def test_vital_interests_need_no_paragraph(self) -> None:
        bare = {"article_9": Article9.VITAL_INTERESTS, "schedule_1_paragraph": ""}
        line = b.flow(discloser_basis=b.basis(b.COUNCIL, **bare), recipient_basis=b.basis(b.NHS, **bare))
        assert ask(b.evidence(flows=(line,))).outcome is Outcome.PERMIT


def engaged(*said: Any, **changes: Any) -> Decision:
    return ask(b.evidence(subjects=(b.good_child(statements=said, **changes),)))


class TestEngagement:
    def test_nobody_asked(self) -> None:
        assert codes(engaged()) == {(4, "family_not_asked")}

    @pytest.mark.parametrize("state", [ConsentState.REFUSED, ConsentState.WITHDRAWN])
    def test_a_no(self, state: ConsentState) -> None:
        assert codes(engaged(b.statement(b.MOTHER, PR, state))) == {(4, "family_refused")}

    def test_a_yes_that_ran_out(self) -> None:
        assert codes(engaged(b.statement(b.MOTHER, PR, expires_at=b.NOW))) == {(4, "family_not_asked")}

    @pytest.mark.parametrize(
        ("scope", "fits"),
        [
            (Scope(frozenset({b.SALT_TEAM}), NOTHING, NOTHING, NOTHING), True),
            (Scope(frozenset({b.SCHOOL}), NOTHING, NOTHING, NOTHING), False),
            (Scope(NOTHING, frozenset({"speech_and_language_therapy"}), NOTHING, NOTHING), True),
            (Scope(NOTHING, frozenset({"food_bank"}), NOTHING, NOTHING), False),
            (Scope(NOTHING, NOTHING, frozenset({Purpose.RESEARCH}), NOTHING), False),
        ],
    )
    def test_scope(self, scope: Scope, fits: bool) -> None:
        assert (engaged(b.statement(b.MOTHER, PR, scope=scope)).outcome is Outcome.PERMIT) is fits

    def test_the_latest_word_of_a_giver_counts(self) -> None:
        yes, no = b.statement(b.MOTHER, PR, days_ago=9), b.statement(b.MOTHER, PR, ConsentState.REFUSED, days_ago=3)
        assert engaged(yes, no).outcome is Outcome.DENY
        again = b.statement(b.MOTHER, PR, days_ago=1)
        assert engaged(yes, no, again).outcome is Outcome.PERMIT

    def test_a_fathers_no_ends_only_his_own_yes(self) -> None:
        no = b.statement(b.FATHER, PR, ConsentState.REFUSED, days_ago=1)
        decision = engaged(b.statement(b.MOTHER, PR), no)
        assert decision.outcome is Outcome.PERMIT
        assert any("differ" in w for w in decision.warnings)

    @pytest.mark.parametrize("share", [True, False])
    def test_where_holders_differ_the_practice_lead_decides(self, share: bool) -> None:
        ruling = Ruling(b.number(70), Kind.AGREEMENT_TO_ENGAGE, share, b.EVERYTHING, b.NOW)
        no = b.statement(b.FATHER, PR, ConsentState.REFUSED, days_ago=1)
        decision = engaged(b.statement(b.MOTHER, PR), no, rulings=(ruling,))
        assert (decision.outcome is Outcome.PERMIT) is share
        assert not decision.warnings

    @pytest.mark.parametrize(("age", "authority"), [(14, Authority.OWN_ASSESSED_COMPETENT), (16, Authority.OWN)])
    def test_a_competent_childs_no_beats_a_parents_yes_unless_ruled(self, age: int, authority: Authority) -> None:
        said = (b.statement(b.MOTHER, PR), b.statement(b.TEEN, authority, ConsentState.REFUSED, days_ago=2))
        teen = b.subject(b.TEEN, age, *said)
        decision = ask(b.evidence(subjects=(teen,)), subjects=(b.TEEN,))
        assert codes(decision) == {(4, "family_refused")}
        early, late = (
            Ruling(b.number(71), Kind.AGREEMENT_TO_ENGAGE, True, b.EVERYTHING, b.NOW - timedelta(days=d))
            for d in (3, 1)
        )
        for ruling, stands in ((early, False), (late, True)):
            ruled = replace(teen, rulings=(ruling,))
            outcome = ask(b.evidence(subjects=(ruled,)), subjects=(b.TEEN,)).outcome
            assert (outcome is Outcome.PERMIT) is stands

    def test_a_teenagers_own_yes_is_enough(self) -> None:
        teen = b.subject(b.TEEN, 16, b.statement(b.TEEN), b.statement(b.MOTHER, PR, ConsentState.REFUSED))
        assert ask(b.evidence(subjects=(teen,)), subjects=(b.TEEN,)).outcome is Outcome.PERMIT

    def test_a_parents_yes_ends_when_the_child_is_grown(self) -> None:
        grown = b.subject(b.TEEN, 18, b.statement(b.MOTHER, PR))
        assert codes(ask(b.evidence(subjects=(grown,)), subjects=(b.TEEN,))) == {(4, "family_not_asked")}

    def test_an_adults_own_no_is_final(self) -> None:
        no = b.statement(b.MOTHER, state=ConsentState.REFUSED)
        someone = b.statement(b.FATHER, Authority.ATTORNEY_OR_DEPUTY, days_ago=1)
        ruling = Ruling(b.number(70), Kind.AGREEMENT_TO_ENGAGE, True, b.EVERYTHING, b.NOW)
        adult = b.subject(b.MOTHER, 34, no, someone, rulings=(ruling,))
        assert ask(b.evidence(subjects=(adult,)), subjects=(b.MOTHER,)).outcome is Outcome.DENY

    def test_safeguarding_needs_none(self) -> None:
        decision = ask(b.evidence(subjects=(b.good_child(statements=()),)), purpose=Purpose.SAFEGUARDING)
        assert decision.outcome is Outcome.PERMIT

    def test_person_by_person(self) -> None:
        found = b.evidence(subjects=(b.good_child(), b.subject(b.MOTHER, 34)))
        decision = ask(found, subjects=(b.CHILD, b.MOTHER))
        assert decision.outcome is Outcome.PARTIAL
        assert decision.categories == frozenset()
        assert {s.person_id: s.categories for s in decision.subjects} == {b.CHILD: b.ASKED, b.MOTHER: frozenset()}
        assert {r.person_id for r in decision.refusals} == {b.MOTHER}


def consent(giver: Any, authority: Authority, **changes: Any) -> Any:
    scope = Scope(frozenset({b.SALT_TEAM}), NOTHING, frozenset({Purpose.REFERRAL}), b.ASKED)
    changes = {"kind": Kind.CONSENT, "days_ago": 5, "scope": scope, **changes}
    return b.statement(giver, authority, **changes)


def on_consent(*said: Any, recipient_article: Article6 = Article6.PUBLIC_TASK, **changes: Any) -> Decision:
    engagement = b.statement(b.MOTHER, PR)
    line = b.flow(
        discloser_basis=b.basis(b.COUNCIL, Article6.CONSENT), recipient_basis=b.basis(b.NHS, recipient_article)
    )
    child = b.good_child(statements=(engagement, *said), **changes)
    return ask(b.evidence(flows=(line,), subjects=(child,)))


class TestBasis:
    def test_consent_given(self) -> None:
        decision = on_consent(consent(b.MOTHER, PR))
        assert decision.outcome is Outcome.PERMIT
        assert decision.basis == "6(1)(a)"
        assert set(decision.consent_record_ids) == {b.number(510), b.number(505)}

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"state": ConsentState.REFUSED}, "consent_refused"),
            ({"state": ConsentState.WITHDRAWN}, "consent_withdrawn"),
            ({"expires_at": b.NOW - timedelta(seconds=1)}, "consent_expired"),
            ({"scope": Scope(frozenset({b.SCHOOL}), NOTHING, NOTHING, b.ASKED)}, "consent_missing"),
        ],
    )
    def test_consent_not_standing(self, changes: dict[str, Any], code: str) -> None:
        assert codes(on_consent(consent(b.MOTHER, PR, **changes))) == {(5, code)}

    def test_consent_for_some_categories(self) -> None:
        scope = Scope(frozenset({b.SALT_TEAM}), NOTHING, NOTHING, frozenset({Category.IDENTITY}))
        assert on_consent(consent(b.MOTHER, PR, scope=scope)).categories == {Category.IDENTITY}

    def test_a_childs_refusal(self) -> None:
        child_no = consent(b.CHILD, Authority.OWN_ASSESSED_COMPETENT, state=ConsentState.REFUSED, days_ago=4)
        assert codes(on_consent(consent(b.MOTHER, PR), child_no)) == {(5, "child_refused")}

    def test_ruled_against(self) -> None:
        no = consent(b.FATHER, PR, state=ConsentState.REFUSED, days_ago=4)
        scope = replace(b.EVERYTHING, categories=b.ASKED)
        ruling = Ruling(b.number(72), Kind.CONSENT, False, scope, b.NOW)
        assert on_consent(consent(b.MOTHER, PR), no).outcome is Outcome.PERMIT
        assert codes(on_consent(consent(b.MOTHER, PR), no, rulings=(ruling,))) == {(5, "holders_differ")}

    def test_the_recipients_reliance_on_consent_counts_too(self) -> None:
        line = b.flow(recipient_basis=b.basis(b.NHS, Article6.CONSENT))
        assert codes(ask(b.evidence(flows=(line,)))) == {(5, "consent_missing")}

    def test_explicit_consent_as_condition_is_needed_for_those_categories_only(self) -> None:
        line = b.flow(discloser_basis=b.basis(b.COUNCIL, article_9=Article9.EXPLICIT_CONSENT))
        assert ask(b.evidence(flows=(line,))).categories == b.ASKED - {Category.HEALTH}

    @pytest.mark.parametrize(
        "notice", [None, Notice(frozenset({b.SCHOOL}), NOTHING), Notice(NOTHING, frozenset({Purpose.RESEARCH}))]
    )
    def test_not_told(self, notice: Notice | None) -> None:
        child = b.good_child(notices=(notice,) if notice else ())
        assert codes(ask(b.evidence(subjects=(child,)))) == {(5, "family_not_told")}

    def test_consent_needs_no_notice(self) -> None:
        assert on_consent(consent(b.MOTHER, PR), notices=()).outcome is Outcome.PERMIT

    @pytest.mark.parametrize(
        ("state", "code"), [(ObjectionState.OPEN, "objection_open"), (ObjectionState.UPHELD, "objection_upheld")]
    )
    def test_an_objection_denies(self, state: ObjectionState, code: str) -> None:
        child = b.good_child(objections=(Objection(state, frozenset({b.SALT_TEAM})),))
        assert codes(ask(b.evidence(subjects=(child,)))) == {(5, code)}

    @pytest.mark.parametrize(
        "objection",
        [Objection(ObjectionState.DISMISSED, NOTHING), Objection(ObjectionState.OPEN, frozenset({b.SCHOOL}))],
    )
    def test_an_objection_dismissed_or_about_others_does_not(self, objection: Objection) -> None:
        child = b.good_child(objections=(objection,))
        assert ask(b.evidence(subjects=(child,))).outcome is Outcome.PERMIT


class TestRestrictions:
    def test_whereabouts_hides_what_locates(self) -> None:
        child = b.good_child(restrictions=(Restriction("whereabouts", frozenset({b.SCHOOL})),))
        asked = LOCATING_CATEGORIES | {Category.IDENTITY}
        decision = ask(b.evidence(subjects=(child,)), categories=asked)
        assert decision.categories == {Category.IDENTITY}
        assert codes(decision) == {(6, "whereabouts_restricted")}

    def test_those_named_may_know(self) -> None:
        child = b.good_child(restrictions=(Restriction("whereabouts", frozenset({b.SALT_TEAM})),))
        assert ask(b.evidence(subjects=(child,))).outcome is Outcome.PERMIT

    @pytest.mark.parametrize(
        ("kind", "named", "hidden"),
        [("conflict", b.SALT_TEAM, True), ("conflict", b.SCHOOL, False), ("unheard_of", b.SCHOOL, True)],
    )
    def test_other_kinds(self, kind: str, named: Any, hidden: bool) -> None:
        child = b.good_child(restrictions=(Restriction(kind, frozenset({named})),))
        assert (ask(b.evidence(subjects=(child,))).outcome is Outcome.DENY) is hidden


def override(**changes: Any) -> Override:
    return replace(Override(b.number(80), frozenset({b.CHILD}), b.ASKED, False), **changes)


class TestOverride:
    def test_stands_instead_of_agreement_conditions_engagement_basis_and_objection(self) -> None:
        objecting = b.subject(b.CHILD, 3, notices=(), objections=(Objection(ObjectionState.UPHELD, NOTHING),))
        found = b.evidence(flows=(), subjects=(objecting,))
        assert ask(found).outcome is Outcome.DENY
        decision = ask(replace(found, override=override()))
        assert decision.outcome is Outcome.PERMIT
        assert {r.rule for r in decision.rules if not r.passed} == {2, 4, 5}
        assert decision.warnings

    def test_only_for_the_people_and_categories_named(self) -> None:
        found = b.evidence(flows=(), subjects=(b.good_child(), b.good_mother()))
        lifted = override(categories=frozenset({Category.IDENTITY}))
        decision = ask(replace(found, override=lifted), subjects=(b.CHILD, b.MOTHER))
        permitted = {s.person_id: s.categories for s in decision.subjects}
        assert permitted == {b.CHILD: {Category.IDENTITY}, b.MOTHER: frozenset()}

    @pytest.mark.parametrize("confirmed", [True, False])
    def test_a_restriction_takes_a_second_confirmation(self, confirmed: bool) -> None:
        child = b.good_child(restrictions=(Restriction("whereabouts", NOTHING),))
        found = b.evidence(subjects=(child,), override=override(restriction_confirmed=confirmed))
        assert (Category.EDUCATION in ask(found).categories) is confirmed

    def test_never_stands_instead_of_the_parties(self) -> None:
        recipient = replace(b.evidence().recipient, active=False)
        assert ask(b.evidence(recipient=recipient, override=override())).outcome is Outcome.DENY


MAYBE = st.booleans()


@st.composite
def some_evidence(draw: Any) -> tuple[Question, Evidence]:
    """Evidence with every sort of hole in it."""
    people = draw(st.lists(st.sampled_from([b.MOTHER, b.CHILD, b.TEEN]), min_size=1, max_size=3, unique=True))
    states = st.sampled_from([ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.WITHDRAWN])
    subjects = []
    for person in people:
        age = draw(st.sampled_from([None, 3, 15, 17, 40]))
        said = []
        for giver, authority in ((person, Authority.OWN), (b.MOTHER, PR)):
            for kind in Kind:
                if draw(MAYBE):
                    scope = replace(b.EVERYTHING, categories=draw(st.sampled_from([b.ASKED, NOTHING])))
                    said.append(b.statement(giver, authority, draw(states), kind, scope=scope))
        restrictions = (Restriction("whereabouts", NOTHING),) if draw(MAYBE) else ()
        objections = (Objection(draw(st.sampled_from(ObjectionState)), NOTHING),) if draw(MAYBE) else ()
        notices = (Notice(NOTHING, NOTHING),) if draw(MAYBE) else ()
        subjects.append(
            b.subject(person, age, *said, notices=notices, objections=objections, restrictions=restrictions)
        )
    article = draw(st.sampled_from([Article6.CONSENT, Article6.PUBLIC_TASK]))
    line = b.flow(
        state=draw(st.sampled_from([State.ACTIVE, State.SUSPENDED])),
        categories=draw(st.sampled_from([b.ASKED, frozenset({Category.IDENTITY})])),
        discloser_basis=b.basis(
            b.COUNCIL, article, article_9=draw(st.sampled_from([None, Article9.HEALTH_OR_SOCIAL_CARE]))
        ),
    )
    lifted = override(restriction_confirmed=draw(MAYBE)) if draw(MAYBE) else None
    found = b.evidence(
        flows=(line,) if draw(MAYBE) else (),
        subjects=tuple(subjects),
        override=lifted,
        recipient=b.evidence().recipient if draw(MAYBE) else None,
    )
    categories = draw(st.sampled_from([b.ASKED, b.ASKED | {Category.PROGRESS, Category.ADDRESS}]))
    return b.question(subjects=tuple(people), categories=categories), found


@settings(max_examples=300, deadline=None)
@given(some_evidence())
def test_every_refused_category_has_a_refusal_and_no_permitted_one_has(case: tuple[Question, Evidence]) -> None:
    question, found = case
    decision = decide(question, found, b.NOW)
    assert len(decision.rules) == 7
    refused = {
        (person, r.category)
        for r in decision.refusals
        for person in (question.subjects if r.person_id is None else (r.person_id,))
    }
    for permission in decision.subjects:
        for category in question.categories:
            assert (category in permission.categories) is ((permission.person_id, category) not in refused)
    for refusal in decision.refusals:
        assert refusal.sentence.endswith(".")
        assert refusal.remedy.endswith(".")


def _poorer(found: Evidence) -> list[Evidence]:
    """The same, with one thing fewer that could permit."""
    poorer = [replace(found, discloser=None), replace(found, recipient=None), replace(found, override=None)]
    poorer += [replace(found, flows=found.flows[:-1])] if found.flows else []
    for n, person in enumerate(found.subjects):
        rest = (found.subjects[:n], found.subjects[n + 1 :])
        less = [replace(person, notices=())]
        less += [
            replace(person, statements=tuple(s for s in person.statements if s is not said))
            for said in person.statements
            if said.state is ConsentState.GIVEN
        ]
        poorer += [replace(found, subjects=(*rest[0], one, *rest[1])) for one in less]
    return poorer


@settings(max_examples=200, deadline=None)
@given(some_evidence())
def test_less_evidence_never_permits_more(case: tuple[Question, Evidence]) -> None:
    question, found = case
    full = {s.person_id: s.categories for s in decide(question, found, b.NOW).subjects}
    for poorer in _poorer(found):
        for permission in decide(question, poorer, b.NOW).subjects:
            assert permission.categories <= full[permission.person_id]
