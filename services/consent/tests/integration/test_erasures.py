"""Lists, approvals and erasures in consent: what is left of somebody who was erased, and what proves it."""

import json
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from consent_room import CHILD, COUNCIL, FAMILY, FOOD_BANK, MOTHER, NHS, SALT, SCHOOL, Room, terms
from erasing_room import ASKED, WORDS, answered, erased, everything, lived, look, ordered

from connective.consent.domain import merkle
from connective.consent.domain.ledger import pseudonym
from connective.kit.ids import new_id

OTHER, OTHERS_CHILD = UUID(int=0x40), UUID(int=0x41)


async def test_an_erased_family_leaves_the_log_whole_and_says_nothing(room: Room, owner: asyncpg.Connection) -> None:
    before = await lived(room)
    key = await owner.fetchval("SELECT key FROM person_key WHERE person_id = $1", CHILD)
    unchanged, preview = await everything(owner), f"/retention/families/{FAMILY}/preview"
    foreseen = await room.get(preview, room.officer())
    looks = ("access_record", "ledger_entry", "ledger_pending", "ledger_leaf")
    assert without(await everything(owner), *looks) == without(unchanged, *looks), "a preview changes nothing"
    assert (foreseen["person"], foreseen["against"]) == (None, [])
    erasure = await ordered(room)
    rows = await owner.fetchval("SELECT count(*) FROM disclosure")
    await erased(room, erasure)
    left = await everything(owner)
    for gone in (str(CHILD), str(MOTHER), str(FAMILY), WORDS, key.hex()):
        assert gone not in left, [line for line in left.splitlines() if gone in line]
    assert await owner.fetchval("SELECT count(*) FROM disclosure") == rows, "what was shared stays, about nobody"
    own = await owner.fetchval("SELECT removed FROM erasure_part WHERE service = 'consent'")
    counted = {part["service"]: part["would_remove"] for part in foreseen["parts"]}
    assert counted == {"consent": own, "families": 9, "referrals": 5}
    await room.get(preview, room.officer(), 404)
    stand_in = await owner.fetchval("SELECT person_ids[1] FROM disclosure LIMIT 1")
    assert stand_in.hex == pseudonym(CHILD, key), "as the ledger knows them"
    room.clock.move(timedelta(seconds=3))
    await room.seal()
    found = await room.post("/ledger/verify", None, room.officer(), 200)
    assert found["whole"] is True, found
    proof = await room.get(f"/ledger/proofs/consistency?from={before['size']}", room.worker())
    roots = bytes.fromhex(before["root"]), bytes.fromhex(proof["root"])
    steps = [bytes.fromhex(step) for step in proof["proof"]]
    assert merkle.verify_consistency(before["size"], roots[0], proof["size"], roots[1], steps)
    assert (await room.disclose()).status_code == 404, "nothing begins to be kept of them again"


async def test_answers_come_twice_late_and_in_any_order(room: Room, owner: asyncpg.Connection) -> None:
    await lived(room)
    erasure = await ordered(room)
    referrals, told = new_id(), new_id()
    await answered(room, erasure, "referrals", referrals)
    shown = await room.get(f"/retention/erasures/{erasure}", room.officer())
    assert (shown["state"], shown["outstanding"]) == ("ordered", ["consent", "families"])
    early = await room.client.get(f"/retention/erasures/{erasure}/certificate", headers=room.officer())
    assert (early.status_code, early.json()["reason"]) == (409, "not_complete")
    await erased(room, erasure, event_id=told)
    await answered(room, erasure, "families")
    shown = await room.get(f"/retention/erasures/{erasure}", room.officer())
    assert (shown["state"], shown["outstanding"], shown["people"]) == ("complete", [], 2)
    left = await everything(owner)
    await erased(room, erasure, event_id=told)
    await erased(room, erasure)
    await answered(room, erasure, "referrals", referrals)
    await answered(room, erasure, "referrals")
    again = await everything(owner)
    assert without(again, "inbox") == without(left, "inbox")
    await look(room)
    await room.event(
        "hub.families.restriction.changed",
        CHILD,
        {"person_id": str(CHILD), "kind": "whereabouts", "active": True, "named_organisation_ids": []},
    )
    late = await everything(owner)
    assert str(CHILD) not in late
    assert str(FAMILY) not in late


def without(rows: str, *tables: str) -> list[str]:
    names = tuple(f"{table}:" for table in ("access_record", *tables))
    return sorted(line for line in rows.splitlines() if not line.startswith(names))


