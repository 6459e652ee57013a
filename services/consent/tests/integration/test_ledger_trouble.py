"""When the ledger cannot be written, nothing is shown; when nobody seals, writes go on and somebody is told."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from consent_room import CHILD, FAMILY, SALT, SCHOOL, Room, terms

from connective.consent.domain import merkle
from connective.consent.storage import ledger as statements
from connective.kit.ids import new_id


async def ready(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()


@asynccontextmanager
async def unwritable(owner: asyncpg.Connection, table: str) -> AsyncIterator[None]:
    """The table as it is when its disk is full or its grants are gone."""
    await owner.execute(f"REVOKE INSERT ON {table} FROM consent_app")
    yield
    await owner.execute(f"GRANT INSERT ON {table} TO consent_app")


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_pending", "outbox"])
async def test_what_cannot_be_recorded_is_not_shown(room: Room, owner: asyncpg.Connection, table: str) -> None:
    """P5: no disclosure without its record; the permit without which families answers nobody is not given."""
    await ready(room)
    asked = {"questions": [room.question()]}
    before = await owner.fetchval("SELECT count(*) FROM disclosure")
    assert (await room.client.get("/readyz")).json()["ledger_writing"] == "fine"
    async with unwritable(owner, table):
        refused = [await room.disclose()]
        if table != "outbox":
            shown, metrics = await conditions(room)
            assert (shown["status"], shown["ledger_writing"]) == ("ready", "alarm")
            assert 'condition_alarm{condition="ledger_writing"} 1.0' in metrics
            refused.append(
                await room.client.post("/internal/decisions", json=asked, headers=room.on_behalf(room.worker()))
            )
            refused.append(await room.client.get("/ledger/export", headers=room.officer()))
    for answer in refused:
        assert answer.status_code == 503, answer.text
        assert answer.headers["retry-after"]
        assert set(answer.json()) <= {"type", "title", "status", "detail", "instance", "retry_after"}
        assert "permit" not in answer.text
    assert await owner.fetchval("SELECT count(*) FROM disclosure") == before
    assert (await room.client.get("/readyz")).json()["ledger_writing"] == "fine"
    assert await owner.fetchval("SELECT count(*) FROM ledger_entry WHERE body = ''") == 0, "what was tried was undone"
    assert (await room.disclose()).json()["permit"]


async def conditions(room: Room) -> tuple[dict[str, Any], str]:
    shown = (await room.client.get("/readyz")).json()
    return shown, (await room.client.get("/metrics")).text


async def test_a_sealer_that_stopped_is_noticed_and_stops_nothing(
    room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    await ready(room)
    await room.seal()
    shown, metrics = await conditions(room)
    assert (shown["status"], shown["ledger_sealing"], shown["ledger_checkpoints"]) == ("ready", "fine", "fine")
    assert 'condition_alarm{condition="ledger_sealing"} 0.0' in metrics
    assert (await room.disclose()).json()["permit"]
    room.clock.move(timedelta(seconds=120))
    capsys.readouterr()
    shown, metrics = await conditions(room)
    assert (shown["status"], shown["ledger_sealing"], shown["ledger_checkpoints"]) == ("ready", "alarm", "fine")
    assert 'condition_alarm{condition="ledger_sealing"} 1.0' in metrics
    assert "ledger_alarm" in capsys.readouterr().out
    room.clock.move(timedelta(minutes=5))
    assert (await room.disclose()).json()["permit"], "writes go on"
    shown, metrics = await conditions(room)
    assert (shown["ledger_sealing"], shown["ledger_checkpoints"]) == ("alarm", "alarm")
    assert 'condition_alarm{condition="ledger_checkpoints"} 1.0' in metrics
    await room.running.scheduler.run_once("ledger_watch")
    assert capsys.readouterr().out.count("ledger_alarm") >= 2, "an alarm that stays up is repeated"
    await room.seal()
    shown, metrics = await conditions(room)
    assert (shown["ledger_sealing"], shown["ledger_checkpoints"]) == ("fine", "fine")
    assert 'condition_alarm{condition="ledger_sealing"} 0.0' in metrics


async def bodies(owner: asyncpg.Connection, kind: str) -> list[dict[str, Any]]:
    rows = await owner.fetch("SELECT body FROM ledger_entry WHERE kind = $1 ORDER BY id", kind)
    return [json.loads(row["body"]) for row in rows]


async def test_changes_of_roles_and_keys_enter_as_such(room: Room, owner: asyncpg.Connection) -> None:
    account = new_id()
    data: dict[str, Any] = {
        "act_id": str(new_id()),
        "act": "account.created",
        "actor_id": str(new_id()),
        "organisation_id": str(SCHOOL),
        "at": room.clock().isoformat(),
        "account_id": str(account),
        "client_id": None,
        "roles": ["auditor", "dpo"],
    }
    await room.event("hub.gateway.audit.recorded", new_id(), data)
    rotated = data | {"act": "keys.rotated", "organisation_id": None, "account_id": None, "roles": []}
    await room.event("hub.gateway.audit.recorded", new_id(), rotated)
    changed = rotated | {"act": "place.changed", "place_version": 2, "changed": ["branding.colour"]}
    await room.event("hub.gateway.audit.recorded", new_id(), changed)
    suspended = {name: data[name] for name in ("act_id", "actor_id", "organisation_id", "at")}
    suspended |= {"act": "organisation.suspended", "subject_organisation_id": str(SCHOOL), "changed": []}
    await room.event("hub.partners.audit.recorded", new_id(), suspended)
    made, keys, place, organisation = await bodies(owner, "role")
    assert (made["act"], made["facts"]["account_id"], made["facts"]["roles"]) == (
        "account.created",
        str(account),
        ["auditor", "dpo"],
    )
    assert (keys["act"], keys["facts"].get("account_id")) == ("keys.rotated", None)
    assert (place["facts"]["place_version"], place["facts"]["changed"]) == (2, ["branding.colour"])
    assert (organisation["act"], organisation["facts"]["subject_organisation_id"]) == (suspended["act"], str(SCHOOL))
    exported = data | {"act": "family.exported", "family_id": str(FAMILY), "person_ids": [str(CHILD)]}
    for name in ("account_id", "client_id", "roles"):
        exported.pop(name)
    await room.event("hub.families.audit.recorded", new_id(), exported)
    (entry,) = await bodies(owner, "export")
    assert entry["act"] == "family.exported"


async def test_the_cost_of_sealing_does_not_grow_with_the_log(room: Room, owner: asyncpg.Connection) -> None:
    """Every statement of the sealer finds what it needs by a key, however long the log is."""
    await ready(room)
    place = await owner.fetchval("SELECT place_id FROM ledger_entry LIMIT 1")
    await owner.execute(
        "INSERT INTO ledger_leaf SELECT $1, n, gen_random_uuid(), '\\x00' FROM generate_series(0, 40000) n",
        place,
    )
    await owner.execute(
        "INSERT INTO ledger_node SELECT $1, 1, n, sha256(n::text::bytea) FROM generate_series(0, 20000) n", place
    )
    await owner.execute("ANALYZE ledger_leaf, ledger_node, checkpoint, ledger_head")
    for statement, parameters in (
        (statements._LEAVES, (place, [40000])),
        (statements._NODES, (place, [1, 5, 15], [20000, 3, 1])),
        (statements._LATEST, (place,)),
        (statements._HEAD, (place,)),
    ):
        plan = "\n".join(row[0] for row in await owner.fetch(f"EXPLAIN {statement}", *parameters))
        assert "Seq Scan on ledger_leaf" not in plan, plan
        assert "Seq Scan on ledger_node" not in plan, plan
    size = 2**40 + 12345
    assert len(list(merkle.frontier_parts(size))) <= 41, "what is read of a log of a million million entries"
