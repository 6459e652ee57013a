"""Migrations travel inside each service's package and run under its owner role, one runner at a time."""

import asyncio
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from connective.kit.idempotency import idempotency_table
from connective.kit.inbox import inbox_tables
from connective.kit.outbox import outbox_tables
from connective.kit.revisions import script_location

_ONE_RUNNER = 0x6D696772  # "migr"
_LOCK_TIMEOUT = "5s"
_STATEMENT_TIMEOUT = "120s"


def kit_tables(metadata: MetaData) -> None:
    """Add the tables that every service has to its metadata: outbox, inbox, parked events, idempotency keys."""
    outbox_tables(metadata)
    inbox_tables(metadata)
    idempotency_table(metadata)


def create_kit_tables(connection: Connection) -> None:
    """Create the kit's tables (a service's first migration calls it), with the feed's head at nought."""
    metadata = MetaData()
    kit_tables(metadata)
    metadata.create_all(connection)
    connection.execute(text("INSERT INTO outbox_head (position) VALUES (0)"))


def drop_kit_tables(connection: Connection) -> None:
    """Drop them again."""
    metadata = MetaData()
    kit_tables(metadata)
    metadata.drop_all(connection)


def _config(service: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(script_location(service)).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


async def migrate(service: str, owner_url: str, *, to: str = "head", down: bool = False) -> None:
    """Bring the database to a revision. Waits for another runner; gives up on a lock after five seconds."""
    engine = create_async_engine(owner_url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_run, service, to, down)
    finally:
        await engine.dispose()


def _run(connection: Connection, service: str, to: str, down: bool) -> None:
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ONE_RUNNER})
    try:
        _grant_by_default(connection, service)
        connection.commit()
        config = _config(service)
        script = ScriptDirectory.from_config(config)

        def steps(revision: Any, _: Any) -> Any:  # noqa: ANN401 - Alembic's own types are private
            if down:
                return script._downgrade_revs(to, revision)  # noqa: SLF001 - Alembic's commands do exactly this
            return script._upgrade_revs(to, revision)  # noqa: SLF001 - Alembic's commands do exactly this

        with EnvironmentContext(config, script, fn=steps, destination_rev=to) as environment:
            environment.configure(connection=connection, transaction_per_migration=True)
            connection.execute(text(f"SET lock_timeout = '{_LOCK_TIMEOUT}'"))
            connection.execute(text(f"SET statement_timeout = '{_STATEMENT_TIMEOUT}'"))
            connection.commit()
            with environment.begin_transaction():
                environment.run_migrations()
        connection.commit()
    finally:
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ONE_RUNNER})
        connection.commit()


def _grant_by_default(connection: Connection, service: str) -> None:
    """What the owner makes, the service may use and its reader may read; tables of record take more away themselves."""
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {service}_app, {service}_reader",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {service}_app",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {service}_app",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {service}_reader",
    ):
        connection.execute(text(statement))


def run_migrations(service: str, owner_url: str, *, to: str = "head", down: bool = False) -> None:
    """`migrate`, from a command line."""
    asyncio.run(migrate(service, owner_url, to=to, down=down))
