"""What the bench concludes from what it measures; the measuring itself is `make bench`."""

import asyncio
import json
from pathlib import Path
from uuid import UUID

from connective.kit.ids import new_id
from connective.local.bench.bare_proxy import bare_proxy
from connective.local.bench.calling import caller, getting
from connective.local.bench.footprint import descendants, proportional_megabytes
from connective.local.bench.measure import Result, repeating, side_by_side, write
from connective.local.bench.rows import Column, TableRows, pgbench_script, plain_insert
from connective.local.bench.statements import Statement, Transaction, ids_made

_OLD = UUID("0190a5c0-0000-7000-8000-000000000001")


def test_a_ratio_is_held_against_its_aim_in_the_aims_own_direction() -> None:
    assert Result("a", 40, 100, "x/s", ">= 0.35").reached
    assert not Result("a", 30, 100, "x/s", ">= 0.35").reached
    assert Result("a", 30, 60, "ms", "<= 1").reached
    assert not Result("a", 61, 60, "ms", "<= 1").reached


def test_the_report_has_what_readers_of_it_expect(tmp_path: Path) -> None:
    path = tmp_path / "build" / "bench.json"
    write([Result("inbox.read", 50, 100, "requests/s", ">= 0.5", {"1000": 60.0})], path)
    (row,) = json.loads(path.read_text(encoding="utf-8"))
    assert set(row) == {"name", "ours", "limit", "unit", "ratio", "aim", "sizes", "machine", "versions"}
    assert row["ratio"] == 0.5
    assert row["sizes"] == {"1000": 60.0}


async def test_a_side_answers_how_often_it_was_done_and_the_median_counts() -> None:
    turns = iter([1.0, 2.0, 9.0, 4.0])

    async def ours(_: float) -> float:
        return next(turns)

    async def limit(_: float) -> float:
        return 8.0

    assert await side_by_side(ours, limit) == (4.0, 8.0)


async def test_so_many_at_once_and_no_longer_than_told() -> None:
    done = 0

    async def work() -> None:
        nonlocal done
        done += 1
        if done > 100:
            raise AssertionError("it never ends")
        await asyncio.sleep(0.01)

    assert await repeating(work, connections=2)(0.05) > 0


def test_rows_are_written_again_under_fresh_ids_and_the_same_values() -> None:
    made = new_id()
    columns = (
        Column("id", "uuid", unique=True),
        Column("family_id", "uuid", unique=False),
        Column("body", "text", unique=False),
    )
    script = pgbench_script([TableRows("request", columns, ((made, _OLD, 'it\'s {"a":null}'),))], (made.int >> 80) - 1)
    assert str(made) not in script
    assert "lpad(to_hex(:id0::bigint), 32, '0')::uuid" in script
    assert str(_OLD) in script
    assert ":null" not in script
    assert "it''s" in script


def test_a_replay_replaces_the_ids_the_call_made_and_no_others() -> None:
    made, other = new_id(), new_id()
    statement = Statement("SELECT $1, $2, $3", (made, [_OLD, made], f'{{"id": "{made}"}}'))
    found = ids_made([Transaction("referrals", "referrals_app", (statement,))], (made.int >> 80))
    assert found == {made}
    assert statement.anew({made: other}) == (other, [_OLD, other], f'{{"id": "{other}"}}')


def test_memory_is_counted_of_processes_below_this_one() -> None:
    assert proportional_megabytes([]) == 0
    assert all(number > 0 for number in descendants())


def test_the_plain_insert_writes_every_row_of_every_table_in_one_statement() -> None:
    one, two = new_id(), new_id()
    decided = TableRows("decision", (Column("id", "uuid", True), Column("answer", "jsonb", False)), ((one, "{}"),))
    entered = TableRows("ledger_entry", (Column("id", "uuid", True),), ((one,), (two,)))
    sql, arguments = plain_insert([decided, entered])
    assert sql == (
        'WITH part0 AS (INSERT INTO decision ("id", "answer") VALUES ($1::uuid, $2::jsonb))'
        ' INSERT INTO ledger_entry ("id") VALUES ($3::uuid), ($4::uuid)'
    )
    assert arguments == (one, "{}", one, two)
    assert plain_insert([entered])[0].startswith("INSERT INTO ledger_entry")


async def test_a_bare_pass_through_passes_on_what_it_was_sent() -> None:
    seen: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with caller() as client, bare_proxy(f"http://127.0.0.1:{port}") as address:
            await getting(client, f"{address}/services/1", {"hub-identity": "signed"})()
    assert seen[0].startswith(b"GET /services/1 HTTP/1.1")
    assert b"hub-identity: signed" in seen[0].lower()
