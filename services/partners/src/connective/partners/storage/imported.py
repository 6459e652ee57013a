"""Rows that came from sources: which version of ours was read, and whether somebody has changed the row since."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.partners.domain.organisations import Organisation
from connective.partners.domain.services import Service
from connective.partners.storage.mapping import Values, of_organisation, of_service
from connective.partners.storage.services import index_services
from connective.partners.storage.tables import organisation, service

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """What an earlier reading left: our version then and now."""

    source_version: int | None
    version: int

    @property
    def changed_here(self) -> bool:
        """Whether somebody has changed the row since it was read. Asked only of rows read before fields were kept."""
        return self.version != self.source_version


async def kept_organisations(connection: AsyncConnection, actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Kept]:
    """What earlier readings left of these organisations, in the actor's place."""
    return await _kept(connection, organisation, actor, ids)


async def kept_services(connection: AsyncConnection, actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Kept]:
    """What earlier readings left of these services, in the actor's place."""
    return await _kept(connection, service, actor, ids)


async def write_organisations(
    connection: AsyncConnection, new: Iterable[Organisation], old: Iterable[Organisation]
) -> None:
    """Store organisations as their source gave them."""
    added, changed = ([_read(of_organisation(each), each.version) for each in several] for several in (new, old))
    await _write(connection, organisation, added, changed)


async def write_services(connection: AsyncConnection, new: Iterable[Service], old: Iterable[Service]) -> None:
    """Store services as their source gave them, and make them findable."""
    added, changed = list(new), list(old)
    await _write(
        connection,
        service,
        [_read(of_service(each), each.version) for each in added],
        [_read(of_service(each), each.version) for each in changed],
    )
    several = [*added, *changed]
    for start in range(0, len(several), _AT_ONCE):
        await index_services(connection, several[start : start + _AT_ONCE])


async def keep_following_the_source(connection: AsyncConnection, service_id: UUID, before: int) -> None:
    """Let the next reading of a file still change a row: its version went up without a person changing what it says."""
    wanted = update(service).where(service.c.id == service_id, service.c.source_version == before)
    await connection.execute(wanted.values(source_version=service.c.version))


async def _kept(connection: AsyncConnection, table: Table, actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Kept]:
    columns = (table.c.id, table.c.source_version, table.c.version)
    wanted = select(*columns).where(table.c.place_id == actor.place, table.c.id.in_(list(ids)))
    rows = await connection.execute(wanted.with_for_update())
    return {row.id: Kept(row.source_version, row.version) for row in rows}


def _read(values: Values, version: int) -> Values:
    return {**values, "source_version": version}


async def _write(connection: AsyncConnection, table: Table, new: list[Values], old: list[Values]) -> None:
    if new:
        await connection.execute(insert(table), new)
    if old:
        names = [name for name in old[0] if name != "id"]
        statement = update(table).where(table.c.id == bindparam("b_id"))
        changes = [{f"b_{name}": value for name, value in values.items()} for values in old]
        await connection.execute(statement.values({name: bindparam(f"b_{name}") for name in names}), changes)
