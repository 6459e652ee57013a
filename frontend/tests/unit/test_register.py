"""Registering a family: what is asked, what is wrong with what was typed, and what is sent in the end."""

from datetime import date
from typing import Any

from connective.frontend.domain.registering import Draft, person_page, read_step, step_of
from connective.frontend.domain.registering_view import body_of, decide, describe, next_step, side_by_side
from connective.frontend.domain.relating import pair_options, wrong_relations
from connective.frontend.domain.words import inline, need, service_kind

TODAY = date(2026, 11, 23)


def typed(**fields: str) -> dict[str, list[str]]:
    return {name.replace("__", "-"): [value] for name, value in fields.items()}


def household() -> Draft:
    """A mother, a child of hers, and his twin."""
    draft = Draft()
    mother, child = draft.add(), draft.add()
    draft.steps |= {
        f"{mother}/name": typed(given_names="Carys Ann", family_name="Fernlea"),
        f"{mother}/born": typed(born__day="11", born__month="Mar", born__year="1994"),
        f"{mother}/about": typed(residence="here"),
        f"{mother}/reach": typed(phone="+44 7700 900417", safe_contact="between_hours", hours="9 to 3"),
        f"{child}/name": typed(given_names="Tegan", family_name="Fernlea"),
        f"{child}/born": typed(born__day="1", born__month="9", born__year="2021", sex="female"),
        f"{child}/about": typed(residence="part_time", nhs_number="9990000018"),
        f"{child}/related": typed(rel__p1="other:parent", pr__p1="birth_mother"),
        "home": typed(line_1="3 Furnham Crescent", town="Chard", postcode="ta201bp", withheld="yes"),
    }
    return draft


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept() -> None:
    wrong = {
        ("p1/name", ()): ["given_names"],
        ("p1/born", ()): ["born-day"],
        ("p1/born", (("born-day", "1"), ("born-month", "1"), ("born-year", "2030"))): ["born-day"],
        ("p1/about", ()): ["residence"],
        ("p1/about", (("residence", "moon"),)): ["residence"],
        ("p1/reach", (("phone", "07700 900417"),)): ["safe_contact"],
        ("p1/reach", (("phone", "12"), ("email", "nobody"))): ["phone", "email", "safe_contact"],
        ("p1/reach", (("phone", "07700 900417"), ("safe_contact", "between_hours"))): ["hours"],
        ("home", (("postcode", "TA20 1BP"),)): ["line_1", "town"],
        ("home", ()): [],
        ("p1/born", (("age_group", "child"),)): [],
    }
    for (step, fields), expected in wrong.items():
        _, errors = read_step(step, {name: [value] for name, value in fields}, TODAY)
        assert [field for field, _ in errors] == expected, step


def test_a_registration_goes_one_thing_at_a_time() -> None:
    draft = Draft()
    draft.add()
    way = ["p1/name"]
    while way[-1] != "people":
        way.append(next_step(draft, way[-1]))
    assert way == ["p1/name", "p1/born", "p1/about", "p1/reach", "home", "people"]
    draft.add()
    assert next_step(draft, "p2/reach") == "p2/related"
    assert next_step(draft, "p2/related") == "people"
    assert step_of("/people/1/contacts/0/value", ["p1", "p2"]) == "p2/reach"
    assert step_of("/address/postcode", ["p1"]) == "home"
    assert step_of("/relationships/0", ["p1"]) == "people"
    child = household()
    asked = person_page(child, "p2", "about", today=TODAY, back="")
    assert "expects_child_on" not in {each.name for each in asked.fields}


def test_twins_two_homes_and_a_withheld_address_are_sent_as_they_were_said() -> None:
    draft = household()
    twin = draft.add_twin("p2")
    draft.steps[f"{twin}/name"] |= typed(given_names="Piran")
    body, sent = body_of(draft, TODAY)
    assert sent == ["p1", "p2", "p3"]
    mother, child, other = body["people"]
    assert mother["contacts"] == [
        {"kind": "phone", "value": "07700 900417", "safe_contact": "between_hours", "hours": "9 to 3"}
    ]
    assert other["date_of_birth"] == child["date_of_birth"] == "2021-09-01"
    assert child["residence"] == "part_time"
    assert "nhs_number" not in other
    assert body["address"]["withheld"] is True
    assert body["address"]["postcode"] == "TA20 1BP"
    parent: dict[str, Any] = {"person": "p1", "of": "p2", "kind": "parent", "responsibility": "birth_mother"}
    assert body["relationships"] == [
        parent,
        parent | {"of": "p3"},
        {"person": "p3", "of": "p2", "kind": "sibling"},
    ]
    assert describe(draft, "p2", TODAY).related == [
        "Carys is Tegan’s parent, with parental responsibility: birth mother"
    ]
    draft.remove("p2")
    assert [each["of"] for each in body_of(draft, TODAY)[0]["relationships"]] == ["p3"]


def test_who_may_be_known_is_shown_beside_who_was_typed_and_decided_one_by_one() -> None:
    draft = household()
    draft.candidates = [
        {"person_id": "k", "name": "Tegan Fernlea", "year_of_birth": 2021, "kept_by_your_organisation": True,
         "processing_restricted": False, "resembles": "/people/1"},
        {"person_id": "h", "name": None, "year_of_birth": None, "kept_by_your_organisation": False,
         "processing_restricted": False, "resembles": "/people/0"},
    ]  # fmt: skip
    hidden, known = side_by_side(draft, ["p1", "p2"], TODAY)
    assert known.why[:3] == ["The same first name", "The same family name", "Born in the same year"]
    assert hidden.hidden
    assert hidden.why == ["What you typed fits a record that is kept from view"]
    assert [field for field, _ in decide(draft, [known, hidden], typed(is__h="same", is__k="same"))] == ["is-h"], (
        "who is hidden is joined to nobody"
    )
    assert decide(draft, [known, hidden], typed(is__h="other", is__k="same")) == []
    body, sent = body_of(draft, TODAY)
    assert (sent, body["duplicates_seen"]) == (["p1"], ["h"])
    assert body["joining"] == [{"key": "p2", "person_id": "k", "residence": "part_time"}]


def test_nobody_is_offered_a_responsibility_that_cannot_be() -> None:
    others = [("p1", "Carys", False)]
    for kind, held, field in (
        ("", "adoption", "rel-p1"),
        ("other:foster_carer", "adoption", "pr-p1"),
        ("other:carer", "birth_mother", "pr-p1"),
    ):
        assert [name for name, _ in wrong_relations(typed(rel__p1=kind, pr__p1=held), others)] == [field]
    assert wrong_relations(typed(rel__p1="other:kinship_carer", pr__p1="special_guardianship"), others) == []
    said = [each.text for each in pair_options("Tegan", True, "Carys", False)]
    assert said[0] == "Carys is Tegan’s parent"


def test_needs_and_kinds_of_service_are_called_by_their_names() -> None:
    assert need("sen_not_met") == "Special educational needs that are not met"
    assert need("a_need_of_our_own") == "A need of our own"
    assert inline(service_kind("food_bank")) == "food bank"
    assert inline("NHS number") == "NHS number"
