"""The gateway as a process: migrations, start-up, events over the broker, the command line."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import yaml
from gateway_hub import PLACES, Hub
from gateway_support import get, send_raw

from connective.gateway.__main__ import main
from connective.gateway.app import service
from connective.gateway.settings import GatewaySettings
from connective.kit.ids import new_id
from connective.kit.migrations import migrate
from connective.kit.revisions import head_revision
from connective.kit.service import Running
from connective.kit.testing import SECRET, Identities
from connective.local.nats import NatsServer
from connective.local.plain import NO_TLS
from connective.local.testing import MakeDatabase


async def test_migrations_go_up_down_and_up(service_database: MakeDatabase) -> None:
    database = await service_database("gateway")
    await migrate("gateway", database.owner_url)
    await migrate("gateway", database.owner_url, to="base", down=True)
    await migrate("gateway", database.owner_url)
    connection = await asyncpg.connect(database.owner_url)
    assert await connection.fetchval("SELECT version_num FROM alembic_version") == head_revision("gateway")
    with_place = await connection.fetch(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c JOIN pg_attribute a"
        " ON a.attrelid = c.oid WHERE a.attname = 'place_id' AND c.relkind = 'r' AND c.relname <> 'outbox'"
    )
    assert len(with_place) == 28
    assert all(row["relrowsecurity"] and row["relforcerowsecurity"] for row in with_place)
    await connection.close()


async def test_rows_of_another_place_are_hidden_by_the_database_itself(hub: Hub) -> None:
    connection = await asyncpg.connect(hub.running.settings.database_url)
    try:
        for kind, place, seen in (("person", "", 0), ("person", str(hub.school), 0), ("service", "", 2)):
            async with connection.transaction():
                await connection.execute(
                    "SELECT set_config('app.kind', $1, true), set_config('app.place', $2, true)", kind, place
                )
                assert await connection.fetchval("SELECT count(*) FROM account") == seen
    finally:
        await connection.close()


async def test_a_suspension_refuses_the_organisations_tokens(hub: Hub, fresh_nats: NatsServer) -> None:
    token = (await hub.by_secret()).json()["access_token"]
    handler = hub.running.composition.handlers["hub.partners.organisation.*"]
    assert handler is not None
    for state, version, status in (("suspended", 3, 401), ("active", 2, 401), ("active", 4, 200)):
        await hub.organisation(hub.charity, new_id(), version, state=state)
        await hub.parts.standing.refresh()
        assert (await hub.me(token)).status_code == status, "an older version changes nothing"


async def test_a_revocation_told_by_event_refuses_the_session(hub: Hub) -> None:
    tokens = await hub.person_tokens()
    session = (await hub.rows("SELECT id FROM session"))[0]["id"]
    data = {"session_id": str(session), "until": "2099-01-01T00:00:00Z"}
    await hub.running.consumer.apply([_event("hub.gateway.token.revoked", hub, 2, data)])
    await asyncio.sleep(1.6)
    assert (await hub.me(tokens["access_token"])).status_code == 401, "polled by itself within seconds"


def _event(subject: str, hub: Hub, version: int, data: dict[str, str]) -> tuple[str, bytes]:
    document = {
        "specversion": "1.0",
        "id": str(new_id()),
        "source": f"/services/{subject.split('.')[1]}",
        "type": f"{subject}.v1",
        "subject": str(hub.charity),
        "time": "2026-11-22T09:00:00.000000Z",
        "aggregateversion": version,
        "placeid": "0190a5c0-0000-7000-8000-000000000001",
        "data": {"organisation_id": str(hub.charity)} | data,
    }
    return subject, json.dumps(document).encode()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    identities = Identities(tmp_path)
    places = tmp_path / "places.yaml"
    places.write_text(PLACES, encoding="utf-8")
    urls = {f"GATEWAY_{name}_URL": "http://127.0.0.1:1" for name in ("FAMILIES", "REFERRALS", "PARTNERS", "CONSENT")}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GATEWAY_")}
    return (
        inherited
        | urls
        | {
            "GATEWAY_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
            "GATEWAY_READER_URL": "postgresql://nobody@127.0.0.1:1/none",
            "GATEWAY_NATS_URL": "nats://gateway@127.0.0.1:1",
            "GATEWAY_TRUSTED_KEYS": str(identities.trusted_keys),
            "GATEWAY_SIGNING_KEY": str(identities.signing_key("gateway")),
            "GATEWAY_SECRET": SECRET,
            "GATEWAY_PLACES": str(places),
            "GATEWAY_ISSUER": "http://127.0.0.1:8080",
        }
    )


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "connective.gateway", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """One verb, in a thread of this process: starting Python takes longer than most of them."""

    async def run_here(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["gateway", *arguments])
        capsys.readouterr()
        status = await asyncio.to_thread(main)
        return status, "".join(capsys.readouterr())

    return run_here


@pytest.mark.parametrize(
    "missing",
    [
        "front_door_number",
        "out_of_hours_number",
        "adults_number",
        "designated_officer_number",
        "threshold_document_url",
    ],
)
def test_without_a_safeguarding_number_nothing_starts(environment: dict[str, str], missing: str) -> None:
    places = yaml.safe_load(PLACES)
    del places["places"][0]["safeguarding"][missing]
    Path(environment["GATEWAY_PLACES"]).write_text(yaml.safe_dump(places, default_style="'"), encoding="utf-8")
    settings = {key.removeprefix("GATEWAY_").lower(): value for key, value in environment.items() if "GATEWAY_" in key}
    with pytest.raises(ValueError, match=missing):
        Running(service(), GatewaySettings(**settings))


def test_the_process_itself_says_what_is_missing(environment: dict[str, str]) -> None:
    Path(environment["GATEWAY_PLACES"]).write_text("places: []", encoding="utf-8")
    ended = run(environment, "serve")
    assert ended.returncode != 0
    assert "places" in ended.stderr


async def test_the_command_line_migrates_seeds_serves_and_rotates(
    environment: dict[str, str],
    service_database: MakeDatabase,
    nats_server: NatsServer,
    tmp_path: Path,
    command: Any,
) -> None:
    database = await service_database("gateway")
    environment |= {
        "GATEWAY_DATABASE_URL": database.app_url,
        "GATEWAY_READER_URL": database.reader_url,
        "GATEWAY_OWNER_URL": database.owner_url,
        "GATEWAY_NATS_URL": nats_server.url("gateway"),
    }
    assert (await command(environment, "migrate"))[0] == 0
    file = tmp_path / "seed.yaml"
    file.write_text(SEED, encoding="utf-8")
    status, said = await command(environment, "seed", str(file))
    assert (status, "has not signed the host's processing agreement" in said) == (1, True), said
    await _contracts(database.owner_url)
    for words in ("1 accounts and 1 clients were new", "0 accounts and 0 clients were new"):
        status, said = await command(environment, "seed", str(file))
        assert (status, words in said) == (0, True), said
    async with _serving(environment) as port:
        answer = await send_raw(port, get("/readyz"))
        assert answer.status == 200, answer.body
        assert (await send_raw(port, get("/api/v1/me"))).status == 401
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, verify=NO_TLS) as http:
            secret = "s" * 43
            token = await http.post(
                "/oauth/token",
                data={"grant_type": "client_credentials"},
                auth=("0190a5c0-0000-7000-8000-0000000000c2", secret),
            )
            assert token.status_code == 200, token.text
            me = await http.get("/api/v1/me", headers={"Authorization": f"Bearer {token.json()['access_token']}"})
            assert me.json()["permissions"] == ["referrals:request:list"]
    status, said = await command(environment, "rotate-keys")
    assert (status, "minutes between two rotations" in said) == (1, True)
    assert (await command(environment, "rotate-keys", "--urgent"))[0] == 0


@asynccontextmanager
async def _serving(environment: dict[str, str]) -> AsyncIterator[int]:
    """The gateway as a process of its own, on a socket that is handed to it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        descriptor = listening.fileno()
        arguments = ("-m", "connective.gateway", "serve", "--with-work", "--fd", str(descriptor))
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, env=environment, pass_fds=(descriptor,), stdout=asyncio.subprocess.DEVNULL
        )
        try:
            yield int(listening.getsockname()[1])
        finally:
            process.terminate()
            await process.wait()


