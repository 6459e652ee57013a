"""The second line: the database itself keeps rows from whoever must not see them, whatever a query forgot."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from families_room import PLACE, Room, person_called

from connective.kit.actor import Actor, ActorKind
from connective.kit.database import context_sql
from connective.kit.ids import new_id

PERSONAL = (
    "family",
    "person",
    "membership",
    "relationship",
    "address",
    "contact_point",
    "need",
    "strength",
    "pregnancy",
    "restriction",
    "chronology_entry",
)


@pytest_asyncio.fixture
async def app(room: Room) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(room.database.app_url)
    yield connection
    await connection.close()


def worker(organisation: UUID, place: UUID = PLACE) -> Actor:
    return Actor(ActorKind.PERSON, str(new_id()), place, organisation)


async def seen(connection: asyncpg.Connection, actor: Actor | None, table: str, permit: UUID | None = None) -> int:
    async with connection.transaction():
        if actor is not None:
            await connection.execute(context_sql(actor, permit))
        count: int = await connection.fetchval(f"SELECT count(*) FROM {table}")
        return count


async def test_no_context_shows_no_row(room: Room, app: asyncpg.Connection) -> None:
    await room.family(room.worker())
    for table in (*PERSONAL, "search_card", "search_token", "help_case", "team_member"):
        assert await seen(app, None, table) == 0


async def test_rows_are_the_keepers_and_of_its_place(room: Room, app: asyncpg.Connection) -> None:
    await room.family(room.worker())
    assert await seen(app, worker(room.school), "person") == 5
    for table in PERSONAL:
        assert await seen(app, worker(new_id()), table) == 0
        assert await seen(app, worker(room.school, new_id()), table) == 0


async def test_a_search_reaches_the_place_and_only_the_place(room: Room, app: asyncpg.Connection) -> None:
    await room.family(room.worker())
    assert await seen(app, worker(new_id()), "search_card") == 5
    assert await seen(app, worker(room.school, new_id()), "search_card") == 0


async def test_a_permit_opens_what_a_disclosure_reads_and_nothing_else(room: Room, app: asyncpg.Connection) -> None:
    family = await room.family(room.worker())
    mother = person_called(family, "Asha")["id"]
    await room.post(f"/people/{mother}/strengths", {"code": "wants_change"}, room.worker())
    reader = worker(new_id())
    assert await seen(app, reader, "person", permit=room.school) == 5
    assert await seen(app, reader, "strength", permit=room.school) == 1
    assert await seen(app, reader, "strength", permit=new_id()) == 0
    assert await seen(app, reader, "person", permit=new_id()) == 0
    assert await seen(app, reader, "chronology_entry", permit=room.school) == 0
    assert await seen(app, reader, "pregnancy", permit=room.school) == 0
    assert await seen(app, worker(new_id(), new_id()), "person", permit=room.school) == 0
    async with app.transaction():
        await app.execute(context_sql(reader, room.school))
        assert await app.execute("UPDATE person SET family_name = 'x'") == "UPDATE 0"


async def test_nobody_writes_rows_for_another_keeper(room: Room, app: asyncpg.Connection) -> None:
    await room.family(room.worker())
    row = f"INSERT INTO family VALUES ('{new_id()}', '{PLACE}', '{room.school}', 'x', 'x', now())"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await app.execute(f"BEGIN; {context_sql(worker(new_id()))} {row}")
    await app.execute("ROLLBACK")


async def test_the_chronology_is_added_to_and_never_changed(room: Room, app: asyncpg.Connection) -> None:
    await room.family(room.worker())
    for statement in ("DELETE FROM chronology_entry", "UPDATE chronology_entry SET code = 'x'"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(f"BEGIN; {context_sql(worker(room.school))} {statement}")
        await app.execute("ROLLBACK")


async def test_the_owner_is_bound_too_and_every_table_has_its_policies(owner: asyncpg.Connection) -> None:
    assert await owner.fetchval("SELECT count(*) FROM person") == 0
    kit = {"outbox", "outbox_head", "inbox", "parked_event", "idempotency_key", "alembic_version"}
    rows = await owner.fetch(
        "SELECT relname, relrowsecurity AND relforcerowsecurity AS bound FROM pg_class"
        " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    assert {row["relname"] for row in rows if not row["bound"]} == kit


async def test_names_stand_in_no_index_of_the_search(room: Room, owner: asyncpg.Connection) -> None:
    await room.family(room.worker())
    async with owner.transaction():
        await owner.execute(context_sql(worker(room.school)))
        rows = await owner.fetch("SELECT token FROM search_token")
    assert rows
    assert not any(b"hart" in row["token"].lower() for row in rows)
