"""A place's schedule and legal holds, over HTTP, each change in the ledger."""

import json
from datetime import timedelta
from typing import Any

import asyncpg
from consent_room import CHILD, FAMILY, FOOD_BANK, OTHER_PLACE, PLACE, SALT, SCHOOL, Room

ONE = "/retention/schedule/referral_without_case"


async def bodies(owner: asyncpg.Connection, kind: str = "retention") -> list[dict[str, Any]]:
    rows = await owner.fetch("SELECT body FROM ledger_entry WHERE kind = $1 ORDER BY id", kind)
    return [json.loads(row["body"]) for row in rows]


async def test_a_place_changes_its_schedule(room: Room, owner: asyncpg.Connection) -> None:
    officer = room.officer()
    shown = (await room.get("/retention/schedule", officer))["items"]
    assert [(rule["key"], rule["version"]) for rule in shown][:2] == [("case_record", 1), ("referral_without_case", 1)]
    body = {"counted": [{"trigger": "last_activity", "years": 3}], "reason": "Our policy of 2026.", "source": "RP-7"}
    unmatched = await room.client.put(ONE, json=body, headers=officer)
    assert unmatched.status_code == 428
    changed = await room.client.put(ONE, json=body, headers=officer | {"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert changed.json()["in_words"] == "Kept for 3 years after anything last happened."
    assert (await room.client.put(ONE, json=body, headers=officer | {"If-Match": '"1"'})).status_code == 412
    again = body | {"counted": [{"trigger": "last_activity", "years": 4}]}
    admin = room.person(SCHOOL, "place_admin")
    assert (await room.client.put(ONE, json=again, headers=admin | {"If-Match": '"2"'})).json()["version"] == 3
    assert (await room.get(ONE, officer))["counted"][0]["years"] == 4
    entries = await bodies(owner)
    assert [(e["act"], e["facts"]["rule"], e["facts"]["after"][0]["years"]) for e in entries] == [
        ("schedule.changed", "referral_without_case", 3),
        ("schedule.changed", "referral_without_case", 4),
    ]
    public = await room.get(f"/transparency/retention?place_id={PLACE}", {})
    assert "Kept for 4 years after anything last happened." in {item["rule"] for item in public["items"]}
    assert await room.get("/transparency/retention", {}) == public, "a Hub of one place need not be told which"
    hosted = (await room.get("/audit/processing-records/processor", officer))["items"][0]["retention"]
    assert any("Kept for 4 years after anything last happened." in line for line in hosted)
    worker = await room.client.put(ONE, json=body, headers=room.worker() | {"If-Match": '"3"'})
    assert worker.status_code == 403


async def test_a_hub_of_several_places_is_told_which(room: Room, owner: asyncpg.Connection) -> None:
    elsewhere = "INSERT INTO legal_entity SELECT (jsonb_populate_record(e, $1::jsonb)).* FROM legal_entity AS e LIMIT 1"
    await owner.execute("SELECT set_config('app.place', '', false)")
    await owner.execute(elsewhere, json.dumps({"id": str(OTHER_PLACE), "place_id": str(OTHER_PLACE)}))
    refused = await room.get("/transparency/retention", {}, 422)
    assert refused["errors"][0]["pointer"] == "/query/place_id"
    assert (await room.get(f"/transparency/retention?place_id={OTHER_PLACE}", {}))["items"]


def hold(room: Room, **changes: Any) -> dict[str, Any]:
    full = {
        "reference": "CLAIM-1",
        "reason": "A claim was announced.",
        "review_on": str(room.today + timedelta(days=90)),
        "family_ids": [str(FAMILY)],
        "person_ids": [str(CHILD)],
    }
    return full | changes


async def test_a_hold_is_placed_reviewed_and_lifted(room: Room, owner: asyncpg.Connection) -> None:
    officer = room.officer()
    made = await room.post("/retention/holds", hold(room), officer, 201)
    assert made["state"] == "standing"
    one = f"/retention/holds/{made['id']}"
    assert (await room.get("/retention/holds?state=review_due", officer))["items"] == []
    room.clock.move(timedelta(days=91))
    due = (await room.get("/retention/holds?state=review_due", officer))["items"]
    assert [(h["id"], h["state"]) for h in due] == [(made["id"], "review_due")]
    later = {"review_on": str(room.today + timedelta(days=180)), "note": "The claim goes on."}
    stale = await room.client.put(f"{one}/review", json=later, headers=officer | {"If-Match": '"9"'})
    assert stale.status_code == 412
    reviewed = await room.client.put(f"{one}/review", json=later, headers=officer | {"If-Match": '"1"'})
    assert (reviewed.status_code, reviewed.json()["state"]) == (200, "standing")
    lifted = await room.post(f"{one}/lift", {"reason": "It was settled."}, officer, 200)
    assert (lifted["state"], lifted["version"]) == ("lifted", 3)
    assert (await room.post(f"{one}/lift", {"reason": "Again."}, officer)).status_code == 409
    assert [h["id"] for h in (await room.get("/retention/holds?state=lifted", officer))["items"]] == [made["id"]]
    entries = await bodies(owner)
    assert [e["act"] for e in entries] == ["hold.placed", "hold.reviewed", "hold.lifted"]
    assert len(entries[0]["facts"]["families"]) == 1
    assert str(FAMILY) not in json.dumps(entries)
    assert str(CHILD) not in json.dumps(entries)


async def test_what_a_hold_must_say_and_whose_it_is(room: Room) -> None:
    officer = room.officer()
    for changes, reason in (
        ({"family_ids": [], "person_ids": []}, "nothing_held"),
        ({"review_on": str(room.today)}, "review_day"),
        ({"review_on": str(room.today + timedelta(days=400))}, "review_day"),
    ):
        assert (await room.post("/retention/holds", hold(room, **changes), officer)).json()["reason"] == reason
    made = await room.post("/retention/holds", hold(room), officer, 201)
    for stranger in (room.officer(SALT), room.officer(FOOD_BANK)):
        assert (await room.client.get(f"/retention/holds/{made['id']}", headers=stranger)).status_code == 404
        lifting = await room.post(f"/retention/holds/{made['id']}/lift", {"reason": "Not ours."}, stranger)
        assert lifting.status_code == 404
