from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import consent_builders as b
import pytest

from connective.consent.domain.agreement import (
    ALLOWED,
    Action,
    AgreementVersion,
    Review,
    Signature,
    State,
    activate_if_due,
    allowed_actions,
    edit,
    expire_if_due,
    flow_is_signed,
    reinstate,
    review,
    sign,
    submit,
    supersede,
    suspend,
    terminate,
)
from connective.consent.domain.agreement_checks import check_terms, stopping
from connective.consent.domain.agreement_terms import (
    Article6,
    Article9,
    Assessment,
    AtEnd,
    Flow,
    Party,
    PartyRole,
    Retention,
    Terms,
)
from connective.consent.domain.agreement_text import long_date, mentioned, terms_document, terms_hash
from connective.consent.domain.documents import Document, as_text
from connective.consent.domain.findings import Weight
from connective.consent.domain.legal_entities import EntityKind
from connective.consent.domain.refusals import Incomplete, NotNow, NotYours, Unacceptable
from connective.contracts.categories import Category, Method, Purpose

DAY = timedelta(days=1)
HASH = "ab" * 32
WORDS = Document("A title", "DSA-1", 1, ())


def said(entity: Any, approved: bool = True) -> Review:
    return Review(entity, "dpo", approved, "", b.NOW)


def signature(entity: Any, text_hash: str = HASH) -> Signature:
    return Signature(entity, "signatory", text_hash, b.NOW)


def submitted(**changes: Any) -> AgreementVersion:
    return submit(b.version(**changes), b.COUNCIL, document=WORDS, text_hash=HASH, stops=(), at=b.NOW)


def reviewed(**changes: Any) -> AgreementVersion:
    version = submitted(**changes)
    for party in version.terms.parties:
        version = review(version, said(party.legal_entity_id)) if not party.joins_late else version
    return version


def signed(**changes: Any) -> AgreementVersion:
    return sign(sign(reviewed(**changes), signature(b.COUNCIL), b.TODAY), signature(b.NHS), b.TODAY)