async def _contracts(owner_url: str) -> None:
    """What facts of partners and consent would have left: the school and the food bank have their contract."""
    connection = await asyncpg.connect(owner_url)
    await connection.execute("SELECT set_config('app.kind', 'service', false)")
    place, entity = "0190a5c0-0000-7000-8000-000000000001", new_id()
    await connection.execute("INSERT INTO processing_agreement VALUES ($1, $2, NULL, 1)", entity, place)
    for organisation in ("a1", "a2"):
        told = (f"0190a5c0-0000-7000-8000-0000000000{organisation}", place, entity)
        await connection.execute("INSERT INTO organisation_state VALUES ($1, $2, 'active', 1, $3)", *told)
        accepted = "INSERT INTO prohibited_uses_acceptance VALUES ($1, 1, $2, 'someone', now())"
        await connection.execute(accepted, *told[:2])
    await connection.close()


SEED = """
accounts:
  - id: 0190a5c0-0000-7000-8000-0000000000c1
    place_id: 0190a5c0-0000-7000-8000-000000000001
    email: worker@school.example.org
    name: Worker
    password: a long enough password
    memberships:
      - organisation_id: 0190a5c0-0000-7000-8000-0000000000a1
        organisation_name: School
        roles: [support_worker]
clients:
  - id: 0190a5c0-0000-7000-8000-0000000000c2
    name: Food bank
    place_id: 0190a5c0-0000-7000-8000-000000000001
    organisation_id: 0190a5c0-0000-7000-8000-0000000000a2
    authentication: client_secret_basic
    secret: sssssssssssssssssssssssssssssssssssssssssss
    scopes: ["requests:list"]
"""
