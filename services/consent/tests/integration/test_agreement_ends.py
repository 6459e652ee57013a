"""An agreement at the end of its time: listed, looked at by an officer, kept on or destroyed, and proved."""

from datetime import timedelta
from typing import Any

import asyncpg
from consent_room import CHARITY, CHILD, FOOD_BANK, SALT, SCHOOL, Room, terms

from connective.consent.domain import merkle

REVIEWS = "/retention/agreement-reviews"
SAID = "only the two of us know the zebra clause"


async def ended(room: Room, reference: str, agreed: dict[str, Any], other: Any) -> dict[str, Any]:
    """An agreement in force that is ended at once, with a comment that an officer made; answers its version."""
    version = await room.agree(reference, agreed, SCHOOL, other)
    one = f"/agreements/{version['agreement_id']}/versions/1"
    await room.post(f"{one}/comments", {"text": SAID}, room.person(other, "dpo"), 201)
    await room.post(f"{one}/terminate", {"reason": "It ended."}, room.person(SCHOOL, "signatory"), 200)
    return version


def goes(version: dict[str, Any], **changes: Any) -> dict[str, Any]:
    full = {"agreement_id": version["agreement_id"], "decision": "destroyed", "text_hash": version["text_hash"]}
    return full | {"reason": "Nothing rests on it any more."} | changes


async def refused(room: Room, body: dict[str, Any], status: int, reason: str) -> None:
    answer = await room.post(REVIEWS, body, room.officer())
    assert (answer.status_code, answer.json()["reason"]) == (status, reason), answer.text


async def listed(room: Room) -> dict[str, list[str]]:
    run = await room.post("/retention/runs", None, room.officer(), 201)
    items = (await room.get(f"/retention/runs/{run['id']}/items", room.officer()))["items"]
    return {item["agreement_id"]: [item["outcome"], *item["reasons"]] for item in items if item["agreement_id"]}


async def test_an_agreement_is_destroyed_with_proof_and_its_hash_and_signatures_stay(
    room: Room, owner: asyncpg.Connection
) -> None:
    version = await ended(room, "DSA-1", terms(room.today), SALT)
    await room.running.scheduler.run_once("deletions_owed")
    await refused(room, goes(version), 409, "not_due")
    assert await listed(room) == {}
    room.clock.move(timedelta(days=6 * 366))
    assert await listed(room) == {version["agreement_id"]: ["for_review"]}
    await refused(room, goes(version, text_hash="0" * 64), 422, "other_text")
    await refused(room, goes(version), 409, "confirmations_outstanding")
    (owed,) = (await room.get("/retention/deletions", room.officer(SALT)))["items"]
    gone = {"how": "deleted", "name": "A. Keeper", "done_on": str(room.today)}
    await room.post(f"/retention/deletions/{owed['id']}/confirm", gone, room.officer(SALT), 200)
    assert (await room.post(REVIEWS, goes(version), room.officer(SALT))).status_code == 403, "the lead keeps it"
    assert (await room.post(REVIEWS, goes(version), room.officer(FOOD_BANK))).status_code == 404

    made = await room.post(REVIEWS, goes(version), room.officer(), 201)
    assert (made["decision"], made["reference"], made["review_on"]) == ("destroyed", "DSA-1", None)
    (kept,) = made["versions"]
    assert (kept["text_hash"], kept["state"]) == (version["text_hash"], "terminated")
    assert {each["text_hash"] for each in kept["signatures"]} == {version["text_hash"]}
    assert len(kept["signatures"]) == 2
    for table in ("agreement_version", "agreement_act", "agreement_flow", "agreement_comment"):
        assert await owner.fetchval(f"SELECT count(*) FROM {table}") == 0, table
    one = f"/agreements/{version['agreement_id']}/versions/1"
    assert (await room.client.get(one, headers=room.officer())).status_code == 404
    assert await listed(room) == {}
    assert (await room.post(REVIEWS, goes(version), room.officer())).status_code == 404

    await room.seal()
    proof = await room.get(f"{REVIEWS}/{made['id']}/proof", room.officer(SALT))
    (entry,), signed = proof["entries"], proof["checkpoint"]
    assert version["text_hash"] in entry["body"]
    assert entry["leaf_hash"] == merkle.leaf_hash(entry["body"].encode()).hex()
    steps = [bytes.fromhex(step) for step in entry["proof"]]
    leaf, root = bytes.fromhex(entry["leaf_hash"]), bytes.fromhex(signed["root"])
    assert merkle.verify_inclusion(leaf, entry["seq"], signed["size"], steps, root)
    for path in (f"{REVIEWS}/{made['id']}", f"{REVIEWS}/{made['id']}/proof"):
        assert (await room.client.get(path, headers=room.officer(FOOD_BANK))).status_code == 404
    assert (await room.post("/ledger/verify", None, room.officer(), 200))["whole"] is True


async def test_what_still_rests_on_an_agreement_keeps_it(room: Room, owner: asyncpg.Connection) -> None:
    version = await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    assert (await room.disclose()).json()["permit"]
    one = f"/agreements/{version['agreement_id']}/versions/1"
    await room.post(f"{one}/terminate", {"reason": "It ended."}, room.person(SCHOOL, "signatory"), 200)
    room.clock.move(timedelta(days=6 * 366))
    await refused(room, goes(version), 409, "disclosures_rest_on_it")
    keep = {"decision": "kept", "reason": "The child's record stands until 2048."}
    await refused(room, goes(version, **keep), 422, "review_needed")
    for days in (0, 6 * 366 + 9):
        await refused(room, goes(version, **keep, review_on=str(room.today + timedelta(days=days))), 422, "review_day")
    later = {"review_on": str(room.today + timedelta(days=365))}
    made = await room.post(REVIEWS, goes(version, **keep, **later), room.officer(), 201)
    assert (made["decision"], made["review_on"]) == ("kept", later["review_on"])
    assert await listed(room) == {}
    room.clock.move(timedelta(days=366))
    assert await listed(room) == {version["agreement_id"]: ["for_review"]}, "somebody looks again on the day"
    assert (await room.get(one, room.officer()))["text_hash"] == version["text_hash"]
    hold = {"reference": "C-1", "reason": "A claim.", "review_on": str(room.today + timedelta(days=30))}
    await room.post("/retention/holds", hold | {"agreement_ids": [version["agreement_id"]]}, room.officer(), 201)
    assert await listed(room) == {version["agreement_id"]: ["held_back", "legal_hold"]}
    await refused(room, goes(version), 409, "legal_hold")
    (found,) = (await room.get(f"{REVIEWS}?agreement_id={version['agreement_id']}", room.officer(SALT)))["items"]
    assert found["id"] == made["id"]
    assert await owner.fetchval("SELECT count(*) FROM disclosure WHERE $1 = ANY (person_ids)", CHILD) == 1


async def test_the_application_destroys_no_agreement_without_a_review(room: Room) -> None:
    version = await room.agree("DSA-2", terms(room.today, CHARITY), SCHOOL, FOOD_BANK)
    connection = await asyncpg.connect(room.database.app_url)
    await connection.execute("SELECT set_config('app.kind', 'service', false)")
    for act in ("SELECT destroy_agreement(gen_random_uuid())", "DELETE FROM agreement_review"):
        try:
            await connection.execute(act)
        except asyncpg.InsufficientPrivilegeError:
            continue
        raise AssertionError(act)
    await connection.close()
    assert version["state"] == "active"
