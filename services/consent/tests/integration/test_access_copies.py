"""A copy of what is held about somebody: put together live, reviewed, released, given; none of it is kept."""

import json
import zipfile
from base64 import b64encode
from hashlib import sha256
from io import BytesIO
from uuid import UUID

import asyncpg
from consent_room import CHILD, FAMILY, FOOD_BANK, SALT, SCHOOL, Room, terms
from erasing_room import ASKED, erased, lived

from connective.contracts.holdings import HeldFile, HeldItem, Holdings

COPIES = "/audit/access-copies"
NAME, WORDS = "Wilhelmina <script>", "Her uncle said it."


def holds(room: Room, *, hidden: bool = False, words: str = WORDS) -> None:
    own = HeldItem(section="identity", data={"given_names": NAME})
    said = HeldItem(section="answers", data={"in_words": words}, review=True)
    room.keepers.held[CHILD] = {
        "families": Holdings(person_ids=(CHILD,), family_ids=(FAMILY,), hidden=hidden, items=(own,)),
        "referrals": Holdings(items=(said,)),
    }


async def rows(owner: asyncpg.Connection) -> str:
    found = await owner.fetch("SELECT t::text AS row FROM access_copy AS t")
    return "\n".join(each["row"] for each in found)


async def test_a_copy_is_reviewed_released_and_given(room: Room, owner: asyncpg.Connection) -> None:
    await lived(room)
    holds(room)
    officer = room.officer()
    assert (await room.post(COPIES, {"person_id": str(UUID(int=0x77))}, officer)).status_code == 404
    made = await room.post(COPIES, {"person_id": str(CHILD)}, officer, 201)
    one = f"{COPIES}/{made['id']}"
    assert (made["state"], made["whereabouts_restricted"]) == ("held", False)
    sections = {item["section"] for item in made["items"]}
    assert {"identity", "answers", "what_was_agreed", "objections", "safeguarding_decisions"} <= sections
    (shared,) = [item["data"] for item in made["items"] if item["section"] == "who_received_what"]
    assert (shared["to"], shared["purpose"]) == ("Felpersham NHS Trust", "referral")
    assert "who_looked" in sections
    held = await room.client.get(f"{one}/file", headers=officer)
    assert (held.status_code, held.json()["reason"]) == (409, "not_released")
    marked = [item for item in made["items"] if item["review"]]
    undecided = await room.post(f"{one}/release", {"content_hash": made["content_hash"]}, officer)
    assert (undecided.status_code, undecided.json()["reason"]) == (422, "not_reviewed")
    uncles = next(item["key"] for item in marked if item["data"].get("in_words") == WORDS)
    decided = {"withhold": {uncles: "third_party"}, "clear": [item["key"] for item in marked if item["key"] != uncles]}
    wrong = await room.post(f"{one}/release", {"content_hash": "0" * 64} | decided, officer)
    assert wrong.json()["reason"] == "changed_since"
    released = await room.post(f"{one}/release", {"content_hash": made["content_hash"]} | decided, officer, 200)
    assert (released["state"], released["withheld"]) == ("released", {uncles: "third_party"})
    given = await room.client.get(f"{one}/file", headers=officer)
    assert given.status_code == 200, given.text
    with zipfile.ZipFile(BytesIO(given.content)) as opened:
        page = opened.read("what-we-hold-about-you.html").decode()
        data = json.loads(opened.read("what-we-hold-about-you.json"))
    assert WORDS not in page + json.dumps(data)
    assert "Wilhelmina &lt;script&gt;" in page
    assert {"Why it is used", "Who received it", "How long it is kept", "Your rights"} <= set(data["about"])
    acts = [json.loads(r["body"]) for r in await owner.fetch("SELECT body FROM ledger_entry ORDER BY id")]
    (export,) = [entry for entry in acts if entry["act"] == "audit.access_copy_given"]
    assert (export["kind"], export["facts"]["asked"]["person"]) == ("export", made["person"])
    left = await rows(owner)
    assert "Wilhelmina" not in left
    assert WORDS not in left
    holds(room, words="Something new.")
    later = await room.client.get(f"{one}/file", headers=officer)
    assert (later.status_code, later.json()["reason"]) == (409, "changed_since")
    assert [each["id"] for each in (await room.get(COPIES, officer))["items"]] == [made["id"]]
    assert (await room.client.get(one, headers=room.officer(SALT))).status_code == 404
    assert (await room.client.get(one, headers=room.worker())).status_code == 403


