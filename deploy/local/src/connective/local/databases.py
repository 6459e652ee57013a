"""What a superuser prepares for each service: three roles and one database that only they may enter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from connective.local.ports import LOOPBACK

# What a service's database is for its roles: migrations, the service itself, its read-only questions.
ROLE_KINDS = ("owner", "app", "reader")


class Superuser(Protocol):
    """What we use of asyncpg's connection, which publishes no types."""

    async def execute(self, query: str) -> object:
        """Run a statement."""
        ...

    async def fetch(self, query: str, *arguments: object) -> Sequence[Mapping[str, Any]]:
        """The rows a query answers."""
        ...

    async def fetchval(self, query: str, *arguments: object) -> object:
        """The first value a query answers, or None."""
        ...

    async def close(self) -> None:
        """Leave the server."""
        ...


@dataclass(frozen=True)
class RolePasswords:
    """The passwords of one service's three roles."""

    owner: str
    app: str
    reader: str


@dataclass(frozen=True)
class DatabaseUrls:
    """How the roles of one service reach one database."""

    owner: str
    app: str
    reader: str


def database_url(port: int, database: str, role: str, password: str) -> str:
    """The address of a database on this machine for one role."""
    return f"postgresql://{role}:{quote(password, safe='')}@{LOOPBACK}:{port}/{database}"


def service_urls(port: int, service: str, passwords: RolePasswords, database: str | None = None) -> DatabaseUrls:
    """The addresses of a service's database (of another that it owns, if named) for its three roles."""
    name = database or service
    return DatabaseUrls(
        owner=database_url(port, name, f"{service}_owner", passwords.owner),
        app=database_url(port, name, f"{service}_app", passwords.app),
        reader=database_url(port, name, f"{service}_reader", passwords.reader),
    )


async def close_server(connection: Superuser) -> None:
    """Take from everybody the right to enter the databases that belong to the server itself."""
    # A failing statement is written to the server's log as it stands, and ours hold passwords.
    await connection.execute("SET log_min_error_statement = panic")
    for database in ("postgres", "template1"):
        await connection.execute(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC")


async def provide_service(connection: Superuser, service: str, passwords: RolePasswords) -> None:
    """Make the service's roles and database, or bring those that exist to these passwords and rights."""
    await provide_roles(connection, service, passwords)
    if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", service):
        await connection.execute(f"CREATE DATABASE {_name(service)} OWNER {_name(service + '_owner')}")
    await admit_roles(connection, service, service)


async def provide_roles(connection: Superuser, service: str, passwords: RolePasswords) -> None:
    """Make the three roles of a service, none of which may pass by row-level security or make other roles."""
    known = {row["rolname"] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
    for kind in ROLE_KINDS:
        role = f"{service}_{kind}"
        verb = "ALTER" if role in known else "CREATE"
        await connection.execute(
            f"{verb} ROLE {_name(role)} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS "
            f"PASSWORD {_text(getattr(passwords, kind))}"
        )


async def admit_roles(connection: Superuser, service: str, database: str) -> None:
    """Let the service's roles, and nobody else, enter a database. Table grants are the migrations' to make."""
    await connection.execute(f"REVOKE ALL ON DATABASE {_name(database)} FROM PUBLIC")
    roles = ", ".join(_name(f"{service}_{kind}") for kind in ROLE_KINDS)
    await connection.execute(f"GRANT CONNECT ON DATABASE {_name(database)} TO {roles}")


async def clone_database(connection: Superuser, service: str, template: str, database: str) -> None:
    """Make a database of this service as a copy of another, in which nobody may be connected.

    Files are copied as they are: writing each page to the log, which spares a checkpoint, takes twice as long for
    databases as small as these.
    """
    await connection.execute(
        f"CREATE DATABASE {_name(database)} OWNER {_name(service + '_owner')} TEMPLATE {_name(template)} "
        "STRATEGY FILE_COPY"
    )
    await admit_roles(connection, service, database)


async def drop_database(connection: Superuser, database: str) -> None:
    """Remove a database, closing what is still connected to it."""
    await connection.execute(f"DROP DATABASE IF EXISTS {_name(database)} WITH (FORCE)")


def _name(identifier: str) -> str:
    """An identifier in SQL: utility statements take no parameters."""
    return '"' + identifier.replace('"', '""') + '"'


def _text(value: str) -> str:
    """A text in SQL, for utility statements (standard_conforming_strings is on)."""
    return "'" + value.replace("'", "''") + "'"
