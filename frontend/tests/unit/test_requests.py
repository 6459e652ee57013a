"""What the pages about requests say, from answers as the API gives them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from connective.contracts.categories import Category
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.home import HomeParts, home_of
from connective.frontend.domain.request_page import Known, RequestPage, basis, request_page
from connective.frontend.domain.request_people import value_words
from connective.frontend.domain.sessions import Person
from connective.frontend.domain.tracking import INBOX, choice_of, families_in, groups_of, rows_of
from connective.frontend.domain.words import CATEGORIES, deadline, in_time, turn

NOW = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
NAMES = {"school": "Oaklands Primary School", "larder": "Chard Community Larder", str(UUID(int=1)): "Yours"}


def somebody(*permissions: str) -> Person:
    return Person(UUID(int=1), "Bea Otter", UUID(int=2), UUID(int=3), "X", frozenset(), frozenset(permissions), 1)


def item(**changes: Any) -> dict[str, Any]:
    return {
        "id": "r", "reference": "REQ-1", "referral_id": None, "service_id": "s", "service_kind": "food_bank",
        "referrer_organisation_id": "school", "recipient_organisation_id": "larder", "state": "received", "version": 3,
        "urgent": False, "queued": False, "submitted_at": "2026-06-29T09:00:00Z", "received_at": None,
        "needed_by": None, "due": {"clock": "decide_by", "owner": "recipient", "at": "2026-07-03T23:00:00Z"}, **changes,
    }  # fmt: skip


STATUS = {
    **item(),
    "expected_on": None, "allowed_actions": ["accept", "ask", "decline", "message"], "hold_reasons": [], "missing": [],
    "without": [], "today": [], "notices": [], "replaces": None, "decline": None, "outcome_code": None,
    "contact_attempts": 0, "safeguarding": "Call 999.",
}  # fmt: skip
FORM = {
    "title": "Food parcel",
    "fields": [
        {"name": "collector_name", "label": "Who will collect", "choices": []},
        {"name": "how", "label": "How", "choices": [{"code": "collect_today", "label": "Collects today"}]},
        {"name": "allergies", "label": "Allergies to pack around", "choices": []},
    ],
}
OPENED: dict[str, Any] = {
    "view": "recipient", "status": STATUS, "form": {"kind": "food_bank", "version": 1},
    "people": [{"person_id": "p", "subject": True, "contact": True,
                "fields": {"collector_name": "Carys Fernlea", "phone": "07700900417"}}],
    "answers": {"how": "collect_today"}, "needs": [{"person_id": "p", "code": "food_or_fuel_poverty", "severity": 3}],
    "free_text": None,
    "messages": [{"at": "2026-07-01T08:00:00Z", "party": "referrer", "fact": "answered", "text": None,
                  "withheld": ["health"]}],
    "withheld": ["allergies", "free_text"],
    "disclosure": {"disclosure_id": "d", "decision_id": "e", "agreement_reference": "DSA-2026-FOOD",
                   "agreement_version": 2, "basis": "6(1)(a)"},
}  # fmt: skip
FILE = {"id": "a", "party": "referrer", "state": "quarantined", "kind": "pdf", "name": None, "size": 2048,
        "detail": None, "attached_at": "2026-07-01T08:00:00Z"}  # fmt: skip
HISTORY = [
    {"version": 2, "fact": "submitted", "before": "draft", "after": "submitted", "reason_code": None,
     "party": "referrer", "at": "2026-06-29T09:00:00Z"},
]  # fmt: skip


def page(record: dict[str, Any], *permissions: str, **changes: Any) -> RequestPage:
    parts: dict[str, Any] = {
        "history": Part({"items": HISTORY}), "thread": Part(problem=Refused(403, "x", "")),
        "attempts": Part({"items": []}), "assignment": Part({"assigned_to": None, "needs_reassigning": False}),
        "proposals": Part({"items": []}), "files": Part({"items": [FILE]}), "form": Part(FORM), "family": Part(),
        "service": Part({"name": "Food parcels", "telephone": "01632960123"}), "names": NAMES, "services": {},
    }  # fmt: skip
    return request_page(record, Known(**(parts | changes)), somebody(*permissions), NOW)


def test_lists_put_what_is_late_first_and_say_whose_turn_it_is() -> None:
    late = item(
        id="l", reference="REQ-2", due={"clock": "answer_by", "owner": "referrer", "at": "2026-06-30T22:00:00Z"}
    )
    ended = item(id="e", reference="REQ-3", state="declined", due=None)
    rows = rows_of([item(since="2026-06-30T12:00:00Z"), ended, late], "recipient", NAMES, NOW)
    assert [(row.reference, row.turn, row.mine, row.late, row.when) for row in rows] == [
        ("REQ-2", "Oaklands Primary School", False, True, "1 day late"),
        ("REQ-1", "You", True, False, "in 2 days"),
        ("REQ-3", "", False, False, ""),
    ]
    assert [row.since for row in rows] == ["2 days ago", "yesterday", "2 days ago"]
    assert rows[1].due == "end of 3 July 2026", "what ends at midnight ends with the day before"
    assert [(group.heading, len(group.rows)) for group in groups_of(rows)] == [("Late", 1), ("New", 1), ("Ended", 1)]
    assert rows_of([late], "referrer", NAMES, NOW)[0].turn == "You"
    ours = [item(family_id="f2"), item(family_id="f1"), item(family_id="f2"), item(family_id=None)]
    assert families_in(ours) == ["f1", "f2"]
    told = rows_of(ours, "referrer", NAMES, NOW, {"f2": "Fernlea"})
    assert [row.family for row in told] == ["Fernlea", "", "Fernlea", ""]
    assert choice_of(INBOX, "nonsense") is INBOX[0]


def test_a_recipient_is_told_why_they_see_what_they_see_and_what_is_kept_from_them() -> None:
    view = page(OPENED, "referrals:request:work")
    assert (view.state, view.turn, view.side) == ("Opened, not decided yet", "You", "recipient")
    assert view.why[:2] == [
        "Oaklands Primary School shares this with you under agreement DSA-2026-FOOD, version 2.",
        "Their basis in law is the family’s consent (UK GDPR, Article 6(1)(a)).",
    ]
    assert view.withheld == ["Allergies to pack around", "What they wrote in their own words"]
    assert [(each.label, each.value) for each in view.answers] == [("How", "Collects today")]
    assert view.people[0].name == "Carys Fernlea"
    assert [each.value for each in view.people[0].facts] == ["07700 900417"]
    assert view.thread[0].withheld == "You may not see this message: it tells about health."
    assert view.needs == [("Carys Fernlea", "Not enough money for food or fuel", "High")]
    assert [step.verb for step in view.steps] == [
        "accept", "ask", "message", "decline", "contact-attempts", "concern-reported",
    ]  # fmt: skip
    assert view.steps[0].main
    assert [(each.name, each.state, each.ready) for each in view.files] == [
        ("A PDF, 2 kB", "It is being looked through", False)
    ]


def test_what_nobody_may_do_is_not_offered() -> None:
    assert [step.verb for step in page(OPENED | {"status": STATUS | {"allowed_actions": []}}).steps] == []
    decline = {
        "code": "at_capacity", "family_sentence": "No room.", "next_step": "Ask others.", "second_look": "Phone us.",
        "tells": "lead_practitioner", "tell_by": "2026-07-03", "front_door": None, "family_told": None,
    }  # fmt: skip
    declined = STATUS | {"state": "declined", "due": None, "allowed_actions": [], "decline": decline}
    tomb: dict[str, Any] = {"view": "tombstone", "status": declined, "messages": [], "outcome": None}
    assert [step.verb for step in page(tomb, "referrals:request:work", "referrals:family:tell").steps] == [
        "concern-reported"
    ], "it is the referrer who tells this family"
    asked = Part({"items": [*HISTORY, HISTORY[0] | {"fact": "second_look_asked", "reason_code": "family_disagrees"}]})
    view = page(tomb, "referrals:request:work", history=asked)
    assert view.steps[0].verb == "second-look-answer"
    assert [each.why for each in view.history] == ["", "The family disagrees"]
    own = OPENED | {
        "view": "referrer", "status": declined, "family_id": "f", "subjects": ["p"], "contact_person_id": "q",
        "outcome": None, "queued": False,
    }  # fmt: skip
    family = Part({"people": [{"person": {"id": "p", "given_names": "Piran", "family_name": "Fernlea"}}]})
    view = page(own, "referrals:referral:write", "referrals:family:tell", family=family)
    assert [step.verb for step in view.steps] == ["family-told", "elsewhere", "second-look"]
    assert [(each.name, each.part) for each in view.people] == [
        ("Piran Fernlea", "Help is asked for"),
        ("Name not shown", "Speak with"),
    ]
    assert view.ended[0].facts[-1].value == "Not yet"


def test_an_outcome_says_each_need_then_and_now_and_what_everybody_says() -> None:
    outcome = {
        "code": "received", "no_view_reason": None, "withheld": ["need of p"],
        "needs": [{"person_id": "p", "code": "food_or_fuel_poverty", "severity_then": 3, "severity_now": None}],
        "views": [{"person_id": None, "text": "It helped."}], "no_views": [{"person_id": "p", "reason": "too_young"}],
    }  # fmt: skip
    view = page(OPENED | {"outcome": outcome})
    assert [(fact.label, fact.value) for fact in view.ended[0].facts] == [
        ("Outcome", "They had the help"),
        ("Not enough money for food or fuel, Carys Fernlea", "Then: high. Now: not assessed."),
        ("The family says", "It helped."),
        ("Carys Fernlea did not say", "Too young to say"),
    ]
    assert view.ended[0].withheld == "1 part of the outcome may not be shown to you."


def test_values_of_forms_read_as_people_write_them() -> None:
    assert value_words({"0-1": 1, "5-11": 0}) == "1 under 1"
    assert [value_words(each) for each in (True, None, ["a b", "2026-07-01"], "male")] == [
        "Yes", "", "a b; 1 July 2026", "Male",
    ]  # fmt: skip
    assert basis("6(1)(e)") == "a task in the public interest (UK GDPR, Article 6(1)(e))"
    assert turn("coordinator", "referrer", "Them") == "The hub coordinator"
    assert deadline("2026-07-01T10:05:00Z") == "1 July 2026, 11:05am"
    assert in_time("2026-07-01T10:05:00Z") == "by 1 July 2026, 11:05am"
    assert in_time("2026-07-03T23:00:00Z") == "by the end of 3 July 2026", "what ends at midnight ends with its day"


def test_every_category_has_words() -> None:
    assert set(CATEGORIES) == {str(each) for each in Category}


def test_a_home_without_families_shows_the_inbox() -> None:
    new = item(state="submitted", due={"clock": "acknowledge_by", "owner": "recipient", "at": "2026-06-30T22:00:00Z"})
    home = home_of(somebody(), HomeParts(inbox=Part({"items": [new, item()]})), NOW)
    assert [(figure.number, figure.words) for figure in home.figures] == [
        (2, "new in your inbox"), (2, "open in your inbox"), (2, "things wait for you"), (1, "late"),
    ]  # fmt: skip
    assert home.waiting is not None
    assert [(task.what, task.late) for task in home.waiting] == [("Open it", True), ("Decide", False)]