async def test_a_copy_never_says_where_somebody_hidden_is_and_goes_with_them(
    room: Room, owner: asyncpg.Connection
) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await lived_quietly(room)
    made = await room.post(COPIES, {"person_id": str(CHILD)}, room.officer(), 201)
    assert made["whereabouts_restricted"] is True
    assert "Felpersham" not in json.dumps(made), "by the service used somebody is found"
    room.keepers.add(FAMILY, CHILD)
    order = await room.post("/retention/requests", ASKED | {"family_id": str(FAMILY)}, room.officer(), 201)
    await erased(room, order["erasure_id"])
    assert await rows(owner) == ""
    assert (await room.client.get(COPIES, headers=room.person(FOOD_BANK, "support_worker"))).status_code == 403


async def lived_quietly(room: Room) -> None:
    await room.engage()
    assert (await room.disclose()).json()["disclosure_id"]
    holds(room, hidden=True)


async def test_a_file_is_reviewed_given_in_the_archive_or_held_back(room: Room, owner: asyncpg.Connection) -> None:
    await room.engage()
    letter, other = (HeldFile(name=f"{n}.txt", media_type="text/plain", content=b64encode(n.encode())) for n in "ab")
    ids = {UUID(int=0x601): letter, UUID(int=0x602): other}
    room.keepers.files = dict(ids)
    files = [
        HeldItem(
            section="files",
            data={"name": file.name, "bytes": 1, "sha256": sha256(file.content).hexdigest()},
            review=True,
            file_id=file_id,
        )
        for file_id, file in ids.items()
    ]
    waits = HeldItem(section="files", data={"name": "c.txt", "state": "quarantined"}, review=True)
    own = Holdings(person_ids=(CHILD,), family_ids=(FAMILY,))
    room.keepers.held[CHILD] = {"families": own, "referrals": Holdings(items=(*files, waits))}
    officer = room.officer()
    made = await room.post(COPIES, {"person_id": str(CHILD)}, officer, 201)
    one = f"{COPIES}/{made['id']}"
    keys = {item["data"]["name"]: item["key"] for item in made["items"] if item["section"] == "files"}
    assert [item["has_file"] for item in made["items"] if item["section"] == "files"] == [True, True, False]
    assert str(UUID(int=0x601)) not in json.dumps(made)
    seen = await room.client.get(f"{one}/items/{keys['a.txt']}/file", headers=officer)
    assert (seen.status_code, seen.content) == (200, b"a")
    assert seen.headers["content-disposition"].startswith("attachment")
    for key in (keys["c.txt"], "0" * 16):
        assert (await room.client.get(f"{one}/items/{key}/file", headers=officer)).status_code == 404
    stranger = await room.client.get(f"{one}/items/{keys['a.txt']}/file", headers=room.officer(SALT))
    assert stranger.status_code == 404

    marked = {item["key"] for item in made["items"] if item["review"]}
    decided = {"withhold": {keys["b.txt"]: "third_party"}, "clear": sorted(marked - {keys["b.txt"]})}
    await room.post(f"{one}/release", {"content_hash": made["content_hash"]} | decided, officer, 200)
    given = await room.client.get(f"{one}/file", headers=officer)
    assert given.status_code == 200, given.text
    with zipfile.ZipFile(BytesIO(given.content)) as opened:
        assert [name for name in opened.namelist() if name.startswith("files/")] == ["files/01-a.txt"]
        assert opened.read("files/01-a.txt") == b"a"
        data = json.loads(opened.read("what-we-hold-about-you.json"))
    told = {item["data"]["name"]: item["data"]["file"] for item in data["items"] if item["section"] == "files"}
    assert told == {"a.txt": "files/01-a.txt", "c.txt": "Its content cannot be given."}
    assert data["about"]["What is held back"][0].startswith("Some of what we hold")
    room.keepers.files[UUID(int=0x601)] = other
    changed = await room.client.get(f"{one}/file", headers=officer)
    assert (changed.status_code, changed.json()["reason"]) == (409, "changed_since")
    acts = [json.loads(row["body"]) for row in await owner.fetch("SELECT body FROM ledger_entry")]
    assert [entry["kind"] for entry in acts if entry["act"] == "audit.access_copy_file_read"] == ["export"]
