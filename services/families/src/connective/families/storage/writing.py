"""Rows in: many at a time, each under the keeper; and the versions that every change moves on."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Table, insert, select, update

from connective.families.storage import tables
from connective.families.storage.mapping import Keeper
from connective.kit.database import Unit

Value = TypeVar("Value")


async def add(
    unit: Unit, table: Table, columns: Callable[[Value], dict[str, Any]], values: Iterable[Value], keeper: Keeper
) -> None:
    """Insert a row for each value, in one round trip."""
    await add_rows(unit, table, [columns(value) for value in values], keeper)


async def add_rows(unit: Unit, table: Table, rows: Sequence[dict[str, Any]], keeper: Keeper) -> None:
    """Insert rows under the keeper, in one round trip; none at all is nothing to do."""
    if rows:
        await unit.connection.execute(insert(table), [{**row, **keeper.columns} for row in rows])


async def change(unit: Unit, table: Table, row_id: UUID, values: dict[str, Any]) -> None:
    """Set columns of one row by its id."""
    await unit.connection.execute(update(table).where(table.c.id == row_id).values(**values))


async def move_on(unit: Unit, table: Table, row_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Raise the version of families or people by one; answers the new versions."""
    statement = (
        update(table)
        .where(table.c.id.in_(list(row_ids)))
        .values(version=table.c.version + 1)
        .returning(table.c.id, table.c.version)
    )
    return {row.id: row.version for row in await unit.connection.execute(statement)}


async def move_families_on(unit: Unit, person_id: UUID) -> dict[UUID, int]:
    """Raise the version of every family a person is in: what they show has changed."""
    found = await unit.fetch("SELECT family_id FROM membership WHERE person_id = $1", (person_id,))
    return await move_on(unit, tables.family, [row.family_id for row in found])


async def lock(unit: Unit, table: Table, row_id: UUID) -> bool:
    """Keep a row from changing under this transaction; whether there is one that the actor may change."""
    statement = select(table.c.id).where(table.c.id == row_id).with_for_update()
    return (await unit.connection.execute(statement)).first() is not None
