"""What families said, and the ledger, are read on the record: each reading is an entry, or nothing is shown."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.commands.ledger_entries import note
from connective.consent.domain.ledger import EntryKind, pseudonym
from connective.consent.storage.audit_access import Access, add_accesses
from connective.consent.storage.people import person_keys
from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.ids import new_id


@dataclass(slots=True)
class Reading:
    """A reading that goes on: through which transaction, and what it has shown so far."""

    unit: Unit
    people: set[UUID] = field(default_factory=set)
    hits: int | None = None

    @property
    def connection(self) -> AsyncConnection:
        """Where to read."""
        return self.unit.connection


@asynccontextmanager
async def recorded_reading(
    database: Database,
    actor: Actor,
    act: str,
    now: datetime,
    asked: Mapping[str, Any] | None = None,
    *,
    work: str = "",
) -> AsyncIterator[Reading]:
    """Read as the actor, and enter the reading under `act`: who, when, about whom (by pseudonym), how much.

    Entry and row of the access log are made in the transaction that reads: nothing is shown unless it commits.
    """
    async with database.unit(actor, work=work) as unit:
        reading = Reading(unit)
        yield reading
        keys = await person_keys(unit, actor.place, reading.people)
        people = sorted(pseudonym(person, keys[person]) for person in reading.people)
        access = Access(
            id=new_id(),
            place_id=actor.place,
            service="consent",
            act=act,
            actor_id=actor.id,
            organisation_id=actor.organisation_id,
            at=now,
            hits=reading.hits,
            people=tuple(people),
        )
        await add_accesses(unit, [access])
        facts = {"service": "consent", "act_id": access.id, "people": people, "asked": dict(asked or {})}
        if reading.hits is not None:
            facts["hits"] = reading.hits
        await note(unit, EntryKind.ACCESS, act, now, facts)


async def record_reading(database: Database, actor: Actor, act: str, now: datetime, asked: Mapping[str, Any]) -> None:
    """Enter a reading of the ledger before it is answered; it is about nobody, as the ledger names nobody."""
    async with recorded_reading(database, actor, act, now, asked):
        pass


def people_of(record: Mapping[str, Any]) -> set[UUID]:
    """Whom a record of what was said is about; the giver counts as well, unless a body gave it."""
    about = {one["person_id"] for one in record["about"]}
    return about if record["giver_kind"] == "body" else {*about, record["giver_id"]}
