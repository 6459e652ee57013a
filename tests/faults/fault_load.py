"""Writers that register families and make referrals, and try again with the same key until they are answered.

They ask the services at their own ports, as the gateway would, so that the load does not depend on signing in.
"""

import asyncio
import random
from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import httpx
from matrix_askers import Asker, Mint, Standing

from connective.contracts.places import load_places
from connective.kit.testing import PATIENCE_SECONDS
from connective.local.plain import NO_TLS
from connective.local.services import EXAMPLE_PLACES
from connective.local.stack import Stack

_TRY_SECONDS = 6.0
_LETTERS = "abcdefghijklmnoprstuvwz"
_TRY_AGAIN = {409, 429, 502, 503, 504}
_WORKER = Asker("role", "support_worker")


def _name() -> str:
    return "".join(random.choices(_LETTERS, k=10)).capitalize()  # noqa: S311 - names of nobody, not secrets


def a_family() -> dict[str, Any]:
    """A mother and a child whose names nobody else has."""
    family = _name()
    mother = {"key": "mother", "given_names": _name(), "family_name": family, "date_of_birth": "1990-04-02"}
    child = {"key": "child", "given_names": _name(), "family_name": family, "date_of_birth": "2017-09-21"}
    relation = {"person": "mother", "of": "child", "kind": "parent", "responsibility": "birth_mother"}
    return {"people": [mother, child], "relationships": [relation]}


class Load:
    """A few writers for one organisation; `acknowledged` holds what each of their keys was answered, by path."""

    def __init__(self, stack: Stack, mint: Mint, *, organisation: UUID, service_id: str | None = None) -> None:
        self.stack = stack
        self.organisation = organisation
        self.acknowledged: dict[str, dict[str, UUID]] = {"/families": {}, "/referrals": {}}
        self.answers: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._mint, self._service_id = mint, service_id
        self._standing = Standing(load_places(EXAMPLE_PLACES).places[0].id, organisation, account=uuid4())
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        limits = httpx.Limits(max_connections=20)
        self._client = httpx.AsyncClient(timeout=_TRY_SECONDS, limits=limits, trust_env=False, verify=NO_TLS)

    @property
    def count(self) -> int:
        """How many writes were acknowledged so far."""
        return sum(map(len, self.acknowledged.values()))

    def start(self, writers: int = 5) -> None:
        """Begin to write."""
        self._tasks = [asyncio.create_task(self._write()) for _ in range(writers)]

    async def more(self, writes: int, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until so many more writes were acknowledged. Raises AssertionError when they are not."""
        wanted = self.count + writes
        deadline = asyncio.get_running_loop().time() + seconds
        while self.count < wanted:
            assert asyncio.get_running_loop().time() < deadline, (
                f"Only {self.count} of {wanted} writes in {seconds} s: {dict(self.answers)} {self.wrong[:3]}"
            )
            await asyncio.sleep(0.05)

    async def finish(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Begin nothing new, and wait until every write that was begun is acknowledged."""
        self._stopping.set()
        done, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await self.close()
        assert not late, f"{len(late)} writes were never answered: {dict(self.answers)}"
        for task in done:
            task.result()
        assert not self.wrong, self.wrong[:5]

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()

    async def get(self, service: str, path: str) -> httpx.Response:
        """One reading by the worker, without trying again."""
        headers = self._mint.headers(_WORKER, self._standing, service)
        return await self._client.get(self.stack.addresses[service] + path, headers=headers)

    async def post(self, service: str, path: str, body: Any, key: str | None = None) -> httpx.Response:
        """One write by the worker, without trying again."""
        headers = self._mint.headers(_WORKER, self._standing, service)
        url = self.stack.addresses[service] + path
        return await self._client.post(url, json=body, headers={**headers, "Idempotency-Key": key or str(uuid4())})

    async def _write(self) -> None:
        while not self._stopping.is_set():
            family = await self._until_answered("families", "/families", a_family())
            if family is not None and self._service_id is not None and not self._stopping.is_set():
                await self._until_answered("referrals", "/referrals", self.referral(family))

    async def _until_answered(self, service: str, path: str, body: Any) -> dict[str, Any] | None:
        key = str(uuid4())
        while True:
            try:
                answer = await self.post(service, path, body, key)
            except httpx.TransportError as error:
                self.answers[type(error).__name__] += 1
            else:
                self.answers[str(answer.status_code)] += 1
                if answer.status_code == 201:
                    created: dict[str, Any] = answer.json()
                    self.acknowledged[path][key] = UUID(created["id"])
                    return created
                if answer.status_code not in _TRY_AGAIN or answer.json()["type"] == "/problems/likely-duplicate":
                    self.wrong.append(f"POST {path}: {answer.status_code} {answer.text[:300]}")
                    return None
            await asyncio.sleep(0.1)

    def referral(self, family: dict[str, Any]) -> dict[str, Any]:
        """A referral of a family's mother to the food bank."""
        mother = next(m["person"]["id"] for m in family["people"] if m["person"]["date_of_birth"] == "1990-04-02")
        request = {
            "service_id": self._service_id,
            "subjects": [mother],
            "contact_person_id": mother,
            "needs": [{"person_id": mother, "code": "food_or_fuel_poverty", "severity": 3}],
            "answers": {"how": "collect_today", "crisis_reason": "benefit_delay", "cooking_facilities": "full"},
        }
        check = {"answer": "no_concern"}
        return {"family_id": family["id"], "safeguarding_check": check, "requests": [request]}
