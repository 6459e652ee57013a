"""A memorandum from draft to tracked commitments, an agreement that serves it, and a joint-controller arrangement."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

import asyncpg
from accessible_paper import accessibility_faults
from consent_room import CHARITY, COUNCIL, FOOD_BANK, NHS, SALT, SCHOOL, Room, terms


def memorandum(room: Room, **changes: Any) -> dict[str, Any]:
    soon, later = room.today + timedelta(days=20), room.today + timedelta(days=300)
    commitments = [
        {"legal_entity_id": str(COUNCIL), "kind": "people", "what": "Two family workers.", "due_on": str(soon)},
        {"legal_entity_id": str(NHS), "kind": "premises", "what": "A room on Tuesdays.", "due_on": str(soon)},
    ]
    full = {
        "title": "Family hubs",
        "aims": "No family tells its story twice.",
        "governance": "A board each quarter.",
        "party_ids": [str(COUNCIL), str(NHS)],
        "commitments": commitments,
        "starts_on": str(room.today),
        "review_on": str(later),
        "ends_on": str(later),
    }
    return full | changes


async def test_a_memorandum_is_signed_and_its_commitments_are_tracked(room: Room) -> None:
    manager = room.person(SCHOOL, "agreement_manager")
    empty = {"reference": "MOU-1", "terms": memorandum(room, commitments=[], aims="")}
    made = await room.post("/memoranda", empty, manager, 201)
    one = f"/memoranda/{made['id']}"
    await room.get(one, room.person(SALT, "agreement_manager"), 404)
    refused = (await room.post(f"{one}/submit", {}, manager)).json()
    assert {e["code"] for e in refused["errors"]} == {"no_commitments", "not_stated"}
    match = {"If-Match": '"1"'}
    assert (await room.client.put(one, json=memorandum(room), headers=manager | match)).status_code == 200
    assert (await room.client.put(one, json=memorandum(room), headers=manager | match)).status_code == 412
    taken = await room.post("/memoranda", {"reference": "MOU-1", "terms": memorandum(room)}, manager)
    assert taken.status_code == 409
    frozen = await room.post(f"{one}/submit", {}, manager, 200)
    assert "2. Felpersham NHS Trust, premises" in frozen["text"]
    signing = {"text_hash": frozen["text_hash"], "name": "Pat Doe", "position": "Chief executive"}
    wrong = signing | {"text_hash": "0" * 64}
    assert (await room.post(f"{one}/sign", wrong, room.person(SALT, "signatory"))).status_code == 422
    await room.post(f"{one}/sign", signing, room.person(SALT, "signatory"), 200)
    assert (await room.post(f"{one}/sign", signing, room.person(SALT, "signatory"))).status_code == 409
    in_force = await room.post(f"{one}/sign", signing, room.person(SCHOOL, "signatory"), 200)
    assert (in_force["state"], in_force["signatures"][0]["name"]) == ("in_force", "Pat Doe")

    said = {"progress": "at_risk", "note": "The room is being painted."}
    reports = f"{one}/commitments/2/reports"
    outsider = room.person(FOOD_BANK, "agreement_manager")
    assert (await room.post(reports, said, outsider)).status_code == 404
    partner = room.person(SALT, "agreement_manager")
    tracked = await room.post(reports, said, partner, 200)
    assert [c["progress"] for c in tracked["commitments"]] == [None, "at_risk"]
    assert (await room.post(f"{one}/commitments/1/reports", said, partner)).status_code == 403
    assert (await room.post(f"{one}/commitments/9/reports", said, partner)).status_code == 422
    room.clock.move(timedelta(days=21))
    assert [c["overdue"] for c in (await room.get(one, room.person(SALT, "dpo")))["commitments"]] == [True, True]
    done = await room.post(reports, {"progress": "done"}, room.person(SALT, "agreement_manager"), 200)
    assert [c["overdue"] for c in done["commitments"]] == [True, False]
    listed = await room.get("/memoranda", room.person(SALT, "dpo"))
    assert [m["reference"] for m in listed["items"]] == ["MOU-1"]


async def test_an_agreement_serves_a_memorandum_and_is_never_the_same_record(room: Room) -> None:
    manager = room.person(SCHOOL, "agreement_manager")
    drafted = await room.post("/memoranda", {"reference": "MOU-1", "terms": memorandum(room)}, manager, 201)
    linked = terms(room.today, memorandum_id=drafted["id"])
    made = await room.post("/agreements", {"reference": "DSA-1", "terms": linked}, manager, 201)
    version = await room.get(f"/agreements/{made['id']}/versions/1", manager)
    assert [f["code"] for f in version["findings"]] == ["memorandum_not_in_force"]
    frozen = await room.post(f"/agreements/{made['id']}/versions/1/submit", {}, manager, 200)
    assert "It serves the memorandum of understanding MOU-1, Family hubs." in frozen["text"]
    found = await room.get(f"/agreements?memorandum_id={drafted['id']}", manager)
    assert [a["reference"] for a in found["items"]] == ["DSA-1"]
    ended = await room.post(
        f"/memoranda/{drafted['id']}/end", {"reason": "Not needed."}, room.person(SCHOOL, "signatory"), 200
    )
    assert (ended["state"], ended["allowed_actions"]) == ("ended", [])


async def test_joint_controllers_confirm_who_answers(room: Room) -> None:
    settled = {
        "title": "Early help cases",
        "entity_ids": [str(COUNCIL), str(NHS)],
        "purposes": ["referral"],
        "informs_entity_id": str(COUNCIL),
        "answers_entity_id": str(COUNCIL),
        "breach_entity_id": str(NHS),
        "essence": "The council tells families and answers them.",
        "starts_on": str(room.today),
    }
    manager = room.person(SCHOOL, "agreement_manager")
    proposal = {"reference": "JCA-1", "terms": settled}
    outsider = proposal | {"terms": settled | {"answers_entity_id": str(CHARITY)}}
    assert (await room.post("/joint-arrangements", outsider, manager)).json()["reason"] == "outsider"
    made = await room.post("/joint-arrangements", proposal, manager, 201)
    one = f"/joint-arrangements/{made['id']}"
    await room.get(one, room.person(FOOD_BANK, "dpo"), 404)
    joint = [{"legal_entity_id": str(e), "role": "joint_controller"} for e in (COUNCIL, NHS)]
    body = {"reference": "DSA-J", "terms": terms(room.today, parties=joint)}
    agreement = await room.post("/agreements", body, manager, 201)
    path = f"/agreements/{agreement['id']}/versions/1"
    assert (await room.post(f"{path}/submit", {}, manager)).json()["errors"][0]["code"] == "no_joint_arrangement"
    assert (await room.post(f"{one}/confirm", {}, room.person(SCHOOL, "signatory"), 200))["awaits"] == [str(NHS)]
    assert (await room.post(f"{one}/confirm", {}, room.person(SALT, "signatory"), 200))["state"] == "in_force"
    assert (await room.post(f"{path}/submit", {}, manager, 200))["state"] == "in_review"
    ended = await room.post(f"{one}/end", {"reason": "We part."}, room.person(SALT, "signatory"), 200)
    assert (ended["state"], ended["ended_because"]) == ("ended", "We part.")
    (listed,) = (await room.get("/joint-arrangements", room.person(SALT, "dpo")))["items"]
    assert listed["ended_because"] == "We part.", "each of its entities reads why"


async def test_an_agreement_is_cloned_from_a_template_and_versions_are_compared(room: Room) -> None:
    manager = room.person(SCHOOL, "agreement_manager")
    assert [t["key"] for t in (await room.get("/agreement-templates", manager))["items"]] == [
        "early_help",
        "food",
        "housing",
        "salt",
    ]
    await room.get("/agreement-templates/unknown", manager, 404)
    body = {"reference": "DSA-S", "referrer_id": str(COUNCIL), "provider_id": str(NHS), "starts_on": str(room.today)}
    made = await room.post("/agreement-templates/salt/clone", body, manager, 201)
    draft = await room.get(f"/agreements/{made['id']}/versions/1", manager)
    assert {f["code"] for f in draft["findings"] if f["weight"] == "stops"} == {"no_dpia", "not_stated"}
    version = await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    agreement = f"/agreements/{version['agreement_id']}"
    await room.post(f"{agreement}/versions", {}, manager, 201)
    longer = terms(room.today, security="Named accounts and a second factor.")
    edited = await room.client.put(f"{agreement}/versions/2", json=longer, headers=manager | {"If-Match": '"1"'})
    assert edited.status_code == 200
    compared = await room.get(f"{agreement}/compare?from=1&to=2", manager)
    assert [d["sentence"] for d in compared["differences"]] == ["The clause on security has changed."]
    await room.get(f"{agreement}/compare?from=1&to=2", room.person(SALT, "dpo"), 404)
    await room.get(f"{agreement}/compare?from=1", manager, 422)


async def test_the_agreement_on_paper(room: Room, owner: asyncpg.Connection) -> None:
    hostile = 'Named accounts. #panic("x") $x$ #(read("/etc/passwd")) *bold* \n\n= A heading'
    version = await room.agree("DSA-1", terms(room.today, security=hostile), SCHOOL, SALT)
    path = f"/agreements/{version['agreement_id']}/versions/1/document"
    who = room.person(SALT, "signatory")
    first = await room.client.get(path, headers=who)
    assert (first.status_code, first.headers["content-type"]) == (200, "application/pdf")
    assert first.content.startswith(b"%PDF-1.7")
    assert accessibility_faults(first.content) == []
    again = await room.client.get(path, headers=who)
    assert sha256(again.content).digest() == sha256(first.content).digest(), "the same agreement is the same bytes"
    text = await room.client.get(f"{path}?format=text", headers=who)
    assert text.text == version["text"]
    assert hostile in text.text
    # Frozen before its layout was kept: the words are read back from the text that was signed, never made anew.
    unkept = "UPDATE agreement_version SET document = NULL"
    await owner.execute(unkept)
    assert (await room.client.get(f"{path}?format=text", headers=who)).text == version["text"]
    assert (await room.client.get(path, headers=who)).content.startswith(b"%PDF-1.7")
    await owner.execute(f"{unkept}, text = 'Some words.'")
    lost = await room.client.get(path, headers=who)
    assert (lost.status_code, lost.json()["reason"]) == (409, "layout_not_kept")
    one = path.removesuffix("/document")
    await room.post(f"{one}/suspend", {"reason": "A breach."}, room.person(SALT, "dpo"), 200)
    assert await owner.fetchval("SELECT text FROM agreement_version") == "Some words.", "what was signed is kept"
    await room.get(path, room.person(FOOD_BANK, "dpo"), 404)
    await room.get(f"{path}?format=odd", who, 422)


async def test_anybody_may_read_what_is_shared(room: Room) -> None:
    version = await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    manager = room.person(SCHOOL, "agreement_manager")
    await room.post("/agreements", {"reference": "DSA-2", "terms": terms(room.today)}, manager, 201)
    answer = await room.client.get("/transparency")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=300")
    (shown,) = answer.json()["items"]
    assert (shown["reference"], shown["parties"]) == ("DSA-1", ["Borsetshire Council", "Felpersham NHS Trust"])
    assert shown["shared"][0]["what"] == "education, health, identity (names, birth date, sex)"
    assert [(each["party"], each["purpose"]) for each in shown["relied_on"]] == [
        ("Borsetshire Council", "referral"),
        ("Felpersham NHS Trust", "referral"),
    ]
    assert all(each["basis"].startswith("Article 6(1)") for each in shown["relied_on"])
    assert (await room.client.get("/transparency?place_id=00000000-0000-0000-0000-000000000071")).json()["items"] == []
    assert (await room.client.get("/transparency?odd=1")).status_code == 422
    one = f"/agreements/{version['agreement_id']}/versions/1"
    await room.post(f"{one}/suspend", {"reason": "A breach."}, room.person(SALT, "dpo"), 200)
    assert (await room.client.get("/transparency")).json()["items"] == []


async def test_officers_comment_on_a_clause_and_resolve_the_thread(room: Room) -> None:
    manager, officer = room.person(SCHOOL, "agreement_manager"), room.person(SALT, "dpo")
    made = await room.post("/agreements", {"reference": "DSA-1", "terms": terms(room.today)}, manager, 201)
    one = f"/agreements/{made['id']}/versions/1"
    await room.post(f"{one}/submit", {}, manager, 200)
    asked = {"text": "Why do we need health?", "pointer": "/flows/0"}
    opened = await room.post(f"{one}/comments", asked, officer, 201)
    nowhere = await room.post(f"{one}/comments", asked | {"pointer": "/flows/9"}, officer)
    assert (nowhere.status_code, nowhere.json()["reason"]) == (422, "no_such_clause")
    replied = await room.post(f"{one}/comments", {"text": "To triage.", "reply_to": opened["id"]}, manager, 201)
    assert (replied["thread_id"], replied["pointer"]) == (opened["id"], "/flows/0")
    assert (await room.post(f"{one}/comments", asked, room.person(FOOD_BANK, "dpo"))).status_code == 404
    assert (await room.post(f"{one}/comments", asked, room.person(SALT, "auditor"))).status_code == 403
    resolve = f"{one}/comments/{opened['id']}/resolve"
    done = await room.post(resolve, {}, officer, 200)
    assert done["resolved_at"] is not None
    assert (await room.post(resolve, {}, officer)).status_code == 409
    late = {"text": "One thing more.", "reply_to": opened["id"]}
    assert (await room.post(f"{one}/comments", late, manager)).status_code == 409
    assert (await room.post(f"{one}/comments/{replied['id']}/resolve", {}, manager)).status_code == 422
    listed = await room.get(f"{one}/comments", officer)
    assert [(c["thread_id"], c["resolved_at"] is not None) for c in listed["items"]] == [
        (None, True),
        (opened["id"], False),
    ]
