"""The questions an information-governance officer asks, each in words, each answered by one call over HTTP.

One of the twenty is the gateway's to answer, which keeps the accounts: leavers, training before access and second
factor (14). It is in `ELSEWHERE` with the test that asks it there, so that the list of twenty stays whole.
"""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from consent_room import CHILD, FAMILY, FOOD_BANK, NHS, SALT, SCHOOL, Room, terms

from connective.consent.commands.find_unusual_access import find_unusual_access
from connective.kit.ids import new_id

Holds = Callable[[Any], bool]
VERSION = "/agreements/{agreement}/versions/1"


def bases(answer: Any) -> list[dict[str, Any]]:
    return list(answer["terms"]["bases"])


QUESTIONS: dict[int, tuple[str, str, Holds]] = {
    1: (
        "Who is the controller of each record?",
        "/audit/processing-records/processor",
        lambda a: all(line["controller"] and line["organisations"] for line in a["items"]),
    ),
    2: (
        "Is there an Article 28 contract with the host, and does it settle sub-processors and location?",
        "/audit/processing-records/processor",
        lambda a: all({"location", "sub_processors"} <= set(line["contract_settles"]) for line in a["items"]),
    ),
    3: (
        "Is the impact assessment done, and current?",
        VERSION,
        lambda a: a["terms"]["dpia"]["reference"] == "DPIA-7" and a["terms"]["dpia"]["review_due_on"] > "2026",
    ),
    4: (
        "On which basis and legal power does each party rely?",
        VERSION,
        lambda a: len(bases(a)) == 2 and all(b["article_6"] and b["legal_power"] for b in bases(a)),
    ),
    5: (
        "Which Article 9 condition, Schedule 1 paragraph and policy document?",
        VERSION,
        lambda a: all(b["article_9"] and b["schedule_1_paragraph"] and b["policy_document"] for b in bases(a)),
    ),
    6: (
        "How is the duty of confidence met?",
        VERSION,
        lambda a: any(b["confidentiality_basis"] for b in bases(a) if b["legal_entity_id"] == str(NHS)),
    ),
    7: (
        "What is the most that each recipient may be shown?",
        "/audit/flows",
        lambda a: [f["categories"] for f in a["flows"]] == [["education", "health", "identity"]],
    ),
    8: (
        "Who was told, with which notice, in which language?",
        "/audit/notices",
        lambda a: len(a["items"]) == 1 and bool(a["items"][0]["people"]) and bool(a["items"][0]["language"]),
    ),
    9: (
        "Who said yes, with which authority, how was it given, and how withdrawn?",
        "/audit/consents",
        lambda a: a["items"][0]["authorities"] == ["own", "parental_responsibility"] and bool(a["items"][0]["how"]),
    ),
    11: (
        "What was shared, or tried, under no agreement or one that has ended?",
        "/audit/coverage",
        lambda a: any(b["code"] == "no_agreement" for pair in a["pairs"] for b in pair["blocked"]),
    ),
    12: (
        "Which overrides were used, who reviewed them, and how soon?",
        "/audit/overrides",
        lambda a: [bool(o["reviewed_at"]) and o["reviewed_at"] < o["review_by"] for o in a["items"]] == [True],
    ),
    13: (
        "Who looked without need, or at their own family?",
        "/audit/findings",
        lambda a: [f["kind"] for f in a["items"]] == ["own_record"],
    ),
    15: (
        "Was retention run, and have partners confirmed that they deleted?",
        "/retention/runs",
        lambda a: [(r["state"], r["ordered"]) for r in a["items"]] == [("approved", 1)],
    ),
    17: (
        "In a breach: who saw what of whom, within the 72 hours?",
        "/audit/breaches/{breach}/seen",
        lambda a: {s["how"] for s in a["items"]} == {"access", "disclosure"},
    ),
    19: (
        "What may be passed on, and what may never be done with it?",
        VERSION,
        lambda a: a["terms"]["onward_sharing"] == "None." and a["terms"]["prohibited_uses"] == ["marketing"],
    ),
    16: (
        "Did a correction reach everybody who was shown the wrong thing?",
        "/audit/corrections",
        lambda a: [(r["organisation_id"], r["outcome"]) for r in a["items"][0]["recipients"]] == [(str(SALT), "done")],
    ),
    18: (
        "Which requests and complaints of people are outstanding, with which controller, and when are they due?",
        "/audit/information-requests?standing=outstanding",
        lambda a: (
            [(r["kind"], r["waiting_for"]) for r in a["items"]] == [("access", [str(NHS)])]
            and all(r["due_on"] for r in a["items"])
        ),
    ),
    20: (
        "What is profiled or decided automatically, are small numbers hidden, and what of freedom of information?",
        "/audit/profiling",
        lambda a: (
            not any(line["decides_about_people"] for line in a["worked_out"])
            and (a["small_numbers"]["smallest_shown"], a["disclosures_last_year"]) == (10, {"referral": None})
            and a["freedom_of_information"]["answered_in_time"] == 1
        ),
    ),
}
PROVED = 10
ELSEWHERE = {14: ("gateway/tests/api/test_access_review.py", "test_an_officer_asks_who_has_access_trained_and_gone")}


