"""Statements built with Core once, when their module is loaded, and run by the driver.

Building a select, finding its compiled form and wrapping its result cost more than the statement itself (1.0 ms of a
read that takes 1.7 ms in all, measured). A statement whose shape never changes pays that once.
"""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.database import fetch

_DIALECT = dialect()  # type: ignore[no-untyped-call]  # the dialect's class is not annotated


class Kept:
    """A select with named parameters (`bindparam`), compiled. Its rows have their columns as attributes.

    Columns come as the driver gives them, which for the types we use (UUIDs, texts, numbers, times, arrays, JSON) is
    what Core would give.
    """

    __slots__ = ("_names", "_text")

    def __init__(self, statement: Select[Any]) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self._text = str(compiled)
        self._names = tuple(compiled.positiontup or ())

    async def rows(self, connection: AsyncConnection, **values: Any) -> list[Any]:  # noqa: ANN401 - parameters of any type
        """Its rows for these values, in the transaction at hand."""
        return await fetch(connection, self._text, [values[name] for name in self._names])

    async def row(self, connection: AsyncConnection, **values: Any) -> Any:  # noqa: ANN401 - a row of any shape
        """The first row for these values, or None."""
        found = await self.rows(connection, **values)
        return found[0] if found else None
