"""Keeping a family's record, and what a family says: what is asked, and what the API is sent."""

from typing import Any

import pytest

from connective.frontend.domain import agreeing
from connective.frontend.domain import record_forms as forms
from connective.frontend.domain.agreeing import Saying
from connective.frontend.domain.agreeing_words import named
from connective.frontend.domain.consent_page import consent_page, receipt_blocks
from connective.frontend.domain.person_page import ended_thing, person_page


def person(key: str, given: str, years: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": key, "given_names": given, "family_name": "Fernlea", "known_as": None, "previous_family_names": [],
        "age_years": years, "age_group": None, "date_of_birth": None, "sex": "unknown", "education_setting": None,
        "gp_practice": None, "language": None, "interpreter": None, "nhs_number": None, "expects_child_on": None,
        "died_on": None, "contacts": [], "family_ids": ["f", "g"], "whereabouts_restricted": False,
        "notices_stopped": False, "withheld": [], **changes,
    }  # fmt: skip


CONTACT = {"id": "c1", "value": "07700900417", "safe_contact_sentence": "Text only: do not call.", "until": None}
PARENT: dict[str, Any] = {
    "id": "r1", "person_id": "m", "of_person_id": "b", "kind": "parent", "responsibility": "birth_mother",
    "court_limit": None, "since": None, "until": None,
}  # fmt: skip
AUNT = PARENT | {"id": "r2", "person_id": "a", "kind": "kinship_carer", "responsibility": None}
RECORD: dict[str, Any] = {
    "id": "f",
    "people": [
        {"person": each, "residence": "here", "since": None, "until": None}
        for each in (
            person("m", "Carys", 32, contacts=[CONTACT]),
            person("b", "Tegan", 5),
            person("a", "Lowen", 40),
            person("t", "Jago", 15),
        )
    ],
    "relationships": [PARENT, AUNT],
    "addresses": [{"id": "a1", "lines": ["3 Furnham Crescent"], "town": "Chard", "until": None}],
}
NEED = {"id": "n1", "person_id": "b", "code": "sen_not_met", "severity": 3, "since": "2026-07-01", "until": None}


def test_a_persons_page_shows_what_can_be_changed_and_ended() -> None:
    page = person_page(RECORD, "b", [NEED])
    assert [(each.what, each.more) for each in page.needs] == [
        ("Special educational needs that are not met", "High, since 1 July 2026")
    ]
    assert [each.what for each in page.relationships] == [
        "Carys is Tegan’s parent, with parental responsibility (birth mother)",
        "Lowen is Tegan’s kinship carer",
    ]
    assert page.families == 2
    assert person_page(RECORD, "m", []).contacts[0].end == "/families/f/people/m/end/contact/c1"
    said = {"contact": "c1", "need": "n1", "relationship": "r2", "address": "a1", "membership": "t"}
    for part, key in said.items():
        assert ended_thing(RECORD, part, key, [NEED])
        with pytest.raises(LookupError):
            ended_thing(RECORD, part, "gone", [NEED])
    with pytest.raises(LookupError):
        person_page(RECORD, "gone", [])


def test_only_what_was_changed_is_sent_and_what_was_emptied_is_cleared() -> None:
    known = person("b", "Tegan", 5, date_of_birth="2021-09-01", gp_practice="Churchview", interpreter=True)
    typed = forms.details_of(known)
    assert typed["date_of_birth-month"] == ["9"]
    same = {"given_names": "Tegan", "family_name": "Fernlea", "date_of_birth": "2021-09-01",
            "gp_practice": "Churchview", "interpreter": True, "sex": "unknown"}  # fmt: skip
    assert forms.details_patch(same, known) == {}
    changed = {**same, "previous_family_names": ["Moss", "Fen"], "interpreter": False, "gp_practice": ""}
    changed.pop("gp_practice")
    assert forms.details_patch(changed, known) == {
        "previous_family_names": ["Moss", "Fen"], "interpreter": False, "gp_practice": None,
    }  # fmt: skip
    assert forms.contact_body({"kind": "phone", "value": "1", "safe_contact": "any_way", "hours": "9"}).keys() == {
        "kind", "value", "safe_contact",
    }  # fmt: skip
    phone = {"kind": "phone", "value": "+44 (0)1632 960123", "safe_contact": "any_way"}
    assert forms.contact_read(phone) == (phone | {"value": "01632 960123"}, [])
    wrong = {"kind": "email", "value": "nobody", "safe_contact": "between_hours"}
    assert [field for field, _ in forms.contact_read(wrong)[1]] == ["value", "hours"]
    assert forms.need_body({"code": "victim", "severity": "0", "source": "worker"})["severity"] == 0
    for part in ("address", "contact", "membership", "need", "relationship"):
        assert forms.end_page(part, "", "").fields[0].offered[-1].code == "recorded_in_error"