async def happened(room: Room) -> dict[str, str]:
    """A little of everything an officer asks about; answers the ids the questions name."""
    version = await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    assert (await room.disclose()).json()["disclosure_id"]
    await room.disclose(FOOD_BANK)
    worker, lead = new_id(), room.person(SCHOOL, "safeguarding_lead")
    override = {"recipient_organisation_id": str(SALT), "person_ids": [str(CHILD)], "categories": ["safeguarding"]}
    told = {"family_told": False, "family_told_note": "It would not be safe."}
    why = {"reason": "Seen alone.", "risk_of_not_sharing": "Nobody would look."} | told
    used = await room.post("/overrides", override | why | {"share": True}, room.worker(), 201)
    await room.post(f"/overrides/{used['id']}/review", {"upheld": True, "note": "Right so."}, lead, 200)
    look = {"act_id": str(new_id()), "act": "person.read", "actor_id": str(worker), "organisation_id": str(SCHOOL)}
    whom = {"family_id": str(FAMILY), "person_ids": [str(CHILD)], "purpose": None, "hits": None}
    await room.event("hub.families.audit.recorded", new_id(), look | whom | {"at": room.clock().isoformat()})
    own = {"person_id": str(CHILD), "kind": "own_record", "active": True, "named_organisation_ids": []}
    await room.event("hub.families.restriction.changed", CHILD, own | {"named_actor_ids": [str(worker)]})
    await find_unusual_access(room.running.database, room.clock(), lambda _: False)
    room.keepers.add(new_id())
    run = await room.post("/retention/runs", None, room.officer(), 201)
    seen = {"list_hash": run["list_hash"]}
    await room.post(f"/retention/runs/{run['id']}/approve", seen, room.officer(), 200)
    room.clock.move(timedelta(seconds=1))
    await room.seal()
    breach = {"kind": "wrong_recipient", "description": "Sent to the wrong team.", "person_ids": [str(CHILD)]}
    since = (room.clock() - timedelta(hours=1)).isoformat()
    times = {"aware_at": room.clock().isoformat(), "since": since, "until": room.clock().isoformat()}
    made = await room.post("/audit/breaches", breach | times, room.officer(), 201)
    await asked_of_us(room)
    return {"agreement": str(version["agreement_id"]), "breach": str(made["id"])}


async def asked_of_us(room: Room) -> None:
    """A correction that its recipient confirms, a request of two controllers, and one for information."""
    day, officer, theirs = str(room.today), room.officer(), room.officer(SALT)
    wrong = {"what": "The year of birth was wrong.", "categories": ["identity"], "person_ids": [str(CHILD)]}
    since = {"since": (room.clock() - timedelta(days=1)).isoformat()}
    told = await room.post("/audit/corrections", wrong | since, officer, 201)
    assert (await room.get("/audit/corrections?standing=awaited", theirs))["items"][0]["id"] == told["id"]
    confirming = f"/audit/corrections/{told['id']}/confirm"
    await room.post(confirming, {"outcome": "done"}, theirs, 200)
    assert (await room.post(confirming, {"outcome": "done"}, theirs)).status_code == 409
    assert (await room.post(confirming, {"outcome": "done"}, room.officer(FOOD_BANK))).status_code == 404
    access = {"reference": "SAR-1", "kind": "access", "received_on": day, "person_ids": [str(CHILD)]}
    both = {"other_controllers": [str(NHS)], "agreed_under": "JCA-1"}
    made = await room.post("/audit/information-requests", access | both, officer, 201)
    one = f"/audit/information-requests/{made['id']}"
    await room.post(f"{one}/acknowledge", {}, officer, 200)
    await room.post(f"{one}/pause", {"reason": "identity"}, officer, 200)
    await room.post(f"{one}/resume", {}, theirs, 200)
    later = await room.post(f"{one}/extend", {"months": 2, "reason": "Three schools."}, officer, 200)
    assert later["due_on"] > made["due_on"]
    answered = await room.post(f"{one}/answer", {"outcome": "done"}, officer, 200)
    assert (answered["standing"], answered["waiting_for"]) == ("outstanding", [str(NHS)])
    assert (await room.post(f"{one}/answer", {"outcome": "done"}, officer)).json()["reason"] == "already_answered"
    assert (await room.get("/audit/information-requests", room.officer(FOOD_BANK)))["items"] == []
    asked = {"reference": "FOI-1", "kind": "freedom_of_information", "received_on": day, "about": "How many referrals?"}
    public = await room.post("/audit/information-requests", asked, officer, 201)
    closed = await room.post(
        f"/audit/information-requests/{public['id']}/answer", {"outcome": "partly", "note": "s40(2)"}, officer, 200
    )
    assert closed["standing"] == "answered"
    about = await room.post("/audit/information-requests", asked | {"person_ids": [str(CHILD)]}, officer)
    assert about.json()["reason"] == "about_nobody"


async def test_each_question_is_answered_by_one_call(room: Room) -> None:
    ids = await happened(room)
    officer = room.officer()
    for number, (question, path, holds) in QUESTIONS.items():
        answer = await room.get(path.format(**ids), officer)
        assert holds(answer), f"{number}. {question} {path} does not answer it: {answer}"


async def test_what_moved_under_an_agreement_in_a_period_can_be_proved(room: Room) -> None:
    """10. What moved under agreement X in period Y, and can it be proved?"""
    ids = await happened(room)
    response = await room.client.get(f"/audit/agreements/{ids['agreement']}/evidence", headers=room.officer())
    assert response.status_code == 200, response.text
    names = zipfile.ZipFile(io.BytesIO(response.content)).namelist()
    assert {"disclosures.csv", "ledger.json", "manifest.json"} <= set(names)


@pytest.mark.parametrize("number", range(1, 21))
def test_no_question_is_forgotten(number: int) -> None:
    assert (number in QUESTIONS) + (number == PROVED) + (number in ELSEWHERE) == 1
    if number in ELSEWHERE:
        file, test = ELSEWHERE[number]
        assert f"async def {test}(" in (Path(__file__).parents[4] / file).read_text(encoding="utf-8")