class TestLifecycle:
    def test_from_draft_to_active(self) -> None:
        version = submitted()
        assert version.state is State.IN_REVIEW
        version = review(version, said(b.COUNCIL))
        assert version.state is State.IN_REVIEW
        version = review(version, said(b.NHS))
        assert version.state is State.AWAITING_SIGNATURES
        version = sign(version, signature(b.NHS), b.TODAY)
        assert version.state is State.AWAITING_SIGNATURES
        version = sign(version, signature(b.COUNCIL), b.TODAY)
        assert version.state is State.ACTIVE
        assert version.revision == 7

    def test_it_waits_for_its_start_day(self) -> None:
        terms = b.terms(starts_on=b.TODAY + DAY)
        version = signed(terms=terms)
        assert version.state is State.AWAITING_SIGNATURES
        assert activate_if_due(version, b.TODAY, b.NOW) is version
        assert activate_if_due(version, b.TODAY + DAY, b.NOW).state is State.ACTIVE

    def test_a_review_that_asks_for_changes_keeps_it_in_review(self) -> None:
        version = review(review(submitted(), said(b.COUNCIL)), said(b.NHS, approved=False))
        assert version.state is State.IN_REVIEW
        assert review(version, said(b.NHS)).state is State.AWAITING_SIGNATURES

    def test_a_late_joiner_holds_up_only_its_own_flows(self) -> None:
        late = Party(b.CHARITY, PartyRole.CONTROLLER, joins_late=True)
        other = Flow(b.COUNCIL, b.CHARITY, Purpose.REFERRAL, frozenset({Category.IDENTITY}), frozenset({Method.API}))
        first = b.terms()
        version = signed(terms=replace(first, parties=(*first.parties, late), flows=(*first.flows, other)))
        assert version.state is State.ACTIVE
        assert [flow_is_signed(version, f) for f in version.terms.flows] == [True, False]
        version = sign(version, signature(b.CHARITY), b.TODAY)
        assert version.state is State.ACTIVE
        assert flow_is_signed(version, other)

    def test_suspension_and_back(self) -> None:
        version = suspend(signed(), b.NHS, "a breach", b.NOW)
        assert (version.state, version.state_reason) == (State.SUSPENDED, "a breach")
        assert reinstate(version, b.COUNCIL, "settled", b.NOW).state is State.ACTIVE

    def test_ends(self) -> None:
        version = signed()
        assert terminate(version, b.NHS, "over", b.NOW).state is State.TERMINATED
        assert supersede(version, b.NOW).state is State.SUPERSEDED
        assert expire_if_due(version, version.terms.ends_on, b.NOW) is version
        assert expire_if_due(version, version.terms.ends_on + DAY, b.NOW).state is State.EXPIRED

    def test_the_wrong_text_is_not_signed(self) -> None:
        with pytest.raises(Unacceptable):
            sign(reviewed(), signature(b.COUNCIL, "cd" * 32), b.TODAY)

    def test_nobody_signs_twice(self) -> None:
        with pytest.raises(NotNow):
            sign(sign(reviewed(), signature(b.COUNCIL), b.TODAY), signature(b.COUNCIL), b.TODAY)

    def test_outsiders(self) -> None:
        for act in (
            lambda: review(submitted(), said(b.CHARITY)),
            lambda: sign(reviewed(), signature(b.CHARITY), b.TODAY),
            lambda: suspend(signed(), b.CHARITY, "", b.NOW),
            lambda: edit(b.version(), b.NHS, b.terms(), b.NOW),
            lambda: terminate(b.version(), b.NHS, "", b.NOW),
            lambda: terminate(signed(), b.CHARITY, "", b.NOW),
        ):
            with pytest.raises(NotYours):
                act()

    @pytest.mark.parametrize("state", list(State))
    @pytest.mark.parametrize("action", list(Action))
    def test_every_action_in_every_state(self, state: State, action: Action) -> None:
        version = b.version(state=state, text_hash=HASH)
        acts = {
            Action.EDIT: lambda: edit(version, b.COUNCIL, b.terms(), b.NOW),
            Action.SUBMIT: lambda: submit(version, b.COUNCIL, document=WORDS, text_hash="", stops=(), at=b.NOW),
            Action.REVIEW: lambda: review(version, said(b.COUNCIL)),
            Action.SIGN: lambda: sign(version, signature(b.COUNCIL), b.TODAY),
            Action.SUSPEND: lambda: suspend(version, b.COUNCIL, "", b.NOW),
            Action.REINSTATE: lambda: reinstate(version, b.COUNCIL, "", b.NOW),
            Action.TERMINATE: lambda: terminate(version, b.COUNCIL, "", b.NOW),
        }
        if action in ALLOWED[state]:
            assert acts[action]().revision == version.revision + 1
            assert action.value in allowed_actions(version, b.COUNCIL)
        else:
            with pytest.raises(NotNow) as refused:
                acts[action]()
            assert refused.value.allowed == tuple(a.value for a in ALLOWED[state])

    def test_what_a_party_and_a_broker_may_do(self) -> None:
        assert allowed_actions(submitted(), b.NHS) == ("review",)
        assert allowed_actions(signed(), b.NHS) == ("suspend", "terminate")
        assert allowed_actions(b.version(lead_entity_id=b.CHARITY), b.CHARITY) == ("edit", "submit", "terminate")
        assert allowed_actions(reviewed(lead_entity_id=b.COUNCIL), b.CHARITY) == ()


def found(terms: Terms) -> dict[str, Weight]:
    return {f.code: f.weight for f in check_terms(terms, b.register())}


