"""The second line (row-level security), with every predicate of the application switched off.

One row is put into every table of every service as the database's superuser, under one place and one organisation.
Then each of the application's own roles asks for everything, under other contexts: nothing may be visible.
"""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import MetaData

from connective.kit.migrations import kit_tables, migrate
from connective.local.postgres import PostgresServer
from connective.local.testing import DatabaseFactory, ServiceDatabase

PLACE, ELSEWHERE = uuid.UUID(int=0x70), uuid.UUID(int=0x71)
OURS, THEIRS = uuid.UUID(int=0x11), uuid.UUID(int=0x12)
RECORD = uuid.UUID(int=0x99)
"""Every other id, so that what refers to a record finds it."""
SERVICES = ("families", "referrals", "partners", "consent", "gateway")
_KIT = MetaData()
kit_tables(_KIT)
PLUMBING = frozenset(_KIT.tables) | {"alembic_version"}
"""The kit's own tables: ids, codes and hashes, read by the service alone and never by an asker."""
OPEN_IN_THE_PLACE: dict[str, dict[str, str]] = {
    "families": {
        "search_card": "A search reaches every organisation of the place; the card holds all that it may show.",
        "search_token": "Keyed tokens, which say nothing without the key.",
    },
    "referrals": {
        "place_form": "What a place's kinds of service ask for: everybody who refers reads it.",
        "stored_only": "Whose data are stored and not used, by id: both sides of a request must know, and say so.",
    },
    "partners": {
        "assurance_item": "An organisation's dossier, by account ids: those who check it are of other organisations.",
        "assurance_told": "What was announced of a dossier, by its kind.",
        "directory_entry": "The directory: everybody of the place may know every organisation and service.",
        "directory_word": "The directory.",
        "harvest_change": "What a source says about a listing: the directory.",
        "harvest_run": "How a source was read.",
        "harvest_source": "Where listings come from.",
        "hub": "The directory.",
        "hub_member": "The directory: which organisations a hub has.",
        "listing_origin": "Where listings come from.",
        "listing_stale": "Which listings nobody has checked.",
        "organisation": "The directory.",
        "organisation_state": "The directory.",
        "sent_file": "A file of listings that waits to be read, sealed: what it says is for the directory.",
        "service": "The directory.",
        "service_capacity": "The directory.",
        "unmet_need": "Counts by district and week.",
    },
    "consent": {
        "agreement": "The register of agreements, signed by people in their office.",
        "agreement_act": "Who reviewed and signed, in their office.",
        "agreement_comment": "What officers say about a text.",
        "agreement_flow": "The register: what every decision of the place rests on.",
        "agreement_version": "The register.",
        "checkpoint": "Hashes, which every party keeps.",
        "comment_resolution": "What officers say about a text.",
        "erased_id": "Digests of what was erased: nothing may be recorded about it again, whoever asks.",
        "erasure_part": "Counts of rows, by service.",
        "joint_arrangement": "The register.",
        "joint_arrangement_act": "Who agreed, in their office.",
        "ledger_entry": "Pseudonyms, codes and hashes: the place's one log, which each party may prove.",
        "ledger_head": "Hashes.",
        "ledger_leaf": "Hashes.",
        "ledger_node": "Hashes.",
        "ledger_pending": "Hashes.",
        "legal_entity": "The register.",
        "memorandum": "The register.",
        "memorandum_act": "Who signed, in their office.",
        "organisation": "What consent keeps of the directory.",
        "person_fact": "An age in years by id; whoever records what somebody said renews it.",
        "person_key": "The key of a pseudonym: every act of the place that is about somebody enters the ledger by it.",
        "processing_agreement": "The register.",
        "more_recorded": "Ids about whom decisions have more tables to read; it says nothing of what is there.",
        "register_mark": "A random mark.",
        "retention_rule": "The schedule, which is public.",
        "same_person": "Which two ids are one person: what is said of either counts for both, whoever asks.",
        "undelivered_disclosure": "That a disclosure reached nobody, by its id and a code.",
    },
    "gateway": {
        "link": "Which requests a link was posted for, by digests.",
        "link_contact": "Where an organisation's links go, in its office.",
        "link_session": "Who opened a link, in their office, by digests.",
        "organisation_state": "What the gateway keeps of the directory.",
        "processing_agreement": "The register.",
    },
}
"""By service, the tables whose second line is drawn around the place, not around the organisation, with the reason."""
OPEN_TO_OFFICERS: dict[str, str] = {
    "correction_recipient": "Which organisations were told of a correction: nothing in it is about a person.",
    "legal_hold": "A hold stops everybody's erasing: any officer's list asks whether one names a record.",
}
"""Tables of which the work of any officer of the place sees every row, with the reason."""
WORKS = ("administering", "coordinating", "deciding", "officer", "telling")
"""What transactions may be for, in any service (`app.work`)."""
WITHOUT_PEOPLE: dict[str, str] = {
    "assertion": "Ids of assertions that were used, each once.",
    "denial": "Ids of sessions and clients that are refused from now on; every door reads them.",
    "attachment_link": "Digests of links to files; guarded by whose link it is, without a place.",
    "assignment": "Whose work a request is, by account id; guarded by that organisation, without a place.",
    "hub_copy": "What referrals keeps of the directory, which is public.",
    "message_reading": "How far an organisation has read a thread; guarded by that organisation, without a place.",
    "ledger_key": "Public keys of the ledger, which everybody may have.",
    "object_to_remove": "Random ids of objects that no row stands for any more.",
    "organisation_copy": "What referrals keeps of the directory, which is public.",
    "published_opening": "When published services are open; anybody may read it.",
    "published_organisation": "What anybody may read of an organisation.",
    "published_service": "What anybody may read of a service.",
    "published_site": "Where published services are; anybody may read it.",
    "service_copy": "What referrals keeps of the directory, which is public.",
    "sign_in_attempt": "Counts under a keyed hash of what was typed, before anybody is known.",
    "signing_key": "The gateway's own keys, sealed.",
    "provider_answer": "Digests of answers that were taken, before anybody is known.",
}
"""Tables in which nothing is about a person of a place, with the reason."""
VALUES: dict[str, Any] = {
    "uuid": lambda: RECORD,
    "text": lambda: "x",
    "int2": lambda: 1,
    "int4": lambda: 1,
    "int8": lambda: 1,
    "numeric": lambda: 1,
    "float8": lambda: 1.0,
    "bool": lambda: False,
    "date": lambda: date(2026, 1, 1),
    "time": lambda: datetime(2026, 1, 1, 9, tzinfo=UTC).time(),
    "timestamptz": lambda: datetime(2026, 1, 1, tzinfo=UTC),
    "bytea": lambda: b"x",
    "jsonb": lambda: "{}",
    "json": lambda: "{}",
    "_uuid": list,
    "_text": list,
    "_int4": list,
    "_date": list,
}
OWN = frozenset({"organisation_id", "referrer_organisation_id", "owner_organisation_id"})
_COLUMNS = """
SELECT c.relname AS table, a.attname AS column, t.typname AS type
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND a.attgenerated = '' AND a.attidentity = ''
ORDER BY 1, a.attnum
"""
_GUARDED = """
SELECT relname, relrowsecurity AND relforcerowsecurity AS guarded FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
"""
_CONTEXT = """
SELECT set_config('app.place', $1, true), set_config('app.organisation', $2, true), set_config('app.actor', $3, true),
  set_config('app.kind', $4, true), set_config('app.permit', '', true), set_config('app.work', $5, true)
"""


