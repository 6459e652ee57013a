"""Statements of SQLAlchemy Core that are built and compiled once, and then run by the driver.

Building a SELECT and reading its rows through the engine's layer costs several times what the same statement costs the
driver (docs/adr). A hot statement stays a Core expression, so that it shares its conditions with all others; only its
text is kept, and what differs from call to call is a `bindparam` in it.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import Database, fetch, fetch_within

_DIALECT = dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy does not type its dialects


class Prepared:
    """One statement: its text, and the order its values are sent in.

    Values go to the driver as they are, JSON as text; columns come as the driver reads them, JSON as values.
    """

    def __init__(self, statement: Executable) -> None:
        """Compile the statement. Raises ValueError for one whose text depends on its values, as that of `in_` does."""
        compiled = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]  # every Core statement compiles
        self.text = str(compiled)
        if "POSTCOMPILE" in self.text:
            raise ValueError("a list of values goes as one array parameter: use any_")
        self._names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._constants: dict[str, Any] = {name: compiled.params[name] for name in self._names}

    def _values(self, given: Mapping[str, Any]) -> list[Any]:
        strange = given.keys() - self._constants.keys()
        if strange:
            raise TypeError(f"the statement has no {', '.join(sorted(strange))}")
        values = {**self._constants, **given}
        return [values[name] for name in self._names]

    async def fetch(self, connection: AsyncConnection, **values: Any) -> list[Any]:  # noqa: ANN401 - of any column's type
        """The rows, in the transaction at hand. Raises TypeError for a value the statement has no place for."""
        return await fetch(connection, self.text, self._values(values))

    async def fetch_one(self, connection: AsyncConnection, **values: Any) -> Any:  # noqa: ANN401 - as above; a row of any shape
        """The first row, or None."""
        found = await self.fetch(connection, **values)
        return found[0] if found else None

    def fetch_one_within(self, connection: Connection, **values: Any) -> Any:  # noqa: ANN401 - as above
        """The first row, or None, for synchronous code inside `AsyncConnection.run_sync`."""
        found = fetch_within(connection, self.text, self._values(values))
        return found[0] if found else None

    async def read_alone(self, database: Database, actor: Actor, **values: Any) -> list[Any]:  # noqa: ANN401 - as above
        """The rows, in a transaction that is this one statement; see `Database.read_alone`."""
        return await database.read_alone(actor, self.text, self._values(values))