class TestChecks:
    def test_good_terms(self) -> None:
        assert check_terms(b.terms(), b.register()) == ()

    def test_health_without_a_condition_warns_and_does_not_stop(self) -> None:
        bare = b.terms(bases=(b.basis(b.COUNCIL), b.basis(b.NHS, article_9=None, schedule_1_paragraph="")))
        (finding,) = check_terms(bare, b.register())
        assert (finding.weight, finding.code) == (Weight.WARNS, "article_9_condition_missing")
        assert "`health`" in finding.sentence
        assert "no Article 9 condition" in finding.sentence
        assert stopping((finding,)) == ()

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"dpia": None}, "no_dpia"),
            ({"flows": ()}, "no_flows"),
            ({"parties": (Party(b.COUNCIL, PartyRole.CONTROLLER),)}, "too_few_parties"),
            ({"parties": (Party(b.COUNCIL, PartyRole.CONTROLLER),) * 2}, "party_twice"),
            ({"bases": (b.basis(b.COUNCIL),)}, "basis_missing"),
            ({"bases": (b.basis(b.COUNCIL), b.basis(b.NHS), b.basis(b.NHS))}, "basis_twice"),
            (
                {"bases": (b.basis(b.COUNCIL, Article6.LEGITIMATE_INTEREST), b.basis(b.NHS))},
                "interest_of_public_authority",
            ),
            (
                {"bases": (b.basis(b.COUNCIL, Article6.RECOGNISED_INTEREST), b.basis(b.NHS))},
                "interest_of_public_authority",
            ),
            ({"bases": (b.basis(b.COUNCIL, legal_power=""), b.basis(b.NHS))}, "no_legal_power"),
            ({"ends_on": b.TODAY}, "ends_before_start"),
            ({"review_on": b.TODAY}, "review_outside"),
            ({"retention": ()}, "no_retention"),
            ({"breach_contact": " "}, "not_stated"),
        ],
    )
    def test_what_stops(self, changes: dict[str, Any], code: str) -> None:
        assert found(b.terms(**changes))[code] is Weight.STOPS

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"prohibited_uses": frozenset()}, "nothing_prohibited"),
            ({"review_on": b.TODAY + 500 * DAY}, "review_late"),
            ({"bases": (b.basis(b.COUNCIL, policy_document=""), b.basis(b.NHS))}, "no_policy_document"),
            ({"bases": (b.basis(b.COUNCIL), b.basis(b.NHS, confidentiality_basis=""))}, "no_confidentiality_basis"),
        ],
    )
    def test_what_warns(self, changes: dict[str, Any], code: str) -> None:
        assert found(b.terms(**changes)) == {code: Weight.WARNS}

    def test_a_charity_cannot_borrow_the_councils_task(self) -> None:
        terms = b.terms(
            parties=(Party(b.COUNCIL, PartyRole.CONTROLLER), Party(b.CHARITY, PartyRole.CONTROLLER)),
            bases=(b.basis(b.COUNCIL), b.basis(b.CHARITY)),
            flows=tuple(replace(f, to_entity_id=b.CHARITY) for f in b.terms().flows),
        )
        assert found(terms) == {"borrowed_public_task": Weight.STOPS}
        fine = replace(terms, bases=(b.basis(b.COUNCIL), b.basis(b.CHARITY, Article6.LEGITIMATE_INTEREST)))
        assert found(fine) == {}
        assert b.REGISTER[b.CHARITY].kind is EntityKind.CHARITY

    def test_flows(self) -> None:
        good = b.terms().flows[0]
        assert "flow_to_itself" in found(b.terms(flows=(replace(good, to_entity_id=b.COUNCIL),)))
        assert "flow_empty" in found(b.terms(flows=(replace(good, categories=frozenset()),)))
        assert "flow_without_method" in found(b.terms(flows=(replace(good, methods=frozenset()),)))
        assert "flow_outsider" in found(b.terms(flows=(replace(good, to_entity_id=b.CHARITY),)))
        assert "immigration_shared" in found(b.terms(flows=(replace(good, categories=frozenset(Category)),)))

    def test_it_does_not_go_to_review(self) -> None:
        stops = stopping(check_terms(b.terms(dpia=None), b.register()))
        with pytest.raises(Incomplete) as refused:
            submit(b.version(), b.COUNCIL, document=WORDS, text_hash="", stops=stops, at=b.NOW)
        assert [f.code for f in refused.value.findings] == ["no_dpia"]
        assert "cannot be activated" in refused.value.findings[0].sentence