async def test_a_certificate_proves_it_and_names_who_received(room: Room) -> None:
    await lived(room)
    erasure = await ordered(room)
    await erased(room, erasure)
    for service in ("families", "referrals"):
        await answered(room, erasure, service)
    room.clock.move(timedelta(seconds=3))
    await room.seal()
    shown = await room.get(f"/retention/erasures/{erasure}/certificate", room.officer())
    assert [json.loads(e["body"])["act"] for e in shown["entries"]] == [
        *("erasure.ordered", "keys.destroyed", "erasure.completed")
    ]
    root, size = bytes.fromhex(shown["checkpoint"]["root"]), shown["checkpoint"]["size"]
    for entry in shown["entries"]:
        steps = [bytes.fromhex(step) for step in entry["proof"]]
        leaf = merkle.leaf_hash(entry["body"].encode())
        assert merkle.verify_inclusion(leaf, entry["seq"], size, steps, root)
    assert {p["service"]: p["removed"] for p in shown["erasure"]["parts"]}.keys() == {
        "consent",
        "families",
        "referrals",
    }
    (owed,) = shown["recipients"]
    assert (owed["legal_entity_id"], owed["to_entity_ids"], owed["own"]) == (str(NHS), [str(COUNCIL)], False)
    assert owed["request_ids"] == [str(UUID(int=9))]
    one = f"/retention/deletions/{owed['id']}/confirm"
    body = {"how": "deleted", "name": "A. Keeper", "position": "Records", "done_on": str(room.today)}
    assert (await room.post(one, body, room.officer())).json()["reason"] == "other_entity"
    assert (await room.post(one, body, room.officer(FOOD_BANK))).status_code == 404
    told = await room.post(one, body, room.officer(SALT), 200)
    assert (told["state"], told["confirmed_name"], told["done_on"]) == ("confirmed", "A. Keeper", str(room.today))
    assert (await room.post(one, body, room.officer(SALT))).status_code == 409
    assert (await room.get("/retention/deletions?state=outstanding", room.officer()))["items"] == []


async def test_a_list_is_approved_as_it_was_seen(room: Room, owner: asyncpg.Connection) -> None:
    held, changed, busy, gone = (UUID(int=0x50 + n) for n in range(4))
    officer = room.officer()
    for family in (FAMILY, held, changed, busy, gone):
        room.keepers.add(family)
    room.keepers.add(OTHER, OTHERS_CHILD)
    review = str(room.today + timedelta(days=30))
    hold = {"reference": "C-1", "reason": "A claim.", "review_on": review, "person_ids": [str(OTHERS_CHILD)]}
    await room.post("/retention/holds", hold, officer, 201)
    run = await room.post("/retention/runs", None, officer, 201)
    assert (run["would_go"], run["held_back"]) == (5, 1)
    one = f"/retention/runs/{run['id']}"
    items = (await room.get(f"{one}/items", officer))["items"]
    assert [i["reasons"] for i in items if i["outcome"] == "held_back"] == [["legal_hold"]]
    assert all(str(family) not in json.dumps(items) for family in (FAMILY, OTHER))
    wrong = await room.post(f"{one}/approve", {"list_hash": "0" * 64}, officer)
    assert (wrong.status_code, wrong.json()["reason"]) == (409, "another_list")
    await room.post("/retention/holds", hold | {"person_ids": [], "family_ids": [str(held)]}, officer, 201)
    room.keepers.change(changed, version=2)
    room.keepers.open.add(busy)
    del room.keepers.families[gone]
    approved = await room.post(f"{one}/approve", {"list_hash": run["list_hash"]}, officer, 200)
    assert (approved["state"], approved["ordered"], approved["stale"]) == ("approved", 1, 4)
    items = (await room.get(f"{one}/items", officer))["items"]
    stale = sorted(tuple(i["reasons"]) for i in items if i["result"] == "stale")
    assert stale == [("changed_since",), ("gone",), ("legal_hold",), ("open_request",)]
    told = await owner.fetch("SELECT data FROM outbox WHERE subject = 'hub.consent.erasure.ordered'")
    assert [json.loads(row["data"])["family_id"] for row in told] == [str(FAMILY)]
    twice = await room.post(f"{one}/approve", {"list_hash": run["list_hash"]}, officer)
    assert twice.json()["reason"] == "already_approved"
    assert (await room.client.get(one, headers=room.officer(SALT))).status_code == 404
    later = await room.post("/retention/runs", None, officer, 201)
    again = await room.post(f"/retention/runs/{later['id']}/approve", {"list_hash": later["list_hash"]}, officer, 200)
    under_way = (await room.get(f"/retention/runs/{later['id']}/items", officer))["items"]
    assert ["under_way"] in [i["reasons"] for i in under_way]
    assert again["ordered"] == 1, "the changed one, as it is now"


