"""What the forms of a request send, from what was typed."""

import pytest

from connective.frontend.domain.request_askings import ASKINGS
from connective.frontend.domain.request_forms import at_of
from connective.frontend.domain.request_steps import COORDINATOR, DONE, RECIPIENT, REFERRER
from connective.frontend.domain.request_writing import amend_asking, amend_typed, complete_asking, elsewhere_asking
from connective.frontend.domain.triage import picks_of, results_of, triage_asking, triage_body
from connective.frontend.domain.vouchers import voucher_page

RECORD = {"needs": [{"person_id": "p", "code": "food_or_fuel_poverty", "severity": 3}]}


def test_every_step_says_what_was_done_and_has_a_form_or_needs_none() -> None:
    made = {"complete", "amend", "redirect", "propose-redirect"}
    for step in (*RECIPIENT.values(), *REFERRER.values(), *COORDINATOR.values()):
        assert step.verb in DONE
        assert step.at_once or step.verb in ASKINGS or step.verb in made, step.verb


def test_a_no_says_everything_that_a_family_is_owed() -> None:
    typed = {"code": ["needs_statutory_help"], "family_sentence": ["We cannot."], "text": ["More."]}
    _, errors = ASKINGS["decline"].body(typed)
    assert [field for field, _ in errors] == ["next_step", "second_look", "tells", "categories", "front_door"]
    typed |= {"next_step": ["Ask."], "second_look": ["Phone."], "tells": ["recipient"], "categories": ["progress"]}
    body, errors = ASKINGS["decline"].body(typed | {"front_door": ["recipient_phoned"]})
    assert not errors
    assert body["text"] == {"text": "More.", "categories": ["progress"]}
    assert (body["code"], body["tell_by"], body["tells"]) == ("needs_statutory_help", None, "recipient")
    reassessed, errors = ASKINGS["reassess"].body(typed)
    assert not errors
    assert reassessed["code"] == "assessed_not_eligible"


@pytest.mark.parametrize("verb", ASKINGS)
def test_what_cannot_be_read_is_told_beside_its_field_and_breaks_no_form(verb: str) -> None:
    """Somebody types letters where a number or a day is asked, and the form says so: it must not fall over."""
    typed = {each.name: ["two"] for each in ASKINGS[verb].fields}
    dates = [each.name for each in ASKINGS[verb].fields if each.kind == "date"]
    typed |= {f"{name}-{part}": ["thirty"] for name in dates for part in ("day", "month", "year")}
    _, errors = ASKINGS[verb].body(typed)
    unreadable = [each.first for each in ASKINGS[verb].fields if each.kind in {"number", "date", "choice"}]
    assert set(unreadable) <= set(dict(errors))


def test_an_outcome_needs_everybodys_words_or_a_reason_why_they_are_missing() -> None:
    asking = complete_asking(RECORD, [("p", "Piran")], ["Food (Piran)"])
    typed = {"code": ["received"], "need-0": ["none"], "view-p": ["Good."]}
    _, errors = asking.body(typed)
    assert errors == [("no_view_reason", "Say why somebody’s words are missing")]
    body, errors = asking.body(typed | {"no_view_reason": ["not_asked"], "categories": ["progress", "health"]})
    assert not errors
    assert body == {
        "code": "received", "text": None, "no_view_reason": "not_asked",
        "needs": [{"person_id": "p", "code": "food_or_fuel_poverty", "severity_now": None}],
        "views": [{"text": "Good.", "categories": ["health", "voice"], "person_id": "p"}],
    }  # fmt: skip


def test_when_a_concern_was_reported_is_told_in_englands_time() -> None:
    for typed_as in ("14.30", "2:30pm", "2.30 PM"):
        assert at_of("2026-07-01", typed_as) == "2026-07-01T14:30:00+01:00"
    assert at_of("2026-12-01", None) == "2026-12-01T12:00:00+00:00"
    typed = {"reported_to": ["The front door"], "reference": ["CD-41"], "time": ["25:00"]}
    typed |= {"reported-day": ["1"], "reported-month": ["July"], "reported-year": ["2026"]}
    assert ASKINGS["concern-reported"].body(typed)[1] == [("time", "Time must be like 2:30pm or 14:30")]
    body, errors = elsewhere_asking([("s", "Homes")]).body(
        typed | {"time": ["9:05"], "service_id": ["s"], "answer": ["already_reported"]}
    )
    assert not errors
    assert body["service_id"] == "s"
    assert body["safeguarding_check"]["reported_at"] == "2026-07-01T09:05:00+01:00"


def test_what_was_written_is_written_anew_on_its_own_form() -> None:
    field = {"name": "how", "label": "How", "help": "", "type": "choice", "required": True, "source": "answer",
             "choices": [{"code": "delivery", "label": "Needs delivery"}]}  # fmt: skip
    live = {"name": "phone", "label": "Telephone", "help": "", "type": "text", "required": False,
            "source": "contact.phone", "choices": []}  # fmt: skip
    asking = amend_asking(RECORD, {"fields": [field, live]}, ["Food (Carys)"])
    assert [each.name for each in asking.fields] == ["a-how", "need-0", "text", "categories"]
    assert amend_typed(RECORD | {"answers": {"how": "delivery"}})["a-how"] == "delivery"
    body, errors = asking.body({"a-how": ["delivery"], "need-0": ["2"]})
    assert not errors
    assert body == {
        "answers": {"how": "delivery"}, "free_text": None,
        "needs": [{"person_id": "p", "code": "food_or_fuel_poverty", "severity": 2}],
    }  # fmt: skip


def test_several_at_once_each_keep_their_own_version() -> None:
    key = "01a2059d-b50a-71a6-bb2d-55e30539f2cd"
    picks = picks_of([f"{key}:7:REQ-QNNF-NWMJ:submitted", f"{key}:7:REQ-QNNF-NWMJ:submitted", "<script>", ""])
    assert [(each.version, each.unseen) for each in picks] == [(7, True)]
    assert triage_asking("accept", picks).title == "Accept 1 request"
    assert triage_body("waitlist", {"expected_on": "2026-08-01"}, picks) == {
        "action": "waitlist", "items": [{"request_id": key, "version": 7}], "expected_on": "2026-08-01",
    }  # fmt: skip
    answer = {"items": [{"request_id": key, "problem": {"status": 409, "detail": "It has ended."}}]}
    assert results_of(answer, picks) == {"done": [], "refused": [f"{key} REQ-QNNF-NWMJ: It has ended."]}


def test_a_voucher_says_numbers_and_what_to_pack() -> None:
    body, errors = ASKINGS["vouchers"].body({"adults": ["1"], "band-1-4": ["2"], "packing_notes": ["nappies"]})
    assert not errors
    assert body == {"adults": 1, "children_by_age_band": {"1-4": 2}, "packing_notes": ["nappies"]}
    voucher = body | {
        "id": "v", "reference": "VCH-1", "version": 1, "state": "issued", "issuer_organisation_id": "o",
        "recipient_organisation_id": "r", "issued_at": "2026-07-01T09:00:00Z", "expires_at": "2026-07-03T23:00:00Z",
        "ended_at": None, "words_for_the_family": None, "request_id": None,
    }  # fmt: skip
    page = voucher_page(voucher, {}, "o")
    assert (page.mine, page.open) == (True, True)
    assert [(fact.label, fact.value) for fact in page.facts][2:5] == [
        ("Adults", "1"), ("Children aged 1 to 4", "2"), ("What to pack, or leave out", "Nappies"),
    ]  # fmt: skip
