"""What an operator prepares for a deployment is what the tests and the one-machine stack run on."""

import importlib.util
import json
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
import pytest

from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.kit.problems import Unauthenticated
from connective.kit.tokens import CALLER_TYPE, KeyRing, Signer
from connective.local.binaries import postgres_install
from connective.local.keys import KeyStore
from connective.local.postgres import PostgresServer

ROOT = Path(__file__).resolve().parents[2]
ROLES = ("owner", "app", "reader")


def script(path: str) -> ModuleType:
    """A script of the repository, loaded without running it."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_brokers_accounts_are_those_of_one_machine() -> None:
    file = (ROOT / "deploy/broker/accounts.conf").read_text(encoding="utf-8")
    configure = script("deploy/broker/configure.py")
    assert file == configure.configuration(), "run: python deploy/broker/configure.py > deploy/broker/accounts.conf"


def test_the_broker_syncs_every_event() -> None:
    text = (ROOT / "deploy/broker/nats.conf").read_text(encoding="utf-8")
    assert "sync_interval: always" in text
    assert "include ./accounts.conf" in text


async def test_databases_are_prepared_and_prepared_again(quick_folder: Path) -> None:
    """On a server of its own: the roles of the session's server belong to other tests."""
    server = PostgresServer(quick_folder / "provisioned", durable=False)
    await server.start()
    try:
        for suffix in ("first", "second"):
            prepare(server, suffix)
        await check_roles(server)
        await check_doors(server)
    finally:
        await server.stop()


def prepare(server: PostgresServer, suffix: str) -> None:
    """Run the script against the server, with passwords that end in `suffix`."""
    passwords = {
        f"{service}_{role}_password".upper(): f"{service}'{role}-{suffix}"
        for service in (*SUBSCRIPTIONS, "frontend")
        for role in ROLES
    }
    programs = str(postgres_install() / "bin")
    subprocess.run(
        [shutil.which("bash") or "bash", str(ROOT / "deploy/postgres/provide.sh")],
        check=True,
        capture_output=True,
        env={
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(server.port),
            "PGUSER": "postgres",
            "PGPASSWORD": server.password,
            **passwords,
        },
    )


async def check_roles(server: PostgresServer) -> None:
    superuser = await server.connect()
    rows = await superuser.fetch(
        "SELECT rolname, rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls OR rolreplication AS strong"
        " FROM pg_roles WHERE rolcanlogin AND NOT rolname = 'postgres'"
    )
    await superuser.close()
    made = {row["rolname"]: row for row in rows}
    assert set(made) == {f"{service}_{role}" for service in (*SUBSCRIPTIONS, "frontend") for role in ROLES}
    assert not any(row["strong"] for row in made.values())


async def check_doors(server: PostgresServer) -> None:
    """Each role enters its own database with its newest password, and no other."""
    for role in ROLES:
        connection = await enter(server, "families", role, "second", "families")
        await connection.close()
    with pytest.raises(asyncpg.InvalidPasswordError):
        await enter(server, "families", "app", "first", "families")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await enter(server, "families", "app", "second", "consent")


async def enter(server: PostgresServer, service: str, role: str, suffix: str, database: str) -> Any:
    return await asyncpg.connect(
        host="127.0.0.1",
        port=server.port,
        user=f"{service}_{role}",
        password=f"{service}'{role}-{suffix}",
        database=database,
    )


def test_a_services_key_is_changed_in_three_steps(tmp_path: Path) -> None:
    """At each step whoever has restarted and whoever has not believe each other."""
    rotate = script("deploy/compose/rotate_key.py")
    store = KeyStore(tmp_path / "keys")
    file = store.trusted_keys(SUBSCRIPTIONS)
    rings, callers = [KeyRing.load(file)], [Signer.load("consent", store.signing_key("consent"))]
    for step in ("announce", "switch", "end"):
        assert rotate.main([step, "consent", "--keys", str(store.folder)]) == 0
        rings.append(KeyRing.load(file))
        callers.append(Signer.load("consent", store.signing_key("consent")))

    def believed(ring: KeyRing, signer: Signer) -> bool:
        try:
            ring.verify(signer.caller("families"), token_type=CALLER_TYPE, audience="families")
        except Unauthenticated:
            return False
        return True

    assert [[believed(ring, signer) for signer in (callers[0], callers[-1])] for ring in rings] == [
        [True, False],
        [True, True],
        [True, True],
        [False, True],
    ]
    trusted = json.loads(file.read_text(encoding="utf-8"))["keys"]
    assert [each["owner"] for each in trusted] == sorted(SUBSCRIPTIONS)
    assert not [each for each in trusted if "d" in each], "a private key in the file that everybody reads"
    assert all(datetime.fromisoformat(each["made_at"]) for each in trusted)
    assert rotate.main(["switch", "consent", "--keys", str(store.folder)]) == 1
    assert rotate.main(["end", "consent", "--keys", str(store.folder)]) == 1
