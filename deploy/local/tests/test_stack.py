"""The stack, in this process, with stand-ins for the services."""

import asyncio
import json
import socket
from collections.abc import Callable
from pathlib import Path

import asyncpg
import httpx
import pytest

from connective.local.plain import NO_TLS
from connective.local.ports import PortTakenError
from connective.local.processes import ProgramEndedError
from connective.local.services import Service
from connective.local.stack import Stack
from connective.local.state import StateInUseError, running
from connective.local.supervisor import OnDeath

MakeStack = Callable[..., Stack]
ProcessesOf = Callable[[Path], dict[int, str]]


async def visit(stack: Stack, service: str) -> dict[str, object]:
    async with httpx.AsyncClient(verify=NO_TLS, trust_env=False, timeout=10) as http:
        answer = await http.get(stack.addresses[service] + "/visit")
    return dict(answer.json())


async def test_it_starts_serves_and_stops_without_a_trace(make_stack: MakeStack, processes_of: ProcessesOf) -> None:
    stack = make_stack()
    await stack.start()
    try:
        said = await visit(stack, "families")
        assert (said["visits"], said["owners"]) == (1, ["consent", "families"])
        found = running(stack.state.folder)
        assert found is not None
        assert found.addresses == stack.addresses
    finally:
        await stack.stop()
    assert processes_of(stack.state.folder) == {}
    assert running(stack.state.folder) is None
    log = stack.log.path.read_text(encoding="utf-8")
    for line in ("families migrate | migrated", "families  | stopped in order", "postgres  |", "nats      |"):
        assert line in log


async def test_data_and_secrets_survive_a_stop(make_stack: MakeStack) -> None:
    stacks = [make_stack(), make_stack()]
    visits, secrets = [], []
    for stack in stacks:
        await stack.start()
        visits.append((await visit(stack, "families"))["visits"])
        secrets.append([stack.environment("consent")[name] for name in ("CONSENT_SECRET", "CONSENT_LEDGER_KEY")])
        async with stack.nats.admin() as admin:
            stored = (await admin.jetstream().stream_info("EVENTS")).state.messages
        await stack.stop()
    assert visits == [1, 2]
    assert secrets[0] == secrets[1]
    assert stored == 2


async def test_a_service_is_told_its_own_settings_and_no_secret_of_another(
    make_stack: MakeStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSENT_SECRET", "of another deployment")
    stack = make_stack("families", "gateway")
    told = stack.environment("families")
    assert "FAMILIES_OWNER_URL" not in told
    assert not [name for name in told if name.startswith("GATEWAY_")]
    assert told["FAMILIES_GATEWAY_URL"] == f"http://127.0.0.1:{stack.ports['gateway']}"
    assert stack.environment("gateway")["GATEWAY_ISSUER"] == stack.addresses["gateway"]
    assert stack.addresses["gateway"].startswith("http://localhost:"), "passkeys are made for a name, not for a number"
    assert stack.environment("families", owner=True)["FAMILIES_OWNER_URL"].startswith("postgresql://families_owner:")


async def test_secrets_are_readable_by_their_owner_alone(make_stack: MakeStack) -> None:
    stack = make_stack("families", "consent")
    stack.environment("families")
    stack.environment("consent")
    folder = stack.state.folder / "secrets"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    trusted = json.loads((folder / "trusted_keys.json").read_text(encoding="utf-8"))["keys"]
    own = json.loads((folder / "families.jwk").read_text(encoding="utf-8"))
    assert [key["owner"] for key in trusted] == ["consent", "families"]
    assert trusted[1]["kid"] == own["kid"]
    assert "d" in own
    assert "d" not in trusted[1]


async def test_a_taken_port_is_explained_before_anything_starts(make_stack: MakeStack) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        for name in ("families", "postgres", "nats"):
            stack = make_stack(ports={"families": 0, "consent": 0, "postgres": 0, "nats": 0, name: port})
            with pytest.raises(PortTakenError, match=rf"Port {port}, wanted for {name}, is taken.*--port {name}=0"):
                await stack.start()
            assert not stack.postgres.data.exists()
            assert running(stack.state.folder) is None


async def test_two_stacks_cannot_share_a_folder(make_stack: MakeStack) -> None:
    first, second = make_stack("families"), make_stack("families")
    await first.start()
    with pytest.raises(StateInUseError, match="already"):
        await second.start()
    assert (await visit(first, "families"))["visits"] == 1
    await first.stop()


async def test_a_failing_migration_stops_everything(make_stack: MakeStack, processes_of: ProcessesOf) -> None:
    stack = make_stack(services=[Service("families", ("sh", "-c", "echo no such table; exit 3"))])
    with pytest.raises(ProgramEndedError, match="families migrate failed with exit code 3:\nno such table"):
        await stack.start()
    assert processes_of(stack.state.folder) == {}


async def test_a_service_that_ends_by_itself_is_reported(make_stack: MakeStack) -> None:
    stack = make_stack()
    await stack.start()
    try:
        async with httpx.AsyncClient(verify=NO_TLS, trust_env=False) as http:
            with pytest.raises(httpx.TransportError):
                await http.get(stack.addresses["families"] + "/crash")
        with pytest.raises(ProgramEndedError, match="families ended by itself with exit code 7"):
            await asyncio.wait_for(stack.supervisor.failure(), 10)
    finally:
        await stack.stop()


async def test_a_service_that_ends_by_itself_starts_again_when_asked(make_stack: MakeStack) -> None:
    stack = make_stack(on_death=OnDeath.RESTART)
    await stack.start()
    try:
        before = await visit(stack, "families")
        async with httpx.AsyncClient(verify=NO_TLS, trust_env=False) as http:
            with pytest.raises(httpx.TransportError):
                await http.get(stack.addresses["families"] + "/crash")
        # The socket stayed open, so that this call waits for the new process instead of failing.
        after = await visit(stack, "families")
        assert after["pid"] != before["pid"]
    finally:
        await stack.stop()


async def test_a_killed_service_is_started_again_on_the_same_address(make_stack: MakeStack) -> None:
    stack = make_stack("families")
    await stack.start()
    try:
        before = await visit(stack, "families")
        await stack.kill_service("families")
        await stack.start_service("families")
        await stack.wait_until_ready("families")
        assert (await visit(stack, "families"))["pid"] != before["pid"]
    finally:
        await stack.stop()


async def test_services_may_not_enter_each_others_databases(make_stack: MakeStack) -> None:
    stack = make_stack()
    await stack.start()
    try:
        foreign = stack.databases("consent").app.rpartition("/")[0] + "/families"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(foreign)
    finally:
        await stack.stop()


async def test_a_command_of_a_service_runs_to_its_end(make_stack: MakeStack) -> None:
    stack = make_stack("families")
    await stack.start()
    try:
        assert await stack.run("families", "migrate") == "migrated"
    finally:
        await stack.stop()
