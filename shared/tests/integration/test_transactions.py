"""Each transaction is whole, ends itself, and leaves a connection that the next one can trust."""

import asyncio
import json
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from connective.contracts.people_events import PersonMerged
from connective.kit.actor import Actor, ActorKind
from connective.kit.database import ASKER, NothingCommitted, alone, asker_sql, fetch, fetch_one, fetch_within
from connective.kit.ids import new_id
from connective.kit.json_sql import instant, number, optional, record, truth
from connective.kit.json_sql import text as text_of
from connective.kit.problems import Unavailable
from connective.local.postgres import PostgresServer

_ADD = "INSERT INTO note VALUES ($1, $2, $3, 1)"
_ADD_ALONE = f"WITH {asker_sql(4)} INSERT INTO note SELECT $1::uuid, $2::uuid, $3::text, 1 FROM {ASKER}"
_END_THE_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()
"""
_COUNT = "SELECT count(*) AS many FROM note"
_WHO = """
SELECT current_setting('app.place') AS place, current_setting('app.organisation') AS organisation,
  current_setting('app.actor') AS actor, coalesce(current_setting('app.permit', true), '') AS permit
"""
_STILL_OPEN = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'
"""


def somebody() -> Actor:
    return Actor(ActorKind.PERSON, str(new_id()), organisation_id=new_id(), place_id=new_id())


async def many(database: Any, actor: Actor) -> int:
    async with database.reading(actor) as connection:
        row = await fetch_one(connection, _COUNT)
        return int(row.many)


async def add(database: Any, actor: Actor, *ids: UUID, then: BaseException | None = None) -> None:
    async with database.unit(actor) as unit:
        for note_id in ids:
            await unit.run(_ADD, (note_id, actor.organisation, "by hand"))
        seen = (await unit.connection.execute(text(_COUNT))).scalar_one()
        assert seen == len(ids), "statements of both kinds share the transaction"
        if then is not None:
            raise then


async def add_as_a_core_does(database: Any, actor: Actor, *ids: UUID) -> int:
    """Synchronously, inside the transaction; how many there are then."""

    def core(connection: Connection) -> int:
        for note_id in ids:
            fetch_within(connection, _ADD, (note_id, actor.organisation, "within"))
        return int(fetch_within(connection, _COUNT)[0].many)

    async with database.unit(actor) as unit:
        many_now: int = await unit.connection.run_sync(core)
    return many_now


async def add_twice_and_pass_over_it(database: Any, actor: Actor, note_id: UUID) -> None:
    async with database.unit(actor) as unit:
        await unit.run(_ADD, (note_id, actor.organisation, "first"))
        with suppress(IntegrityError):
            await unit.run(_ADD, (note_id, actor.organisation, "second"))


async def add_alone(database: Any, actor: Actor) -> None:
    async with database.unit_alone(actor) as unit:
        await unit.run(_ADD_ALONE, (new_id(), actor.organisation, "by hand", *unit.asker()))


async def forget_to_say_who_asks(database: Any, actor: Actor) -> None:
    async with database.unit_alone(actor) as unit:
        await unit.run(_ADD, (new_id(), actor.organisation, "by hand"))


async def tell_beside_the_statement(database: Any, actor: Actor) -> None:
    async with database.unit_alone(actor) as unit:
        unit.tell(PersonMerged(person_id=new_id(), merged_person_id=new_id()), version=1)


async def sleep_too_long(database: Any) -> None:
    async with database.reading(somebody()) as connection:
        await fetch(connection, "SET LOCAL statement_timeout = 20")
        await fetch(connection, "SELECT pg_sleep(5)")


async def test_a_unit_is_whole_or_nothing(toy_service: Any) -> None:
    database, actor = toy_service.running.database, somebody()
    with pytest.raises(ZeroDivisionError):
        await add(database, actor, new_id(), then=ZeroDivisionError())
    assert await many(database, actor) == 0
    await add(database, actor, new_id(), new_id())
    assert await many(database, actor) == 2


async def test_what_a_constraint_refuses_is_told_apart(toy_service: Any) -> None:
    database, actor, taken = toy_service.running.database, somebody(), new_id()
    with pytest.raises(IntegrityError, match="note_pkey"):
        await add(database, actor, taken, taken)
    assert await many(database, actor) == 0


async def test_a_synchronous_core_shares_the_transaction_and_is_told_of_constraints(toy_service: Any) -> None:
    database, actor, taken = toy_service.running.database, somebody(), new_id()
    assert await add_as_a_core_does(database, actor, taken) == 1
    with pytest.raises(IntegrityError, match="note_pkey"):
        await add_as_a_core_does(database, actor, new_id(), taken)
    assert await many(database, actor) == 1


