"""Each transaction is whole, ends itself, and leaves a connection that the next one can trust."""

import asyncio
from contextlib import suppress
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from connective.kit.actor import Actor, ActorKind
from connective.kit.database import NothingCommitted, fetch, fetch_one
from connective.kit.ids import new_id
from connective.kit.problems import Unavailable

_ADD = "INSERT INTO note VALUES ($1, $2, $3, 1)"
_END_THE_OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()
"""
_COUNT = "SELECT count(*) AS many FROM note"


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


async def add_twice_and_pass_over_it(database: Any, actor: Actor, note_id: UUID) -> None:
    async with database.unit(actor) as unit:
        await unit.run(_ADD, (note_id, actor.organisation, "first"))
        with suppress(IntegrityError):
            await unit.run(_ADD, (note_id, actor.organisation, "second"))


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


async def test_abandoned_transactions_leak_neither_connections_nor_context(toy_service: Any) -> None:
    """A client that goes away cancels its task at any instant; whoever comes next sees their own context."""
    database = toy_service.running.database

    async def asks(index: int) -> None:
        actor = somebody()
        async with database.unit(actor) as unit:
            await unit.fetch("SELECT pg_sleep($1)", (0.001 * (index % 7),))
            row = await unit.fetch_one("SELECT current_setting('app.organisation') AS mine")
            assert row.mine == str(actor.organisation)

    ended: list[Any] = []
    # Fewer at once than would wait for a connection: on a busy machine that wait has an end of its own.
    for round_of in range(0, 600, 24):
        tasks = [asyncio.create_task(asks(index)) for index in range(round_of, round_of + 24)]
        for index, task in enumerate(tasks):
            if index % 2:
                asyncio.get_running_loop().call_later(0.0009 * (index % 11), task.cancel)
        ended += await asyncio.gather(*tasks, return_exceptions=True)
    wrong = [each for each in ended if isinstance(each, Exception)]
    assert not wrong, wrong[:3]
    assert any(each is None for each in ended)
    assert any(isinstance(each, asyncio.CancelledError) for each in ended)
    assert await many(database, somebody()) == 0


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
