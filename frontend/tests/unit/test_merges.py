"""Two records that may be of one person, as whoever reviews them sees them."""

from typing import Any

import pytest

from connective.frontend.domain.answers import Part
from connective.frontend.domain.merges import act_view, merge_sheet, merges_sheet
from connective.frontend.domain.sheets import Facts, Links, Table, Words

MERGE: dict[str, Any] = {
    "id": "g", "state": "proposed", "likeness": "likely_same", "shared": ["born", "given", "name"],
    "differs": ["family_name", "gp_practice"],
    "person_id": "a", "merged_person_id": "b", "one_record": True,
    "proposed_at": "2026-07-01T09:00:00Z", "reason": None, "allowed_actions": ["agree", "decline"],
    "people": [
        {"person_id": "a", "name": "Carys Fernlea", "year_of_birth": 1994, "kept_by_your_organisation": True},
        {"person_id": "b", "name": None, "year_of_birth": None, "kept_by_your_organisation": False},
    ],
}  # fmt: skip


def test_both_records_stand_side_by_side_and_only_ours_leads_anywhere() -> None:
    sheet = merge_sheet(MERGE)
    (table,) = [each for each in sheet.sections if isinstance(each, Table)]
    shown = [[(cell.text, cell.href) for cell in row] for row in table.cells]
    assert shown[0][0] == ("Carys Fernlea", "/families/of/a")
    assert [text for text, _ in shown[0][1:]] == ["1994", "Your organisation", "Stays"]
    hidden = ("Somebody whose name is not shown", "Not known", "Another organisation", "Part of the other")
    assert shown[1] == [(text, None) for text in hidden]
    (links,) = [each for each in sheet.sections if isinstance(each, Links)]
    assert [each.href for each in links.links] == ["/families/merges/g/agree", "/families/merges/g/decline"]
    assert "Fernlea" not in sheet.title


def test_who_may_not_decide_is_told_who_does_and_what_was_decided_says_why() -> None:
    sheet = merge_sheet(MERGE | {"allowed_actions": []})
    assert any(
        "practice lead" in line for each in sheet.sections if isinstance(each, Words) for line in each.paragraphs
    )
    declined = merge_sheet(MERGE | {"allowed_actions": [], "state": "declined", "reason": "not_safe"})
    (facts,) = [each for each in declined.sections if isinstance(each, Facts)]
    assert dict(facts.present)["Why it was left or taken apart"].text == "It would not be safe"
    assert not [each for each in declined.sections if isinstance(each, Words)]
    assert declined.heading == "Two records that were left as two"


def test_what_became_part_of_another_record_leads_nowhere_any_more() -> None:
    people = [each | {"name": "Carys Fernlea", "kept_by_your_organisation": True} for each in MERGE["people"]]
    for state, led in (("proposed", ["a", "b"]), ("merged", ["a"]), ("undone", ["a", "b"])):
        sheet = merge_sheet(MERGE | {"people": people, "state": state})
        (table,) = [each for each in sheet.sections if isinstance(each, Table)]
        found = [cell.href for row in table.cells for cell in row if cell.href]
        assert found == [f"/families/of/{each}" for each in led], state


def test_what_is_alike_and_what_is_not_is_said_in_words_that_whoever_decides_knows() -> None:
    (facts,) = [each for each in merge_sheet(MERGE).sections if isinstance(each, Facts)]
    said = {label: cell.text for label, cell in facts.present}
    assert said["How alike"] == "Likely one person"
    assert said["The same in both"] == "Date of birth, first name"
    assert said["Different"] == "Family name, GP practice"
    (facts,) = [each for each in merge_sheet(MERGE | {"shared": ["name"]}).sections if isinstance(each, Facts)]
    assert dict(facts.present)["The same in both"].text == "Part of a name"
    apart = merge_sheet(MERGE | {"one_record": False})
    (table,) = [each for each in apart.sections if isinstance(each, Table)]
    assert {row[3].text for row in table.cells} == {"Stays, and is known to be the same person"}


def test_the_list_leads_to_each_and_agreeing_asks_nothing_but_to_look() -> None:
    (table,) = [each for each in merges_sheet(Part({"items": [MERGE]})).sections if isinstance(each, Table)]
    assert table.cells[0][0].href == "/families/merges/g"
    assert not act_view("g", "agree").fields
    assert [field.name for field in act_view("g", "undo").fields] == ["reason"]
    with pytest.raises(KeyError):
        act_view("g", "forget")