async def test_an_error_that_is_passed_over_does_not_pass_for_a_commit(toy_service: Any) -> None:
    database, actor = toy_service.running.database, somebody()
    with pytest.raises(NothingCommitted):
        await add_twice_and_pass_over_it(database, actor, new_id())
    assert await many(database, actor) == 0


async def test_a_row_is_read_by_its_columns_names(toy_service: Any) -> None:
    database = toy_service.running.database
    async with database.reading(somebody(), by_key=True) as connection:
        rows = await fetch(connection, "SELECT $1::int AS number, $2::jsonb AS document", (7, '{"a": [1]}'))
    assert (rows[0].number, rows[0].document) == (7, {"a": [1]})
    with pytest.raises(AttributeError, match="absent"):
        _ = rows[0].absent


class Crowd:
    """Thousands of askers over a few connections, a quarter of whom give up at any instant."""

    def __init__(self, database: Any) -> None:
        self.database = database
        self.wrong: list[str] = []
        self.kept: set[UUID] = set()
        self.given_up: set[UUID] = set()

    async def writes(self, actor: Actor) -> None:
        async with self.database.unit(actor, by_key=True) as unit:
            self._look(await unit.fetch_one(_WHO), actor, permit="")
            await unit.run(_ADD, (new_id(), actor.organisation, "by hand"))
            row = await unit.fetch_one(_COUNT)
            if row.many != 1:
                self.wrong.append(f"{row.many} notes instead of one's own")

    async def writes_alone(self, actor: Actor) -> None:
        """In one statement that is its own transaction."""
        await add_alone(self.database, actor)

    async def reads(self, actor: Actor) -> None:
        keeper = new_id()
        async with self.database.reading(actor, permit_keeper=keeper) as connection:
            self._look(await fetch_one(connection, _WHO), actor, permit=str(keeper))
            row = await fetch_one(connection, _COUNT)
            if row.many:
                self.wrong.append(f"{row.many} notes of others")

    async def reads_alone(self, actor: Actor) -> None:
        """In one statement that is its own transaction."""
        (row,) = await self.database.read_alone(
            actor, f"SELECT asks.*, notes.many FROM ({_WHO}) asks, ({_COUNT}) notes"
        )
        self._look(row, actor, permit="")
        if row.many:
            self.wrong.append(f"{row.many} notes of others")

    async def one(self, index: int) -> None:
        """Write or read, and give up after so many turns of the loop if that is this one's part."""
        actor = somebody()
        act = (self.reads, self.writes, self.reads_alone, self.writes_alone, self.writes)[index % 5]
        task = asyncio.create_task(act(actor))
        if index % 4 == 0:
            for _ in range(index // 4 % 9):
                await asyncio.sleep(0)
            asyncio.get_running_loop().call_later(0.0013 * (index // 36 % 8), task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            self.given_up.add(actor.organisation)
        else:
            self.kept |= {actor.organisation} if act in (self.writes, self.writes_alone) else set()

    def _look(self, row: Any, actor: Actor, *, permit: str) -> None:
        told = (row.place, row.organisation, row.actor, row.permit)
        if told != (str(actor.place_id), str(actor.organisation), actor.id, permit):
            self.wrong.append(f"{told} instead of {actor}")


async def test_thousands_of_abandoned_transactions_leak_neither_connection_nor_context_nor_row(
    toy_service: Any, postgres_server: PostgresServer
) -> None:
    """A client that goes away cancels its task at any instant; whoever comes next on the connection is alone there."""
    database = toy_service.running.database
    crowd = Crowd(database)
    # Fewer at once than would wait for a connection: on a busy machine that wait has an end of its own.
    for start in range(0, 2400, 30):
        await asyncio.gather(*(crowd.one(index) for index in range(start, start + 30)))
    assert not crowd.wrong, crowd.wrong[:3]
    assert len(crowd.given_up) > 200
    assert len(crowd.kept) > 500
    free = [pool._places._value for pool in (database.writer, database.reader)]
    assert free == [toy_service.running.settings.pool_size] * 2, "a connection did not come back"
    owner = await postgres_server.connect(urlsplit(toy_service.reader_url).path.strip("/"))
    try:
        stored = [row["organisation_id"] for row in await owner.fetch("SELECT organisation_id FROM note")]
        assert not await owner.fetchval(_STILL_OPEN)
    finally:
        await owner.close()
    assert len(stored) == len(set(stored)), "a row was written by the task that came after"
    assert crowd.kept <= set(stored) <= crowd.kept | crowd.given_up


async def test_connections_that_the_server_closed_are_replaced_unseen(toy_service: Any) -> None:
    database, actor = toy_service.running.database, somebody()
    await many(database, actor)
    other = await asyncpg.connect(toy_service.reader_url)
    try:
        await other.execute(_END_THE_OTHERS)
    finally:
        await other.close()
    await asyncio.sleep(0.1)
    assert await many(database, actor) == 0


async def test_a_statement_that_takes_too_long_is_a_clear_refusal(toy_service: Any) -> None:
    with pytest.raises(Unavailable):
        await sleep_too_long(toy_service.running.database)


async def test_a_statement_alone_says_who_asks_and_sees_only_what_is_theirs(toy_service: Any) -> None:
    """On one connection in turn, so that what was said for the one before would be seen if it stayed."""
    database, one, other = toy_service.running.database, somebody(), somebody()
    await add(database, one, new_id(), new_id())
    await add(database, other, new_id())
    words = "SELECT words, current_setting('app.actor') AS who FROM note WHERE words = $1 ORDER BY id LIMIT $2"
    for actor, expected in ((one, 2), (other, 1), (somebody(), 0), (one, 2)) * 10:
        rows = await database.read_alone(actor, words, ("by hand", 9))
        assert [row.who for row in rows] == [actor.id] * expected
    async with database.reading(one) as connection:
        left = await fetch_one(connection, "SELECT current_setting('app.place') AS place")
    assert left.place == str(one.place_id)


async def test_the_context_of_a_statement_alone_is_set_before_the_policy_looks_for_it(toy_service: Any) -> None:
    """The join on the row that sets it is a nested loop whichever way the rows are found."""
    database, actor = toy_service.running.database, somebody()
    await add(database, actor, new_id())
    for settings in ("enable_nestloop", "enable_seqscan", "enable_indexscan", "enable_material", "enable_memoize"):
        connection = await asyncpg.connect(toy_service.reader_url)
        try:
            await connection.execute(f"SET {settings} = off")
            context = (str(actor.place_id), str(actor.organisation_id), actor.id, str(actor.kind), "")
            assert len(await connection.fetch(alone("SELECT id FROM note ORDER BY id"), *context)) == 1
            assert await connection.fetchval(_COUNT) == 0, "and it ends with the statement"
        finally:
            await connection.close()


async def test_a_unit_of_one_statement_commits_as_its_asker_or_not_at_all(toy_service: Any) -> None:
    database, one, other = toy_service.running.database, somebody(), somebody()
    for actor in (one, other, one):
        await add_alone(database, actor)
    assert [await many(database, actor) for actor in (one, other, somebody())] == [2, 1, 0]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await forget_to_say_who_asks(database, one)
    with pytest.raises(NothingCommitted):
        await tell_beside_the_statement(database, one)
    assert await many(database, one) == 2


async def test_a_statement_alone_cannot_write(toy_service: Any) -> None:
    with pytest.raises(asyncpg.PostgresError):
        await toy_service.running.database.read_alone(somebody(), "SELECT nextval('outbox_id_seq')")


async def test_statements_alone_that_are_abandoned_leave_no_connection_behind(toy_service: Any) -> None:
    database = toy_service.running.database
    for index in range(60):
        task = asyncio.create_task(database.read_alone(somebody(), "SELECT pg_sleep(0.01)"))
        await asyncio.sleep(0.0009 * (index % 11))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await database.read_alone(somebody(), "SELECT 1 AS one")


async def test_records_that_the_server_writes_are_json(toy_service: Any) -> None:
    database, actor = toy_service.running.database, somebody()
    written = record(
        {
            "words": text_of("words"),
            "missing": optional(text_of("NULL::text")),
            "at": instant("'2026-03-04 12:00:00.25+01'::timestamptz"),
            "version": number("version"),
            "new": truth("version = 1"),
        }
    )
    async with database.unit(actor) as unit:
        await unit.run(_ADD, (new_id(), actor.organisation, 'He said: "No",\nand \\ that ☕ was \x07 it'))
        row = await unit.fetch_one(f"SELECT {written} AS item FROM note")
    assert json.loads(row.item) == {
        "words": 'He said: "No",\nand \\ that ☕ was \x07 it',
        "missing": None,
        "at": "2026-03-04T11:00:00.25Z",
        "version": 1,
        "new": True,
    }
