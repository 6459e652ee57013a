"""Decisions read six tables only about people who are named in a seventh: whoever should be is, and at once."""

from uuid import UUID

import asyncpg
from consent_room import CHILD, FATHER, MOTHER, SALT, SCHOOL, Room, terms

from connective.kit.migrations import migrate
from connective.local.testing import ServiceDatabase

TWICE = UUID(int=0x3A)
_TABLES = {"objection", "one_off_disclosure", "restriction", "ruling", "safeguarding_override", "same_person"}


async def named(owner: asyncpg.Connection) -> set[UUID]:
    return {row["person_id"] for row in await owner.fetch("SELECT person_id FROM more_recorded")}


async def restrict(room: Room, person: UUID, *, active: bool = True, version: int = 1) -> None:
    data = {"person_id": str(person), "kind": "conflict", "active": active, "named_organisation_ids": [str(SALT)]}
    await room.event("hub.families.restriction.changed", person, data, version=version)


async def override(room: Room, *people: UUID) -> None:
    said = {
        "recipient_organisation_id": str(SALT),
        "person_ids": [str(each) for each in people],
        "categories": ["identity"],
        "share": True,
        "reason": "Invented for a test.",
        "risk_of_not_sharing": "Invented too.",
        "family_told": False,
        "family_told_note": "Unsafe.",
    }
    await room.post("/overrides", said, room.worker(), 201)


async def test_whoever_is_named_in_any_of_them_is_named_here_and_nobody_else(
    room: Room, owner: asyncpg.Connection
) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    assert (await room.decide())["outcome"] == "permit"
    assert await named(owner) == set(), "what was agreed to and told is read at once"
    await restrict(room, CHILD)
    assert (await room.decide())["outcome"] == "deny"
    assert await named(owner) == {CHILD}
    await restrict(room, CHILD, active=False, version=2)
    assert (await room.decide())["outcome"] == "permit"
    await override(room, FATHER, CHILD)
    assert await named(owner) == {CHILD, FATHER}
    merged = {"person_id": str(MOTHER), "merged_person_id": str(TWICE)}
    await room.event("hub.families.person.merged", MOTHER, merged)
    assert await named(owner) == {CHILD, FATHER, MOTHER, TWICE}


async def test_every_table_names_whoever_is_added_to_it(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch(
        "SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname = 'more_recorded' AND tgenabled = 'O'"
    )
    assert {row["name"] for row in rows} == _TABLES


async def test_an_upgrade_names_everybody_of_before(
    room: Room, owner: asyncpg.Connection, database: ServiceDatabase
) -> None:
    await restrict(room, CHILD)
    await override(room, FATHER, CHILD)
    before = await named(owner)
    await migrate("consent", database.owner_url, to="0028", down=True)
    await migrate("consent", database.owner_url)
    assert await named(owner) == before == {CHILD, FATHER}
