"""Erasure that somebody asks for: what may be meant, what stands against it, the answer, and the proof."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connective.frontend.domain.proving_erasures import (
    agreement_proof,
    certificate,
    decision,
    erasure,
    erasure_request,
    hindrances,
    meant,
    preview_tables,
    whose_options,
)
from connective.frontend.domain.proving_requests import copy, request
from connective.frontend.domain.proving_tables import Known

ACCOUNT = "0190a5c0-0000-7000-8000-000000001234"
AT = "2026-06-30T09:30:00Z"
PERSON, FAMILY = "6f198053" + "0" * 24, "aa" * 16
KNOWN = Known(
    datetime(2026, 7, 1, tzinfo=UTC),
    entities={"e1": "Levelshire Council"},
    permissions=frozenset({"consent:audit:write", "consent:retention:decide", "consent:access_copy:release"}),
)
FOUND: list[dict[str, Any]] = [
    {"person": PERSON, "person_id": "p1", "organisation_id": "o1",
     "families": [{"family_id": "f1", "family": FAMILY, "people": 4, "open_case": True}]},
    {"person": "bb" * 16, "person_id": "p2", "organisation_id": None, "families": []},
]  # fmt: skip
REQUEST: dict[str, Any] = {
    "id": "r1", "reference": "ERA-1", "kind": "erasure", "about": "", "people": [PERSON], "received_on": "2026-06-30",
    "due_on": "2026-07-30", "acknowledge_by": None, "acknowledged_on": None, "paused_since": None,
    "extended_months": 0, "answers": [], "waiting_for": ["e1"], "standing": "outstanding", "origin": None,
    "origin_id": None, "access_copy_ids": [], "correction_ids": [],
}  # fmt: skip


def test_what_may_be_meant_is_a_person_alone_or_a_family_s_record() -> None:
    options = whose_options(FOUND)
    assert options == (
        (f"person-{PERSON}", "Person 6f19 8053 alone"),
        (f"family-{FAMILY}", "The whole record of a family of 4"),
    ), "whoever is kept by nobody of ours is not offered"
    assert meant(FOUND, f"person-{PERSON}") == ("f1", "p1", "Person 6f19 8053 alone")
    assert meant(FOUND, f"family-{FAMILY}") == ("f1", None, "The whole record of a family of 4")
    assert meant(FOUND, "person-" + "bb" * 16) is None


@pytest.mark.parametrize(
    ("typed", "missing", "granted"),
    [
        ({"granted": "grant", "exemption": "legal_claims"}, [], True),
        ({"granted": "refuse", "exemption": None}, [("exemption", "Choose why it may be kept")], False),
        ({"granted": "refuse", "exemption": "legal_claims"}, [], False),
    ],
)
def test_a_refusal_names_what_it_rests_on_and_a_grant_nothing(
    typed: dict[str, Any], missing: list[tuple[str, str]], granted: bool
) -> None:
    body, errors = decision({"ground": "objection", "reasons": "Why.", **typed}, REQUEST)
    assert (errors, body["granted"]) == (missing, granted)
    assert body["exemption"] == (None if granted else typed["exemption"])
    assert (body["asked_on"], body["information_request_id"]) == ("2026-06-30", "r1"), "one request, one day"


def test_what_would_go_and_what_stands_against_it_are_words() -> None:
    assert hindrances(["birth_unknown", "legal_hold"]) == ["A legal hold covers it: lift that first."]
    preview = {
        "parts": [{"service": "families", "would_remove": 8, "would_keep": 1}],
        "kept_words": [{"what": "overrides", "records": 1, "because": "They protect somebody who stays too."}],
    }
    gone, kept = preview_tables(preview)
    assert [cell.text for cell in gone.rows[0]] == ["Families", "8", "1"]
    assert kept.rows[0][0].text == "Overrides"
    assert len(preview_tables({**preview, "kept_words": []})) == 1


def test_a_request_in_the_register_leads_to_what_answers_it() -> None:
    page = request(REQUEST, KNOWN)
    assert page.acts[0] == ("Decide about the erasure", "/audit/requests/r1/erasure")
    assert "Decide about the erasure" not in [words for words, _ in request(REQUEST, Known(KNOWN.now)).acts]
    decided = {**REQUEST, "standing": "answered", "origin": "erasure", "origin_id": "x", "waiting_for": []}
    answered = request(decided, KNOWN)
    assert (answered.acts, answered.links) == ([], [("How it was decided", "/audit/erasure-requests/x")])
    access = request({**REQUEST, "kind": "access"}, KNOWN)
    assert access.acts[0] == ("Put the copy together", "/audit/copies/new?information_request_id=r1")
    begun = request({**REQUEST, "kind": "access", "access_copy_ids": ["c1"]}, KNOWN)
    assert begun.links == [("The copy put together for it", "/audit/copies/c1")]
    assert begun.acts[0][0] == "Answer it", "the copy was begun, and the answer is noted"
    objected = request({**REQUEST, "kind": "objection", "origin": "objection", "origin_id": "b"}, KNOWN)
    assert "Answer it" not in [words for words, _ in objected.acts], "it is answered where it is decided"
    restricted = request({**REQUEST, "kind": "restriction"}, KNOWN)
    assert restricted.acts[0][1] == "/audit/restrictions/new?information_request_id=r1"


def test_a_copy_says_how_much_of_it_waits() -> None:
    held = {
        "id": "c1", "person": PERSON, "asked_at": AT, "asked_by": ACCOUNT, "state": "held", "withheld": {},
        "items": [{"review": True}, {"review": False}], "whereabouts_restricted": True,
    }  # fmt: skip
    page = copy(held, KNOWN)
    assert page.acts == [("Look it through", "/audit/copies/c1/release")]
    assert "Take care" in [each.name for each in page.facts]


ERASED: dict[str, Any] = {
    "id": "x1", "person": None, "people": 1, "ordered_at": AT, "ordered_by": ACCOUNT, "rule_key": None,
    "request_id": "q1", "completed_at": AT, "state": "complete",
    "parts": [{"service": "families", "asked_at": AT, "done_at": AT, "removed": 8, "kept": 1}],
}  # fmt: skip
SIGNED = {"size": 133, "root": "a0", "text": "t", "signature": "s", "key_id": "ledger-1", "signed_at": AT}


def test_a_decision_and_its_erasure_lead_to_each_other_and_to_the_certificate() -> None:
    asked = {
        "id": "q1", "person": PERSON, "asked_on": "2026-06-30", "due_on": "2026-07-30", "ground": "objection",
        "granted": True, "exemption": None, "reasons": "Why.", "decided_at": AT, "decided_by": ACCOUNT,
        "erasure_id": "x1",
    }  # fmt: skip
    assert erasure_request(asked, KNOWN).acts == [("See it done", "/audit/erasures/x1")]
    refused = erasure_request({**asked, "granted": False, "exemption": "legal_claims", "erasure_id": None}, KNOWN)
    assert not refused.acts
    assert "It is needed for a legal claim" in [each.value.text for each in refused.facts]
    page = erasure(ERASED, KNOWN)
    assert page.facts[0].value.text == "A family of one person"
    assert page.acts == [("The certificate", "/audit/erasures/x1/certificate")]
    assert page.links == [("The request it answers", "/audit/erasure-requests/q1")]
    assert not erasure({**ERASED, "state": "under_way", "completed_at": None}, KNOWN).acts


def test_a_certificate_names_who_still_owes_a_confirmation_and_the_entries_that_prove_it() -> None:
    owed = {"legal_entity_id": "e1", "state": "outstanding", "due_on": "2026-07-30", "how": None, "done_on": None}
    found = {
        "erasure": ERASED, "kept_words": [], "events_gone_by": "2026-08-04", "recipients": [owed],
        "entries": [{"seq": 127}, {"seq": 1131}], "checkpoint": SIGNED,
    }  # fmt: skip
    page = certificate(found, KNOWN)
    assert [cell.text for cell in page.tables[-1].rows[0]] == [
        "Levelshire Council",
        "To be confirmed by 30 July 2026: 29 days left",
    ]
    assert "127, 1,131" in [each.value.text for each in page.facts]
    assert page.acts == [("Download it with its proof", "/audit/erasures/x1/certificate/file")]
    confirmed = {**owed, "state": "confirmed", "how": "deleted", "done_on": "2026-07-02"}
    done = certificate({**found, "recipients": [confirmed]}, KNOWN)
    assert done.tables[-1].rows[0][1].text == "Deleted, 2 July 2026"


def test_an_agreement_s_end_is_proved_by_its_entry() -> None:
    review = {"id": "v1", "reference": "DSA-1", "reviewed_at": AT, "reviewed_by": ACCOUNT, "decision": "destroyed"}
    page = agreement_proof({"review": review, "entries": [{"seq": 9}], "checkpoint": SIGNED}, KNOWN)
    assert "Destroyed" in [each.value.text for each in page.facts]
    assert page.acts == [("Download the proof", "/audit/agreement-reviews/v1/proof/file")]
