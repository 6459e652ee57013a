"""What the service exports, checked as an officer would: by the offline tool, with checkpoints that a party kept."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import ledger_files as files
import pytest
from consent_room import SALT, SCHOOL, Room, terms

from connective.consent.commands.seal_ledger import Sealer
from connective.consent.domain.checkpoints import LedgerKey
from connective.consent.ledger_tool import main


async def filled(room: Room, *, times: int = 5) -> dict[str, Any]:
    """A log with disclosures in it; answers the checkpoint that a partner keeps of it."""
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    for _ in range(times):
        await grow(room)
    partner = room.person(SALT, "partner_worker")
    return dict(await room.get("/ledger/checkpoint", partner))


async def exported(room: Room, path: Path) -> Path:
    answer = await room.client.get("/ledger/export", headers=room.officer())
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/jsonl")
    assert answer.headers["content-disposition"].endswith('.jsonl"')
    path.write_bytes(answer.content)  # noqa: ASYNC240 - a small file, and nothing else runs
    return path


async def grow(room: Room) -> None:
    """One more disclosure, sealed and signed for."""
    await room.disclose()
    room.clock.move(timedelta(seconds=3))
    await room.seal()


def verified(capsys: pytest.CaptureFixture[str], path: Path, *more: str) -> dict[str, Any]:
    status = main(["verify", str(path), *more, "--json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert status == (0 if found["whole"] else 1)
    return found


async def test_an_export_is_whole_and_is_itself_entered(
    room: Room, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoint = await filled(room)
    (tmp_path / "mine.json").write_text(json.dumps(checkpoint), encoding="utf-8")
    path = await exported(room, tmp_path / "a.jsonl")
    found = verified(capsys, path, "--checkpoint", str(tmp_path / "mine.json"))
    assert found["whole"]
    assert found["size"] == found["signed_size"] == checkpoint["size"]
    assert found["kept"] == 1
    assert found["root"] == checkpoint["root"]
    await room.seal()
    last = (await room.get(f"/ledger/entries/{checkpoint['size']}", room.officer()))["document"]
    assert (last["kind"], last["act"]) == ("export", "ledger.exported")
    assert last["facts"] == {"root": checkpoint["root"], "size": checkpoint["size"]}
    assert verified(capsys, await exported(room, tmp_path / "b.jsonl"))["size"] == checkpoint["size"] + 1


async def test_parties_fetch_checkpoints_and_only_officers_the_log(room: Room) -> None:
    first = await filled(room)
    await grow(room)
    partner = room.person(SALT, "partner_worker")
    page = await room.get("/ledger/checkpoints?limit=1", partner)
    assert page["items"][0]["size"] == first["size"] + 1
    rest = await room.get(f"/ledger/checkpoints?cursor={page['next_cursor']}", partner)
    assert rest["items"][0] == first
    assert await room.get(f"/ledger/checkpoints/{first['id']}", partner) == first
    assert (await room.get("/ledger/keys", partner))["keys"] == [first["public_key"]]
    proof = await room.get(f"/ledger/proofs/consistency?from={first['size']}", partner)
    assert proof["size"] == first["size"] + 1
    for closed in ("/ledger/export", "/ledger/entries", "/ledger/entries/0", "/ledger/proofs/inclusion?seq=0"):
        await room.get(closed, partner, 403)
    system = room.identities.client(place=first["place_id"], organisation=SALT, scope="checkpoints:read")
    assert (await room.get("/ledger/checkpoint", system))["root"] == page["items"][0]["root"]
    await room.get(f"/ledger/checkpoints/{SALT}", partner, 404)
    await room.get("/ledger/export?since=1", room.officer(), 422)


@pytest.mark.parametrize(
    ("statement", "code", "offset"),
    [
        ("UPDATE ledger_entry SET body = replace(body, 'permit', 'deny') WHERE id = $1", "entry_altered", 0),
        ("DELETE FROM ledger_entry WHERE id = $1", "entry_missing", 0),
        ("DELETE FROM ledger_leaf WHERE entry_id = $1", "entry_missing", 0),
        ("UPDATE ledger_leaf SET seq = seq + 1000 WHERE entry_id = $1", "entry_missing", 0),
    ],
)
async def test_what_the_owner_does_to_rows_shows_in_the_export(
    room: Room,
    owner: asyncpg.Connection,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    statement: str,
    code: str,
    offset: int,
) -> None:
    size = (await filled(room))["size"]
    seq = size - 3
    entry = await room.get(f"/ledger/entries/{seq}", room.officer())
    await owner.execute(statement, entry["id"])
    fault = verified(capsys, await exported(room, tmp_path / "a.jsonl"))["fault"]
    assert (fault["code"], fault["first"]) == (code, seq)


async def test_a_log_that_was_cut_short_shows(
    room: Room, owner: asyncpg.Connection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Leaves and head are taken back; checkpoints in the database say more, and when they are gone too, kept ones."""
    first = await filled(room)
    await grow(room)
    kept = await room.get("/ledger/checkpoint", room.worker())
    (tmp_path / "mine.json").write_text(json.dumps(kept), encoding="utf-8")
    await owner.execute("DELETE FROM ledger_leaf WHERE seq >= $1", first["size"])
    await owner.execute("UPDATE ledger_head SET size = $1, root = $2", first["size"], bytes.fromhex(first["root"]))
    fault = verified(capsys, await exported(room, tmp_path / "a.jsonl"))["fault"]
    assert (fault["code"], fault["first"]) == ("log_shortened", first["size"])
    await owner.execute("DELETE FROM checkpoint WHERE size > $1", first["size"])
    path = await exported(room, tmp_path / "b.jsonl")
    assert verified(capsys, path)["whole"], "nothing in the file tells"
    fault = verified(capsys, path, "--checkpoint", str(tmp_path / "mine.json"))["fault"]
    assert (fault["code"], fault["first"]) == ("log_shortened", first["size"])


async def test_a_new_key_signs_at_once_and_old_checkpoints_keep_theirs(
    room: Room, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await filled(room)
    changed = Sealer(
        room.running.database,
        LedgerKey(files.jwk("ledger-2", f"x{files.SECRET[1:]}")),
        room.clock,
        timedelta(seconds=2),
    )
    room.clock.move(timedelta(seconds=1))
    assert await changed.sign(room.clock()) == 1, "a new key vouches for the log at once"
    keys = (await room.get("/ledger/keys", room.worker()))["keys"]
    assert [key["kid"] for key in keys] == ["ledger-1", "ledger-2"]
    await room.disclose()
    while await changed.seal():
        pass
    room.clock.move(timedelta(seconds=3))
    assert await changed.sign(room.clock()) == 1
    assert verified(capsys, await exported(room, tmp_path / "a.jsonl"))["checkpoints"] == 6