@pytest.mark.parametrize("against", ["legal_hold", "open_case", "open_request"])
async def test_what_stands_against_a_request(room: Room, against: str) -> None:
    room.keepers.add(FAMILY, CHILD, rule=None)
    officer = room.officer()
    if against == "legal_hold":
        review = str(room.today + timedelta(days=30))
        hold = {"reference": "C-1", "reason": "A claim.", "review_on": review, "family_ids": [str(FAMILY)]}
        await room.post("/retention/holds", hold, officer, 201)
    room.keepers.change(FAMILY, open_case=against == "open_case")
    room.keepers.open |= {FAMILY} if against == "open_request" else set()
    answer = await room.post("/retention/requests", ASKED | {"family_id": str(FAMILY)}, officer)
    assert (answer.status_code, answer.json()["reason"]) == (409, against)


async def test_a_request_is_refused_with_its_exemption(room: Room, owner: asyncpg.Connection) -> None:
    room.keepers.add(FAMILY, CHILD, rule=None)
    officer, body = room.officer(), ASKED | {"family_id": str(FAMILY), "granted": False}
    assert (await room.post("/retention/requests", body, officer)).json()["reason"] == "exemption_needed"
    refused = await room.post("/retention/requests", body | {"exemption": "legal_claims"}, officer, 201)
    assert (refused["granted"], refused["erasure_id"], refused["due_on"]) == (False, None, "2026-02-05")
    assert (await room.get("/retention/erasures", officer))["items"] == []
    assert await owner.fetchval("SELECT count(*) FROM outbox WHERE subject LIKE '%erasure%'") == 0
    unknown = await room.post("/retention/requests", ASKED | {"family_id": str(OTHER)}, officer)
    assert unknown.status_code == 404


async def test_a_refusal_and_an_overdue_answer_are_seen(room: Room) -> None:
    await lived(room)
    erasure, officer = await ordered(room), room.officer()
    room.clock.move(timedelta(hours=2))
    overdue = (await room.get("/retention/erasures?state=overdue", officer))["items"]
    assert [(e["id"], e["overdue"]) for e in overdue] == [(erasure, True)]
    assert (await room.client.get("/readyz")).json()["erasures"] == "alarm"
    await room.running.scheduler.run_once("erasure_watch")
    data = {"erasure_id": erasure, "reason_code": "changed_since", "at": room.clock().isoformat()}
    await room.event("hub.families.erasure.refused", UUID(erasure), data)
    shown = await room.get(f"/retention/erasures/{erasure}", officer)
    assert (shown["state"], shown["reason_code"], shown["overdue"]) == ("refused", "changed_since", False)
    await erased(room, erasure)
    assert (await room.disclose()).status_code == 200, "a refused order erases nothing"


async def test_the_end_of_an_agreement_asks_each_recipient_to_confirm(room: Room, owner: asyncpg.Connection) -> None:
    version = await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.running.scheduler.run_once("deletions_owed")
    manager = room.person(SALT, "agreement_manager")
    assert (await room.get("/retention/deletions", manager))["items"] == []
    one = f"/agreements/{version['agreement_id']}/versions/1"
    await room.post(f"{one}/terminate", {"reason": "The service ended."}, room.person(SCHOOL, "signatory"), 200)
    for _ in range(2):
        await room.running.scheduler.run_once("deletions_owed")
    (owed,) = (await room.get("/retention/deletions?state=outstanding", manager))["items"]
    assert (owed["agreement_id"], owed["at_end"], owed["own"]) == (version["agreement_id"], "delete", True)
    room.clock.move(timedelta(days=40))
    assert len((await room.get("/retention/deletions?state=overdue", room.officer()))["items"]) == 1
    body = {"how": "returned", "name": "A. Keeper", "done_on": str(room.today)}
    kept = {"how": "retained_by_law", "name": "A. Keeper", "done_on": str(room.today)}
    confirm = f"/retention/deletions/{owed['id']}/confirm"
    assert (await room.post(confirm, kept, manager)).json()["reason"] == "law_needed"
    assert (await room.post(confirm, body, manager, 200))["state"] == "confirmed"


async def test_the_application_erases_nothing_without_an_order(room: Room) -> None:
    connection = await asyncpg.connect(room.database.app_url)
    await connection.execute("SELECT set_config('app.kind', 'service', false)")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetch("SELECT * FROM erase_people($1, $2, '{}', '{}')", new_id(), FAMILY)
    await connection.close()
