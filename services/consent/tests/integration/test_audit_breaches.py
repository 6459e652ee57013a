"""Who saw what of somebody, the clock of 72 hours, the records of Article 30, and packs of evidence."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from hashlib import sha256
from typing import Any

import asyncpg
from consent_room import CHARITY, CHILD, FAMILY, FOOD_BANK, SALT, SCHOOL, Room, terms

from connective.consent.domain import merkle
from connective.kit.ids import new_id


async def moved(room: Room, **changes: Any) -> str:
    """One disclosure and one look of families' own, of the child; answers the agreement."""
    version = await room.agree("DSA-1", terms(room.today, **changes), SCHOOL, SALT)
    await room.engage()
    assert (await room.disclose()).json()["disclosure_id"]
    data: dict[str, Any] = {
        "act_id": str(new_id()),
        "act": "person.read",
        "actor_id": str(new_id()),
        "organisation_id": str(SCHOOL),
        "family_id": str(FAMILY),
        "person_ids": [str(CHILD)],
        "purpose": None,
        "hits": None,
        "at": room.clock().isoformat(),
    }
    await room.event("hub.families.audit.recorded", new_id(), data)
    room.clock.move(timedelta(seconds=1))
    return str(version["agreement_id"])


def breach(room: Room, **changes: Any) -> dict[str, Any]:
    full = {
        "kind": "wrong_recipient",
        "description": "A request went to the wrong team.",
        "aware_at": room.clock().isoformat(),
        "since": (room.clock() - timedelta(days=1)).isoformat(),
        "until": room.clock().isoformat(),
        "person_ids": [str(CHILD)],
    }
    return full | changes


async def test_who_saw_what_of_a_person(room: Room, owner: asyncpg.Connection) -> None:
    await moved(room)
    officer = room.officer()
    made = await room.post("/audit/breaches", breach(room), officer, 201)
    seen = await room.get(f"/audit/breaches/{made['id']}/seen", officer)
    # Whoever recorded that the family was told saw that record.
    told, *shown = seen["items"]
    assert (told["how"], told["act"]) == ("access", "notice.read")
    assert [(s["how"], s["act"]) for s in shown] == [("disclosure", "request.read"), ("access", "person.read")]
    assert shown[0]["categories"] == ["health", "identity"]
    assert seen["complete"] is True
    (person,) = made["people"]
    assert str(CHILD) not in json.dumps([made, seen])
    again = await room.get(f"/audit/people/{person}/seen", officer)
    assert [s["record_id"] for s in again["items"]] == [s["record_id"] for s in seen["items"]]
    assert (await room.get(f"/audit/people/{person}/seen", room.officer(FOOD_BANK)))["items"] == []
    kept = await owner.fetchval("SELECT people::text FROM breach")
    assert str(CHILD) not in kept


async def test_the_clock_of_72_hours_and_what_may_be_decided(room: Room) -> None:
    await moved(room)
    officer = room.officer()
    made = await room.post("/audit/breaches", breach(room), officer, 201)
    one = f"/audit/breaches/{made['id']}"
    told = {"people_told": True}
    assert (await room.post(f"{one}/decide", told, officer)).json()["reason"] == "not_assessed"
    await room.post(f"{one}/assess", {"risk": "high", "assessment": "An address was shown."}, officer, 200)
    assert (await room.post(f"{one}/decide", told, officer)).json()["reason"] == "must_notify"
    room.clock.move(timedelta(hours=73))
    assert (await room.get("/audit/breaches", officer))["items"][0]["overdue"] is True
    late = {"notified_at": room.clock().isoformat(), "people_told": False}
    assert (await room.post(f"{one}/decide", late, officer)).json()["reason"] == "reason_for_delay"
    decided = await room.post(f"{one}/decide", late | {"reason": "The office was shut."}, officer, 200)
    assert (decided["state"], decided["ico_notified"], decided["overdue"]) == ("decided", True, False)
    assert (await room.post(f"{one}/decide", late, officer)).json()["reason"] == "not_assessed"
    assert (await room.post(f"{one}/assess", {"risk": "unlikely", "assessment": "No."}, officer)).status_code == 409
    assert (await room.client.get(one, headers=room.officer(SALT))).status_code == 404
    future = breach(room, aware_at=(room.clock() + timedelta(hours=1)).isoformat())
    assert (await room.post("/audit/breaches", future, officer)).json()["reason"] == "not_yet_aware"


async def test_an_unlikely_risk_is_recorded_with_its_reason(room: Room) -> None:
    officer = room.officer()
    made = await room.post("/audit/breaches", breach(room, person_ids=[]), officer, 201)
    one = f"/audit/breaches/{made['id']}"
    await room.post(f"{one}/assess", {"risk": "unlikely", "assessment": "It was not opened."}, officer, 200)
    assert (await room.post(f"{one}/decide", {"people_told": False}, officer)).json()["reason"] == "reason_needed"
    reason = {"people_told": False, "reason": "Taken back unread."}
    assert (await room.post(f"{one}/decide", reason, officer, 200))["ico_notified"] is False


