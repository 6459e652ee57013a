"""The partner's guide and the client's README: every command and every program in them is run, in their order."""

import asyncio
import os
import random
import re
import shutil
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from connective.local.story.narrator import expect
from connective.local.story.signing_in import Asker
from connective_client import AsyncHub, Patience, SecretCredential

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"```(sh|python)\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Partner:
    """A food bank's system with credentials, and the worker who asks the food bank for help."""

    worker: Asker
    service_id: str
    today: date
    environment: dict[str, str]

    async def ask(self) -> str:
        """Send the food bank one request of a new family; answers its id."""
        name = "".join(random.choices("abcdefghiklmnoprstuvwy", k=9)).capitalize()  # noqa: S311 - names of nobody
        mother = {"key": "mother", "given_names": name, "family_name": f"{name}ley", "date_of_birth": "1991-05-06"}
        family = expect(await self.worker.post("/families", {"people": [mother]}), 201)
        person = family["people"][0]["person"]["id"]
        told = {"person_ids": [person], "how": "in_person", "told_on": str(self.today)}
        expect(await self.worker.post("/notices", told), 201)
        about = [{"person_id": person, "authority": "own"}]
        said = {"kind": "agreement_to_engage", "state": "given", "given_by": person, "about": about, "how": "in_person"}
        expect(await self.worker.post("/consents", said), 201)
        request = {
            "service_id": self.service_id,
            "subjects": [person],
            "contact_person_id": person,
            "needs": [{"person_id": person, "code": "food_or_fuel_poverty", "severity": 3}],
            "answers": {"how": "collect_today", "crisis_reason": "benefit_delay", "cooking_facilities": "full"},
        }
        check = {"answer": "no_concern"}
        body = {"family_id": family["id"], "safeguarding_check": check, "requests": [request]}
        made = expect(await self.worker.post("/referrals", body), 201)["requests"][0]
        assert made["state"] == "submitted", made
        return str(made["id"])

    async def state_of(self, request_id: str) -> str:
        answer = expect(await self.worker.get(f"/requests/{request_id}"), 200)
        return str(answer["status"]["state"])


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def partner(loaded_hub: Any) -> Partner:
    world = loaded_hub.world
    client = {
        "name": "The guide's reader",
        "organisation_id": world.cast.organisations["larder"],
        "authentication": "client_secret_basic",
        "scopes": ["requests:work", "webhooks:manage"],
    }
    made = await world.register_system(client)
    credentials = {"HUB": world.base, "CLIENT_ID": made["client_id"], "CLIENT_SECRET": made["client_secret"]}
    environment = {"PATH": os.environ["PATH"], "HOME": str(ROOT), **credentials}
    return Partner(await world.person("worker"), world.cast.services["parcel"], world.today, environment)


async def run(folder: Path, environment: dict[str, str], *argv: str) -> str:
    """Run a program without holding the loop up, and answer what it printed."""
    process = await asyncio.create_subprocess_exec(
        *argv, cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    printed, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, printed.decode()[-2000:]
    return printed.decode()


def blocks(page: Path, kind: str) -> str:
    return "\n".join(text for found, text in _BLOCK.findall(page.read_text(encoding="utf-8")) if found == kind)


async def test_every_command_of_the_guide_works_and_closes_a_request(partner: Partner, tmp_path: Path) -> None:
    if shutil.which("curl") is None or shutil.which("jq") is None:
        pytest.skip("the guide's commands need curl and jq")
    request = await partner.ask()
    commands = "set -euo pipefail\n" + blocks(ROOT / "docs" / "partners-guide.md", "sh")
    printed = await run(tmp_path, partner.environment, "bash", "-c", commands)
    assert [word for word in ("accepted", "in_progress", "completed") if word not in printed] == [], printed
    assert "submitted" in printed
    assert "Two bags and a box, without nuts." in printed
    assert '"secret": "whsec_"' in printed
    assert '"type": "hub.partners.webhook.tested.v1"' in printed
    assert await partner.state_of(request) == "completed"


async def test_the_clients_programs_work_as_printed(partner: Partner, tmp_path: Path) -> None:
    request = await partner.ask()
    printed = ""
    for page in (ROOT / "client" / "README.md", ROOT / "docs" / "partners-guide.md"):
        program = tmp_path / "program.py"
        program.write_text(blocks(page, "python"), encoding="utf-8")
        printed += await run(tmp_path, partner.environment, sys.executable, str(program))
    assert "completed" in printed
    assert printed.endswith("400\n")
    assert (tmp_path / "feed.cursor").read_text(encoding="utf-8")
    assert await partner.state_of(request) == "completed"


class Lossy(httpx.AsyncBaseTransport):
    """A line on which the first answer to every act is lost after the Hub has done it."""

    def __init__(self) -> None:
        self._line = httpx.AsyncHTTPTransport()
        self._seen: set[str] = set()
        self.lost = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._line.handle_async_request(request)
        key = request.headers.get("Idempotency-Key")
        if key is not None and key not in self._seen:
            self._seen.add(key)
            self.lost += 1
            await answer.aclose()
            raise httpx.ReadError("the answer was lost")
        return answer

    async def aclose(self) -> None:
        await self._line.aclose()


async def test_the_client_acts_once_where_every_first_answer_is_lost(partner: Partner) -> None:
    request = await partner.ask()
    told = partner.environment
    line = Lossy()
    http = httpx.AsyncClient(transport=line, timeout=30)
    credential = SecretCredential(told["CLIENT_ID"], told["CLIENT_SECRET"])
    patience = Patience(first_pause=0.01)
    async with AsyncHub(told["HUB"], credential, patience=patience, http=http) as hub:
        opened = await hub.read(request)
        await hub.accept(request, version=opened.version)
        await hub.start(request)
        done = await hub.complete(request, "received", no_view_reason="not_asked")
        history = (await hub.call("GET", f"/requests/{request}/history")).json()
    assert (done.state, line.lost) == ("completed", 3)
    assert [entry["fact"] for entry in history] == ["submitted", "received", "accepted", "started", "completed"]
