"""Sources, readings, changes and provenance as they are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.partners.domain.harvests.changes import Change, ChangeState
from connective.partners.domain.harvests.merging import LATER_WINS, digest
from connective.partners.domain.harvests.sources import Source
from connective.partners.storage import changes as stored
from connective.partners.storage import harvests
from connective.partners.storage.changes import ChangeFilter
from connective.partners.storage.harvests import Run
from connective.partners.storage.mapping_fields import fields_of_service
from connective.partners.storage.services import find_service


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """What the source says of one field, under which licence and since when, and whether ours is another."""

    field: str
    licence: str | None
    since: datetime
    theirs: Any
    changed_here: bool


async def sources(database: Database, actor: Actor, *, after: UUID | None, limit: int) -> list[Source]:
    """The place's sources."""
    async with database.reading(actor) as connection:
        return await harvests.page_of_sources(connection, actor, after=after, limit=limit)


async def source(database: Database, actor: Actor, source_id: UUID) -> Source:
    """One source. Raises NotFound."""
    async with database.reading(actor) as connection:
        return await harvests.find_source(connection, actor, source_id)


async def runs(database: Database, actor: Actor, source_id: UUID, *, after: UUID | None, limit: int) -> list[Run]:
    """A source's readings, newest first. Raises NotFound."""
    async with database.reading(actor) as connection:
        return await harvests.page_of_runs(connection, actor, source_id, after=after, limit=limit)


async def run(database: Database, actor: Actor, source_id: UUID, run_id: UUID) -> Run:
    """One reading. Raises NotFound."""
    async with database.reading(actor) as connection:
        return await harvests.find_run(connection, actor, source_id, run_id)


async def run_alone(database: Database, actor: Actor, run_id: UUID) -> Run:
    """One reading, for who does not know its source. Raises NotFound."""
    async with database.reading(actor) as connection:
        return await harvests.find_run_alone(connection, actor, run_id)


async def changes(
    database: Database, actor: Actor, narrowed: ChangeFilter, *, everybodys: bool, after: UUID | None, limit: int
) -> list[Change]:
    """The changes that the asker answers for: the place's coordinators for all, an organisation for its own."""
    async with database.reading(actor) as connection:
        return await stored.page_of_changes(
            connection, actor, narrowed, everybodys=everybodys, after=after, limit=limit
        )


async def states(
    database: Database, actor: Actor, ids: Sequence[UUID], *, everybodys: bool
) -> list[tuple[UUID, ChangeState | None]]:
    """What became of changes, in the order asked; None for one that is not there for the asker."""
    async with database.reading(actor) as connection:
        known = await stored.states_of(connection, actor, ids, everybodys=everybodys)
    return [(each, known.get(each)) for each in ids]


async def origin(
    database: Database, actor: Actor, service_id: UUID
) -> tuple[UUID | None, str | None, list[FieldOrigin]]:
    """A listing's source and what it last said, field by field. Raises NotFound for a service that is not there."""
    async with database.reading(actor) as connection:
        owned = await find_service(connection, actor, service_id)
        row = await stored.origin_of(connection, actor, service_id)
    if row is None:
        return None, None, []
    ours = fields_of_service(owned.service)
    fields = [
        FieldOrigin(
            field=name,
            licence=said.get("licence"),
            since=datetime.fromisoformat(said["at"]),
            theirs=said["value"],
            changed_here=name not in LATER_WINS and (name not in ours or digest(ours[name]) != said["digest"]),
        )
        for name, said in sorted(row.fields.items())
    ]
    return row.source_id, row.source_name, fields
