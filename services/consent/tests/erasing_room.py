"""Everything that consent can keep of a family, and events of its erasure: what tests of erasing share."""

from typing import Any
from uuid import UUID

import asyncpg
from consent_room import CHILD, FAMILY, FOOD_BANK, MOTHER, SALT, SCHOOL, Room, terms

from connective.kit.ids import new_id

WORDS = "the pomegranate lanterns are cold"
ASKED = {"asked_on": "2026-01-05", "ground": "not_necessary", "granted": True, "reasons": "No purpose remains."}


async def lived(room: Room) -> dict[str, Any]:
    """Everything that consent can keep of a family: statements, decisions, disclosures, an override, looks."""
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage(note=WORDS)
    objection = {"person_id": str(CHILD), "raised_by": str(MOTHER), "recipient_organisation_ids": [str(FOOD_BANK)]}
    await room.post("/objections", objection | {"reason": WORDS}, room.worker(), 201)
    assert (await room.disclose()).json()["disclosure_id"]
    override = {"recipient_organisation_id": str(SALT), "person_ids": [str(CHILD)], "categories": ["safeguarding"]}
    why = {"reason": WORDS, "risk_of_not_sharing": WORDS, "family_told": False, "family_told_note": WORDS}
    await room.post("/overrides", override | why | {"share": True}, room.worker(), 201)
    await look(room)
    await room.seal()
    room.keepers.add(FAMILY, CHILD, MOTHER)
    return await room.get("/ledger/checkpoint", room.worker())  # type: ignore[no-any-return]  # JSON of any shape


async def look(room: Room, event_id: UUID | None = None) -> None:
    acted = {"act_id": str(new_id()), "act": "person.read", "actor_id": str(new_id()), "organisation_id": str(SCHOOL)}
    whom = {"family_id": str(FAMILY), "person_ids": [str(CHILD)], "purpose": None, "hits": None}
    data = acted | whom | {"at": room.clock().isoformat()}
    await room.event("hub.families.audit.recorded", new_id(), data, event_id=event_id)


async def everything(owner: asyncpg.Connection) -> str:
    """Every row of every table of the database but the outbox, whose events age out."""
    tables = await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'outbox'")
    found = []
    for row in tables:
        rows = await owner.fetch(f'SELECT t::text AS row FROM "{row["tablename"]}" AS t')
        found += [f"{row['tablename']}: {each['row']}" for each in rows]
    return "\n".join(found)


async def ordered(room: Room) -> str:
    made = await room.post("/retention/requests", ASKED | {"family_id": str(FAMILY)}, room.officer(), 201)
    return str(made["erasure_id"])


async def erased(room: Room, erasure: str, *, event_id: UUID | None = None) -> None:
    people = {"person_ids": [str(CHILD), str(MOTHER)], "at": room.clock().isoformat()}
    data = {"erasure_id": erasure, "family_id": str(FAMILY)} | people
    await room.event("hub.families.family.erased", FAMILY, data, event_id=event_id)


async def answered(room: Room, erasure: str, service: str, event_id: UUID | None = None) -> None:
    data = {"erasure_id": erasure, "removed": 7, "kept": 0, "at": room.clock().isoformat()}
    await room.event(f"hub.{service}.erasure.done", UUID(erasure), data, event_id=event_id)