ARTICLE_30_1 = {
    "(a) the controller and its data protection officer": ("controller", "controller_contact", "role"),
    "(b) the purposes": ("purpose",),
    "(c) whose data, and which": ("people_covered", "categories"),
    "(d) who receives them": ("direction", "other_party"),
    "(e) transfers abroad": ("transfers",),
    "(f) for how long": ("retention",),
    "(g) security": ("security",),
}
ARTICLE_30_2 = {
    "(a) the processor": ("processor", "processor_contact"),
    "(a) each controller and its data protection officer": ("controller", "controller_contact"),
    "(b) what is done on its behalf": ("processing", "organisations"),
    "(c) transfers abroad": ("transfers",),
    "(d) security": ("security",),
}


async def test_each_record_of_processing_holds_all_that_article_30_asks_for(room: Room) -> None:
    """Both ends of a flow have it in their own record, each with its own basis; a stranger to it has none."""
    await moved(room)
    for path, asked, officer in (
        ("controller", ARTICLE_30_1, room.officer()),
        ("controller", ARTICLE_30_1, room.officer(SALT)),
        ("processor", ARTICLE_30_2, room.officer()),
    ):
        items = (await room.get(f"/audit/processing-records/{path}", officer))["items"]
        table = (await room.client.get(f"/audit/processing-records/{path}/csv", headers=officer)).text
        rows = list(csv.DictReader(io.StringIO(table)))
        assert len(rows) == len(items) > 0
        empty = {
            (what, each)
            for line in (*items, *rows)
            for what, parts in asked.items()
            for each in parts
            if not line[each]
        }
        assert not empty
    ours, theirs = [
        (await room.get("/audit/processing-records/controller", each))["items"][0]
        for each in (room.officer(), room.officer(SALT))
    ]
    assert (ours["controller"], ours["direction"]) == (theirs["other_party"], "gives")
    assert (theirs["controller"], theirs["direction"]) == (ours["other_party"], "receives")
    assert (await room.get("/audit/processing-records/controller", room.officer(FOOD_BANK)))["items"] == []
    (named,) = {(line["processor"], line["processor_contact"]) for line in items}
    assert named == ("Ambridge Hosting (invented)", "dpo@host.example.org")


async def test_records_of_processing_as_json_and_csv(room: Room, owner: asyncpg.Connection) -> None:
    await moved(room, security="=HYPERLINK(0)")
    officer = room.officer()
    found = (await room.get("/audit/processing-records/controller", officer))["items"]
    assert [(line["direction"], line["other_party"], line["article_6"]) for line in found] == [
        ("gives", "Felpersham NHS Trust", "6(1)(e)")
    ]
    response = await room.client.get("/audit/processing-records/controller/csv", headers=officer)
    (line,) = csv.DictReader(io.StringIO(response.text))
    assert (response.headers["content-type"].split(";")[0], line["security"]) == ("text/csv", "'=HYPERLINK(0)")
    assert line["categories"] == "education; health; identity"
    hosted = (await room.get("/audit/processing-records/processor", officer))["items"]
    assert [h["controller"] for h in hosted] == ["Ambridge Food Bank", "Borsetshire Council", "Felpersham NHS Trust"]
    assert hosted[0]["contract_reference"] == "PA-1"
    response = await room.client.get("/audit/processing-records/processor/csv", headers=officer)
    assert len(list(csv.DictReader(io.StringIO(response.text)))) == 3
    assert await owner.fetchval("SELECT count(*) FROM ledger_entry WHERE kind = 'export'") == 4


async def pack(room: Room, path: str, who: dict[str, str]) -> bytes:
    response = await room.client.get(path, headers=who)
    assert response.status_code == 200, response.text
    return response.content


async def test_a_pack_proves_what_moved_and_is_the_same_each_time(room: Room) -> None:
    agreement = await moved(room, title="=1+1 Referrals")
    officer = room.officer()
    since = (room.clock() - timedelta(days=1)).isoformat().replace("+00:00", "Z")
    until = room.clock().isoformat().replace("+00:00", "Z")
    path = f"/audit/agreements/{agreement}/evidence?from={since}&to={until}"
    early = await room.client.get(path, headers=officer)
    assert (early.status_code, early.json()["reason"]) == (409, "not_sealed_yet")
    await room.seal()
    first = await pack(room, path, officer)
    await room.disclose()
    await room.seal()
    assert await pack(room, path, officer) == first, "what came later is not part of it"
    archived = zipfile.ZipFile(io.BytesIO(first))
    files = {name: archived.read(name) for name in archived.namelist()}
    manifest = json.loads(files["manifest.json"])
    assert manifest["counts"]["disclosures"] == 1
    assert {name: sha256(files[name]).hexdigest() for name in manifest["sha256"]} == manifest["sha256"]
    assert files["agreement-v1.pdf"].startswith(b"%PDF-1.7")
    ledger = json.loads(files["ledger.json"])
    root, size = bytes.fromhex(ledger["checkpoint"]["root"]), ledger["checkpoint"]["size"]
    for entry in ledger["entries"]:
        leaf = merkle.leaf_hash(entry["body"].encode())
        proof = [bytes.fromhex(step) for step in entry["proof"]]
        assert merkle.verify_inclusion(leaf, entry["seq"], size, proof, root)
    assert len(ledger["entries"]) == 1
    assert str(CHILD) not in "".join(content.decode() for name, content in files.items() if not name.endswith(".pdf"))
    assert (await room.client.get(path, headers=room.officer(FOOD_BANK))).status_code == 404
    assert (await room.client.get(path.replace(agreement, str(CHARITY)), headers=officer)).status_code == 404