def test_the_ground_that_the_record_shows_is_offered_first() -> None:
    """Domain rules, decision rule 5: nobody for another adult, a child once assessed, a council on an order."""
    first = {
        ("m", "m"): "own",
        ("m", "b"): "parental_responsibility",
        ("a", "b"): "carer_reasonable",
        ("t", "t"): "own_assessed_competent",
        ("m", "a"): "attorney_or_deputy",
        ("body:x", "b"): "local_authority_care_order",
    }
    for (by, about), ground in first.items():
        saying = Saying("agree-yes", RECORD, by, (about,))
        assert saying.chosen
        assert agreeing.grounds_for(saying, about)[0].code == ground, (by, about)
    assert not Saying("agree-yes", RECORD, "m", ("stranger",)).chosen
    assert not Saying("agree-yes", RECORD, "", ("m",)).chosen
    young = agreeing.details_page(Saying("agree-yes", RECORD, "t", ("t",)), [], "o", "")
    assert "assessed_by-t" in {each.name for each in young.fields}


def test_what_was_said_is_sent_with_who_said_it_for_whom_and_how() -> None:
    saying = Saying("agree-yes", RECORD, "m", ("m", "b"))
    found = {"how": "telephone", "service_kinds": ["food_bank"], "notice_reference": "PN-1",
             "interpreter_kind": "professional", "interpreter_language": "pl", "interpreter_name": "A"}  # fmt: skip
    body = agreeing.body_of(saying, found)
    assert body["about"] == [
        {"person_id": "m", "authority": "own"},
        {"person_id": "b", "authority": "parental_responsibility"},
    ]
    assert (body["kind"], body["state"], body["given_by"]) == ("agreement_to_engage", "given", "m")
    assert body["notice"] == {"reference": "PN-1", "version": ""}
    assert body["interpreter"]["language"] == "pl"
    council = agreeing.body_of(Saying("consent-no", RECORD, "body:x", ("b",)), {"how": "video", "spoken_by": "A, team"})
    assert council["given_for"] == {"legal_entity_id": "x", "spoken_by": "A, team"}
    assert "given_by" not in council
    assert agreeing.missing_words({"interpreter_kind": "professional"})[0][0] == "interpreter_language"
    objections = agreeing.objections_of(Saying("object", RECORD, "m", ("m", "b")), {"how": "video"})
    assert [each["person_id"] for each in objections] == ["m", "b"]
    assert agreeing.notice_of(Saying("told", RECORD, "", ("m",)), {"how": "video"})["person_ids"] == ["m"]
    teams = [{"id": "1", "name": "Team", "kind": "council_team", "legal_entity_id": "x"}]
    assert agreeing.councils_of(teams) == [("x", "Team")]
    for code in ("agree-no", "consent-yes", "object", "told"):
        asked = agreeing.details_page(Saying(code, RECORD, "m", ("b",)), [{"id": "o2", "name": "Larder"}], "o", "")
        assert named(code).short
        assert "how" in {each.name for each in asked.fields}


def said(key: str, by: str, state: str) -> dict[str, Any]:
    return {
        "id": key, "kind": "agreement_to_engage", "state": state, "given_by": by, "given_for": None,
        "about": [{"person_id": "b", "authority": "parental_responsibility", "evidence": ""}],
        "scope": {"service_kinds": [], "recipient_organisation_ids": [], "categories": [], "purposes": []},
        "said_at": "2026-07-01T10:00:00Z", "how": "in_person", "interpreter": None, "notice": None, "evidence": "",
        "expires_at": "2027-07-01T10:00:00Z", "withdrawn_at": None, "note": "", "allowed_actions": ["withdraw"],
        "history": [{"act": "given", "at": "2026-07-01T10:00:00Z", "how": "in_person"}],
    }  # fmt: skip


def test_where_two_who_may_decide_differ_the_page_says_so() -> None:
    yes, no = said("y", "m", "given"), said("n", "a", "refused")
    assert consent_page(yes, RECORD, {}, [yes, no, no]).differs == ["Carys says yes about Tegan, and Lowen says no."]
    assert consent_page(yes, RECORD, {}, [yes, said("z", "m", "refused")]).differs == [], "a change of mind is none"
    page = consent_page(yes, RECORD, {}, [])
    assert page.may_withdraw
    assert ("About", "Tegan: parental responsibility") in {(each.label, each.value) for each in page.facts}


def test_a_receipt_is_read_off_its_plain_text() -> None:
    title, what = receipt_blocks(
        "You agreed\n==========\n\nWHAT IT COVERS\nHelp from\nthese:\n* food\n  bank\n* advice\n"
    )
    assert (title.heading, title.text) == ("You agreed", "")
    assert (what.heading, what.text, what.points) == ("What it covers", "Help from these:", ["food bank", "advice"])
