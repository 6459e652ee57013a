"""What a practice lead sees where people differ about a child, and what a ruling sends."""

from typing import Any

import pytest

from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import read
from connective.frontend.domain.rulings import (
    difference_in,
    differences_sheet,
    ruling_body,
    ruling_sheet,
    ruling_view,
    rulings_sheet,
)
from connective.frontend.domain.sheets import Facts, Table

SCOPE: dict[str, list[str]] = {
    "recipient_organisation_ids": ["o"], "service_kinds": [], "purposes": ["referral"], "categories": ["needs"],
}  # fmt: skip
DIFFERENCE: dict[str, Any] = {
    "consent_id": "c", "kind": "consent", "state": "refused", "refused_by": "father", "organisation_id": "s",
    "said_at": "2026-07-01T09:00:00Z", "scope": SCOPE,
    "people": [{"person_id": "child", "authority": "parental_responsibility", "own": False, "others": [
        {"consent_id": "d", "given_by": "mother", "authority": "parental_responsibility",
         "said_at": "2026-06-01T09:00:00Z", "organisation_id": "s"}]}],
}  # fmt: skip
NAMES = {"child": "Tegan", "mother": "Carys"}
RULING = {"id": "r", "person_id": "child", "kind": "consent", "share": False, "scope": SCOPE, "decided_by": "x",
          "reasons": "She is safer so.", "decided_at": "2026-07-02T09:00:00Z"}  # fmt: skip


def cells(sheet: Any) -> list[list[Any]]:
    (table,) = [each for each in sheet.sections if isinstance(each, Table)]
    return table.cells


def test_the_list_has_a_line_for_each_child_and_names_nobody() -> None:
    ((which, about, no, against),) = cells(differences_sheet(Part({"items": [DIFFERENCE]})))
    assert which.href == "/families/differences/c/child"
    assert (about.text, no.text, against.text) == ("Sharing", "Said: parental responsibility", "1 yes")


def test_the_form_says_who_says_what_and_leaves_out_a_name_that_is_not_shown() -> None:
    difference, about = difference_in([DIFFERENCE], "c", "child")
    view = ruling_view(difference, about, NAMES, {"o": "Harbour"})
    said = " ".join(view.words)
    assert "No: Somebody whose name is not shown, parental responsibility, on 1 July 2026." in said
    assert "Yes: Carys, parental responsibility, on 1 June 2026." in said
    assert "Harbour" in said
    assert "Tegan" in view.heading
    assert "Tegan" not in view.title
    own = ruling_view(difference, {**about, "own": True}, NAMES, {})
    assert "The child’s own no" in " ".join(own.words)


def test_a_ruling_covers_exactly_what_the_no_covers_and_wants_its_reasons() -> None:
    difference, about = difference_in([DIFFERENCE], "c", "child")
    fields = ruling_view(difference, about, NAMES, {}).fields
    assert read(fields, {"share": ["no"]})[1] == [("reasons", "Say why it is in the child’s interest")]
    found, errors = read(fields, {"share": ["no"], "reasons": ["She is safer so."]})
    assert not errors
    assert ruling_body(found, difference, "child") == {
        "person_id": "child", "kind": "consent", "scope": SCOPE, "share": False, "reasons": "She is safer so.",
    }  # fmt: skip
    with pytest.raises(LookupError):
        difference_in([DIFFERENCE], "c", "another")


def test_what_was_ruled_is_listed_without_a_name_and_shown_with_its_reasons() -> None:
    ((which, _, held),) = cells(rulings_sheet(Part({"items": [RULING]})))
    assert (which.href, held.text) == ("/families/rulings/r", "It is not shared")
    (facts,) = [each for each in ruling_sheet(RULING, "Tegan", {}).sections if isinstance(each, Facts)]
    shown = {label: cell.text for label, cell in facts.present}
    assert (shown["About whom"], shown["Why"]) == ("Tegan", "She is safer so.")
