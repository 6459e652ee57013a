"""Templates are valid but for what only the parties can say; a comparison says every change in a sentence."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import consent_builders as b
import pytest
from fastapi import Response

from connective.consent.api.agreement_templates import list_all
from connective.consent.domain.agreement_checks import check_terms, stopping
from connective.consent.domain.agreement_terms import Article9, Assessment, Flow, Party, PartyRole, PeopleCovered
from connective.consent.domain.differences import Change, compare
from connective.consent.domain.legal_entities import EntityKind
from connective.consent.domain.templates import Template, clone
from connective.consent.storage.templates import template, templates
from connective.contracts.categories import Category, Method, Purpose
from connective.kit.problems import NotFound

KINDS = [EntityKind.COUNCIL, EntityKind.NHS_BODY, EntityKind.CHARITY, EntityKind.ACADEMY_TRUST, EntityKind.OTHER]


def test_there_is_one_for_each_of_the_common_four() -> None:
    assert [t.key for t in templates()] == ["early_help", "food", "housing", "salt"]
    with pytest.raises(NotFound):
        template("unknown")


async def test_the_list_reads_as_sentences_before_any_party_is_named() -> None:
    shown = (await list_all(Response())).items
    texts = [text for one in shown for text in (one.summary, one.necessity)]
    assert any(". The provider" in text for text in texts)
    assert not [text for text in texts if ". the " in text or text[0].islower()]


@pytest.mark.parametrize("one", templates(), ids=lambda t: t.key)
@pytest.mark.parametrize("kind", KINDS)
def test_a_clone_lacks_only_what_the_parties_must_say(one: Template, kind: EntityKind) -> None:
    provider = b.entity(b.CHARITY, "The provider", kind)
    terms = clone(one, b.REGISTER[b.COUNCIL], provider, b.TODAY)
    register = b.register(entities=b.REGISTER | {b.CHARITY: provider})
    found = check_terms(terms, register)
    assert sorted((f.code, f.pointer) for f in stopping(found)) == [
        ("no_dpia", "/dpia"),
        ("not_stated", "/breach_contact"),
        ("not_stated", "/complaints_contact"),
        ("not_stated", "/rights_contact"),
    ]
    assert {f.code for f in found} - {f.code for f in stopping(found)} <= {"no_privacy_notice", "no_policy_document"}
    assert Category.IMMIGRATION not in {c for flow in terms.flows for c in flow.categories}
    filled = replace(
        terms,
        dpia=Assessment("DPIA-1", "Low.", b.TODAY, b.TODAY + b.YEAR),
        rights_contact="r@example.org",
        complaints_contact="c@example.org",
        breach_contact="b@example.org",
    )
    assert stopping(check_terms(filled, register)) == ()


def test_a_leap_day() -> None:
    terms = clone(template("food"), b.REGISTER[b.COUNCIL], b.REGISTER[b.CHARITY], date(2028, 2, 29))
    assert terms.review_on == date(2029, 2, 28)


def sentences(**changes: Any) -> list[tuple[Change, str]]:
    return [(d.change, d.sentence) for d in compare(b.terms(), b.terms(**changes), b.register())]


class TestComparison:
    def test_nothing_changed(self) -> None:
        assert sentences() == []

    def test_what_is_shared(self) -> None:
        before = b.terms().flows[0]
        wider = replace(before, categories=frozenset({Category.IDENTITY, Category.VOICE}))
        back = Flow(b.NHS, b.COUNCIL, Purpose.REFERRAL, frozenset({Category.PROGRESS}), frozenset({Method.API}))
        council, trust = "Borsetshire Council", "Felpersham Community NHS Trust"
        assert sentences(flows=(wider, back)) == [
            (Change.CHANGED, f"Now also shared from {council} to {trust} for referral: own words and wishes."),
            (Change.CHANGED, f"No longer shared from {council} to {trust} for referral: health."),
            (Change.ADDED, f"Now also shared from {trust} to {council} for referral: progress (state, dates, reason)."),
        ]
        (how,) = sentences(flows=(replace(before, methods=frozenset({Method.API})),))
        assert how[1].endswith("now travels by: between systems (API).")

    def test_who_and_on_what_basis(self) -> None:
        late = Party(b.CHARITY, PartyRole.CONTROLLER, joins_late=True)
        assert sentences(parties=(b.terms().parties[0], late)) == [
            (Change.REMOVED, "Felpersham Community NHS Trust is no longer a party."),
            (Change.ADDED, "Ambridge Food Bank is now a party, as controller, joining late."),
        ]
        council = b.terms().parties[0]
        for teams in ({b.number(77)}, {b.number(78)}):
            (excluded,) = compare(
                b.terms(
                    parties=(
                        replace(council, excluded_organisation_ids=frozenset({b.number(76)})),
                        b.terms().parties[1],
                    )
                ),
                b.terms(parties=(replace(council, excluded_organisation_ids=frozenset(teams)), b.terms().parties[1])),
                b.register(organisations={b.number(76): "Elm School", b.number(77): "Oak School"}),
            )
            now = "Oak School" if b.number(77) in teams else f"the organisation {b.number(78)}"
            assert excluded.sentence.endswith(
                f"as controller, without Elm School; now it is controller, without {now}."
            )
        (basis,) = sentences(bases=(b.basis(b.COUNCIL), b.basis(b.NHS, article_9=Article9.EXPLICIT_CONSENT)))
        assert "Article 9(2)(h)" in basis[1]
        assert "now on Article 6(1)(e); Children Act 2004 s10; Article 9(2)(a)" in basis[1]

    def test_the_rest(self) -> None:
        assert sentences(title="", people_covered=PeopleCovered.EVERYONE, dpia=None) == [
            (Change.REMOVED, "The title is no longer stated."),
            (Change.REMOVED, "It rests on another impact assessment, or on another outcome of it."),
            (Change.CHANGED, "It is now about everyone; before, about children."),
        ]
        later = b.terms().ends_on + timedelta(days=1)
        assert "It now ends on" in sentences(ends_on=later)[0][1]
        assert sentences(prohibited_uses=frozenset(), audit_entity_ids=frozenset()) == [
            (Change.REMOVED, "No longer prohibited: marketing."),
            (Change.REMOVED, "It may now be audited by: nobody."),
        ]
        assert len(sentences(retention=())) == 2