@dataclass(frozen=True)
class Filled:
    """A service's database with one row in each table."""

    service: str
    database: ServiceDatabase
    tables: tuple[str, ...]


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=SERVICES)
async def filled(
    request: pytest.FixtureRequest, postgres_server: PostgresServer, database_factory: DatabaseFactory
) -> AsyncIterator[Filled]:
    service: str = request.param

    async def newest(owner_url: str) -> None:
        await migrate(service, owner_url)

    database = await database_factory.create(service, newest, variant="newest")
    connection = await postgres_server.connect(database.name)
    try:
        await connection.execute("SET session_replication_role = replica")
        tables = await fill(connection)
    finally:
        await connection.close()
    yield Filled(service, database, tables)
    await database_factory.drop(database)


async def fill(connection: asyncpg.Connection) -> tuple[str, ...]:
    """One row in each table that is not plumbing; answers the tables."""
    shapes: dict[str, dict[str, str]] = {}
    for row in await connection.fetch(_COLUMNS):
        if row["table"] not in PLUMBING | WITHOUT_PEOPLE.keys():
            shapes.setdefault(row["table"], {})[row["column"]] = row["type"]
    for table, columns in shapes.items():
        for check in await connection.fetch(
            "SELECT conname FROM pg_constraint WHERE conrelid = $1::regclass AND contype = 'c'", table
        ):
            await connection.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{check["conname"]}"')
        values = {name: value(name, kind) for name, kind in columns.items()}
        names = ", ".join(f'"{name}"' for name in values)
        numbers = ", ".join(f"${n}" for n in range(1, len(values) + 1))
        await connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({numbers})', *values.values())
    return tuple(shapes)


