"""Deciding about sharing: what is asked, what the API is sent, and how a decision reads afterwards."""

from datetime import date
from typing import Any

import pytest

from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import read
from connective.frontend.domain.one_offs import one_off_sheet, one_offs_sheet
from connective.frontend.domain.person_act import Known
from connective.frontend.domain.person_acts import open_acts
from connective.frontend.domain.sharing_acts import ACTS, FORM, REQUEST, begun_from, deciding_form, whom_sheet
from connective.frontend.domain.sheets import Facts, Links, Table

PERSON = {"id": "p", "given_names": "Carys", "family_name": "Fernlea", "known_as": None, "age_years": 32,
          "age_group": None, "died_on": None, "pregnancy_id": None, "notices_stopped": False}  # fmt: skip
CHILD = PERSON | {"id": "c", "given_names": "Tegan", "age_years": 5}
RECORD = {"id": "f", "people": [{"person": each, "until": None} for each in (PERSON, CHILD)]}
KNOWN = Known(RECORD, PERSON, organisations=(("o", "Early help"),))
WHAT = {"recipient_organisation_id": ["o"], "categories": ["identity"], "reason": ["Asked for."]}


def body(act: str, typed: dict[str, list[str]]) -> Any:
    found, errors = read(deciding_form(act, KNOWN).fields(typed), typed, date(2026, 7, 1))
    assert not errors
    (call,) = ACTS[act].calls(found, KNOWN)
    return call.body


@pytest.mark.parametrize(
    ("permissions", "offered"),
    [({"consent:override:use"}, {"override"}), ({"consent:one_off:decide"}, {"one-off"}), (set[str](), set[str]())],
)
def test_only_what_somebody_may_decide_is_offered(permissions: set[str], offered: set[str]) -> None:
    assert set(open_acts(PERSON, frozenset(permissions))) == offered


def test_an_override_says_who_reviews_it_and_that_it_is_no_report_and_sends_what_was_weighed() -> None:
    act = ACTS["override"]
    assert "safeguarding lead reviews it" in act.warning
    assert any("not a report" in words for words in act.words)
    typed = WHAT | {"share": ["no"], "also": ["c"], "risk_of_not_sharing": ["None."], "family_told": ["yes"]}
    assert body("override", typed) == {
        "family_id": "f", "person_ids": ["p", "c"], "recipient_organisation_id": "o", "categories": ["identity"],
        "reason": "Asked for.", "share": False, "risk_of_not_sharing": "None.", "family_told": True,
        "family_told_note": "",
    }  # fmt: skip
    form, today = deciding_form("override", KNOWN), date(2026, 7, 1)
    assert all(len(step.fields) <= 2 for step in form.steps), "few things on each page"
    for each in ("override", "one-off"):
        steps = [step for step in deciding_form(each, KNOWN).steps if any(one.kind == "long" for one in step.fields)]
        assert all("read" in " ".join(step.words) for step in steps), "who reads it is said where it is written"
    untold = typed | {"family_told": ["no"]}
    assert [step.errors(untold, today) for step in form.steps if step.code == "family"] == [
        [("family_told_note", "Say why the family was not told")]
    ]
    missing = {name for name, _ in read(act.fields(KNOWN), {}, today)[1]}
    assert missing == {"share", "recipient_organisation_id", "categories", "reason", "risk_of_not_sharing",
                       "family_told"}  # fmt: skip


def test_both_forms_of_the_commissioner_are_asked_and_an_empty_request_is_left_out() -> None:
    decided = WHAT | {"decision": ["do_not_share"], "ground": ["officer_decision"], "family_informed": ["unsafe_to"],
                      "was_asked": ["no"], "dpia_considered": ["no"]}  # fmt: skip
    sent = body("one-off", decided)
    assert "request" not in sent
    assert sent["form"] == {"family_informed": "unsafe_to", "dpia_considered": False}, "a no that somebody gave"
    assert sent["condition"] == "", "nothing is shared, so nothing is asked of how"
    asked = {"was_asked": ["yes"], "decision": ["share"], "requester_organisation": ["The Larder"],
             "requester_person_and_role": ["J. Doe"], "data_requested": ["A name."], "condition": ["By telephone."],
             "purpose": ["A parcel."], "received_on-day": ["1"], "received_on-month": ["6"],
             "received_on-year": ["2026"], "dates_of_sharing-day": ["3"], "dates_of_sharing-month": ["7"],
             "dates_of_sharing-year": ["2026"], "dpia_considered": ["yes"]}  # fmt: skip
    sent = body("one-off", decided | asked)
    assert sent["request"] == {
        "purpose": "A parcel.",
        "received_on": "2026-06-01",
        "data_requested": "A name.",
        "requester_organisation": "The Larder",
        "requester_person_and_role": "J. Doe",
    }
    assert sent["condition"] == "By telephone."
    assert sent["form"]["dates_of_sharing"] == ["2026-07-03"]
    assert {each.pointer for each in ACTS["one-off"].fields(KNOWN)} >= {"/request/purpose", "/form/dpo_view"}
    assert (len(REQUEST), len(FORM)) == (7, 12), "every field of Annex B"


def test_a_decision_is_listed_without_names_and_read_with_both_forms() -> None:
    one_off = {"id": "x", "organisation_id": "s", "recipient_organisation_id": "o", "ground": "vital_interests",
               "decision": "do_not_share", "person_ids": ["p"], "categories": ["identity"], "condition": "",
               "reason": "Enough without.", "decided_at": "2026-07-01T09:00:00Z",
               "stands_until": "2026-07-01T09:00:00Z", "request": {"purpose": "A parcel.", "needed_by": "2026-07-03"},
               "form": {"family_informed": "unsafe_to", "dpia_considered": False,
                        "dates_of_sharing": ["2026-07-03"]}}  # fmt: skip
    (table,) = [e for e in one_offs_sheet(Part({"items": [one_off]}), {}).sections if isinstance(e, Table)]
    assert [cell.text for cell in table.cells[0]][1:] == ["Do not share", "Another organisation", "1 person"]
    sheet = one_off_sheet(one_off, {"o": "Early help"})
    shown = {label: cell.text for each in sheet.sections if isinstance(each, Facts) for label, cell in each.present}
    assert shown["With"] == "Early help"
    assert shown["What do they need it for?"] == "A parcel."
    assert shown["Has the family been told?"] == "No: it would not be safe"
    assert shown["When is it shared?"] == "3 July 2026"
    assert "Stands until" not in shown, "nothing is to be shared"


def test_from_a_request_that_was_stopped_somebody_is_chosen_first() -> None:
    (links,) = [each for each in whom_sheet(RECORD).sections if isinstance(each, Links)]
    assert [each.href for each in links.links] == ["/families/f/people/p/override", "/families/f/people/c/override"]
    (links,) = [each for each in whom_sheet(RECORD, "r").sections if isinstance(each, Links)]
    assert links.links[0].href == "/families/f/people/p/override?request=r"
    missing = [{"category": "housing"}, {"category": None}]
    assert begun_from({"status": {"recipient_organisation_id": "o", "missing": missing}}) == {
        "recipient_organisation_id": ["o"], "categories": ["housing"]}  # fmt: skip
    assert begun_from({}) == {}, "the request may not be read any more"