def test_every_term_is_in_the_text_that_is_signed() -> None:
    """Each field says something that nothing else says, and the text repeats it; a new field has to be shown too."""
    plain = ("summary", "necessity", "onward_sharing", "security", "privacy_notice")
    contacts = ("rights_contact", "complaints_contact", "breach_contact")
    words = {each: f"{each} is quillwort." for each in (*plain, *contacts)}
    late = Party(b.CHARITY, PartyRole.JOINT_CONTROLLER, frozenset({b.number(77)}), joins_late=True)
    stated = {
        "legal_power": "Act of quillwort s1",
        "article_10": "order of quillwort",
        "policy_document": "APD-quillwort",
        "confidentiality_basis": "implied quillwort",
    }
    lines = (Flow(b.NHS, b.COUNCIL, Purpose.TRANSITION, frozenset({Category.HOUSING}), frozenset({Method.API})),)
    terms = b.terms(
        **words,
        title="Title of quillwort",
        parties=(*b.terms().parties, late),
        bases=(b.basis(b.COUNCIL, **stated), b.basis(b.NHS, Article6.LEGAL_OBLIGATION)),
        flows=(*b.terms().flows, *lines),
        retention=(Retention(frozenset({Category.FINANCE}), "Kept for quillwort years."),),
        dpia=Assessment("DPIA-quillwort", "Outcome of quillwort.", b.TODAY - DAY, b.TODAY + 91 * DAY),
        starts_on=b.TODAY + DAY,
        review_on=b.TODAY + 92 * DAY,
        ends_on=b.TODAY + 93 * DAY,
        at_end=AtEnd.RETURN,
    )
    register = b.register(organisations={b.number(77): "The therapy desk"})
    text = as_text(terms_document("DSA-1", 2, terms, register))
    said = {
        "title": ("Title of quillwort",),
        "parties": ("joint controller", "joins later, by its own signature", "without The therapy desk"),
        "bases": (*stated.values(), "Article 6(1)(c)", "Article 9(2)(h)", "Schedule 1 paragraph"),
        "flows": ("transition", "housing", "between systems (API)"),
        "people_covered": ("About: children.",),
        "prohibited_uses": ("marketing",),
        "retention": ("finance", "Kept for quillwort years."),
        "dpia": ("DPIA-quillwort", "Outcome of quillwort.", long_date(b.TODAY + 91 * DAY)),
        "audit_entity_ids": ("may be audited by: Borsetshire Council",),
        "starts_on": (f"Starts on {long_date(b.TODAY + DAY)}",),
        "review_on": (f"Reviewed by {long_date(b.TODAY + 92 * DAY)}",),
        "ends_on": (f"Ends on {long_date(b.TODAY + 93 * DAY)}",),
        "at_end": ("Each party returns what it received",),
    } | {each: (sentence,) for each, sentence in words.items()}
    elsewhere = {"memorandum_id"}
    """By its reference: `test_an_agreement_serves_a_memorandum_and_is_never_the_same_record`."""
    assert said.keys() | elsewhere == {field.name for field in fields(Terms)}
    missing = {(name, each) for name, parts in said.items() for each in parts if each not in text}
    assert not missing


def test_an_officer_is_told_in_words_why_a_basis_is_not_open() -> None:
    for article in (Article6.LEGITIMATE_INTEREST, Article6.RECOGNISED_INTEREST):
        (finding,) = check_terms(b.terms(bases=(b.basis(b.COUNCIL, article), b.basis(b.NHS))), b.register())
        words = f"{article.value} is not open to a public authority for its own task, and Borsetshire Council is one."
        assert finding.sentence == words


def test_the_text_says_it_all_and_the_hash_binds_text_and_terms() -> None:
    terms = b.terms()
    text = as_text(terms_document("DSA-1", 2, terms, b.register()))
    for words in ("version 2", "Felpersham", "health", "hub page", "Article 9(2)(h)", "DPIA-7", "marketing"):
        assert words in text
    first = terms_hash(text, terms)
    assert first == terms_hash(text, terms)
    bare = replace(terms, bases=(b.basis(b.COUNCIL), b.basis(b.NHS, article_9=Article9.EXPLICIT_CONSENT)))
    assert len({first, terms_hash(text + " ", terms), terms_hash(text, bare)}) == 3
    assert mentioned(terms) == {b.COUNCIL, b.NHS}
