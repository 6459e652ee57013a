"""Hubs in the database. Everybody who is signed in to a place may see its hubs."""

from uuid import UUID

from sqlalchemy import ColumnElement, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import fetch
from connective.kit.problems import NotFound
from connective.partners.domain.hubs import Hub
from connective.partners.storage.mapping import hub_of, of_hub
from connective.partners.storage.tables import hub as table

_TAKE_UNANNOUNCED = "UPDATE hub SET announced = true WHERE place_id = $1 AND NOT announced RETURNING *"


def visible(actor: Actor) -> ColumnElement[bool]:
    """The one predicate of what an asker may see: the hubs of their place."""
    return table.c.place_id == actor.place


async def find_hub(connection: AsyncConnection, actor: Actor, hub_id: UUID, *, hold: bool = False) -> Hub:
    """One hub; `hold` keeps it until the transaction ends. Raises NotFound for one not there for the actor."""
    wanted = select(table).where(table.c.id == hub_id, visible(actor))
    row = (await connection.execute(wanted.with_for_update() if hold else wanted)).first()
    if row is None:
        raise NotFound
    return hub_of(row)


async def page_of_hubs(
    connection: AsyncConnection, actor: Actor, *, after: tuple[str, UUID] | None, limit: int
) -> list[Hub]:
    """The next hubs by name after a position, at most `limit`."""
    wanted = select(table).where(visible(actor)).order_by(table.c.name, table.c.id).limit(limit)
    if after is not None:
        wanted = wanted.where(tuple_(table.c.name, table.c.id) > tuple_(*after))
    return [hub_of(row) for row in await connection.execute(wanted)]


async def add_hub(connection: AsyncConnection, hub: Hub) -> None:
    """Store a new hub."""
    await connection.execute(insert(table).values(of_hub(hub)))


async def save_hub(connection: AsyncConnection, hub: Hub) -> None:
    """Store a hub's next version."""
    await connection.execute(update(table).where(table.c.id == hub.id).values(of_hub(hub)))


async def take_unannounced(connection: AsyncConnection, place_id: UUID) -> list[Hub]:
    """The hubs of a place that wait to be announced; from now on they do not."""
    rows = await fetch(connection, _TAKE_UNANNOUNCED, [place_id])
    return sorted((hub_of(row) for row in rows), key=lambda hub: hub.id)