def value(name: str, kind: str) -> Any:
    if name == "place_id":
        return PLACE
    return OURS if name in OWN else VALUES[kind]()


async def visible(
    url: str, tables: tuple[str, ...], place: str, organisation: str, *, kind: str = "person", work: str = ""
) -> dict[str, int]:
    """How many rows of each table somebody sees who asks for everything."""
    connection = await asyncpg.connect(url)
    seen = {}
    try:
        for table in tables:
            async with connection.transaction():
                await connection.execute("SELECT 1")
                await connection.fetchrow(_CONTEXT, place, organisation, str(uuid.uuid4()), kind, work)
                try:
                    seen[table] = await connection.fetchval(f'SELECT count(*) FROM "{table}"')
                except asyncpg.InsufficientPrivilegeError:
                    seen[table] = 0
    finally:
        await connection.close()
    return {table: count for table, count in seen.items() if count}


def roles(filled: Filled) -> tuple[str, str]:
    return filled.database.app_url, filled.database.reader_url


async def test_every_table_of_a_place_is_guarded(filled: Filled) -> None:
    connection = await asyncpg.connect(filled.database.owner_url)
    guarded = {row["relname"]: row["guarded"] for row in await connection.fetch(_GUARDED)}
    placed = {
        row["table"]
        for row in await connection.fetch(
            "SELECT table_name AS table FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'place_id'"
        )
    }
    await connection.close()
    bare = {table for table in placed - PLUMBING - WITHOUT_PEOPLE.keys() if table in guarded and not guarded[table]}
    assert not bare, f"{filled.service}: rows of a place lie in tables without row-level security: {sorted(bare)}"


async def test_another_place_sees_nothing_whatever_its_work(filled: Filled) -> None:
    for url in roles(filled):
        for organisation in (str(OURS), str(THEIRS), ""):
            for work in ("", *WORKS):
                assert await visible(url, filled.tables, str(ELSEWHERE), organisation, work=work) == {}


async def test_nobody_without_a_place_sees_anything(filled: Filled) -> None:
    for url in roles(filled):
        assert await visible(url, filled.tables, "", str(OURS)) == {}


async def test_another_organisation_sees_nothing(filled: Filled) -> None:
    for url in roles(filled):
        seen = await visible(url, filled.tables, str(PLACE), str(THEIRS))
        assert seen.keys() <= OPEN_IN_THE_PLACE[filled.service].keys(), f"{filled.service}: {seen}"


async def test_an_officer_of_another_legal_entity_sees_nothing(filled: Filled) -> None:
    """THEIRS is on no register: what an officer's work opens follows from it, not from having said so."""
    known = OPEN_IN_THE_PLACE[filled.service].keys() | OPEN_TO_OFFICERS.keys()
    for url in roles(filled):
        seen = await visible(url, filled.tables, str(PLACE), str(THEIRS), work="officer")
        assert seen.keys() <= known, f"{filled.service}: {seen}"


def test_whatever_is_open_says_why() -> None:
    reasons = [why for tables in (*OPEN_IN_THE_PLACE.values(), OPEN_TO_OFFICERS) for why in tables.values()]
    assert all(why.endswith(".") for why in reasons)


async def test_the_rows_are_there_for_whose_they_are(filled: Filled) -> None:
    """Otherwise the tests above would prove nothing."""
    seen = await visible(filled.database.app_url, filled.tables, "", "", kind="service")
    if filled.service == "partners":
        seen |= await visible(filled.database.app_url, filled.tables, str(PLACE), str(OURS), kind="service")
    assert seen.keys() == set(filled.tables), f"{filled.service}: only {sorted(seen)}"
