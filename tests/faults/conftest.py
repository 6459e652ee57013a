"""A Hub that waits for the disk, as in production, whose processes and servers are killed; and writers that persist."""

import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
from nats.js.api import ConsumerConfig

from connective.local.plain import NO_TLS

sys.path.insert(0, str(Path(__file__).parent))

from fault_load import Load
from matrix_askers import Asker, Mint, Standing

from connective.contracts.places import load_places
from connective.contracts.subscriptions import SUBSCRIPTIONS
from connective.kit.stream import durable
from connective.local.services import EXAMPLE_PLACES, PORTS
from connective.local.stack import Stack
from connective.local.supervisor import OnDeath

_HERE = Path(__file__).parent
ACK_WAIT_SECONDS = 3.0
"""How soon an unacknowledged event is delivered again: 30 s in production, which no test has."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder is a fault test."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.faults)


@dataclass(frozen=True, slots=True)
class Ground:
    """A durable Hub, and what writers need to find in it."""

    stack: Stack
    mint: Mint
    school: UUID
    service_id: str

    @staticmethod
    def durable(service: str) -> ConsumerConfig:
        """The durable of a service as this Hub has it."""
        return impatient(service, SUBSCRIPTIONS[service])

    def load(self) -> Load:
        """Writers for the one school."""
        return Load(self.stack, self.mint, organisation=self.school, service_id=self.service_id)


def impatient(service: str, subjects: tuple[str, ...]) -> ConsumerConfig:
    """A service's durable as deployment makes it, but for how long it waits for an acknowledgement."""
    return replace(durable(service, subjects), ack_wait=ACK_WAIT_SECONDS)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def ground(server_folder: Path) -> AsyncIterator[Ground]:
    """All five services on servers that sync every write, with a school, a food bank and its service."""
    stack = Stack(
        server_folder / "faults",
        ports=dict.fromkeys(PORTS, 0),
        environment={"FAMILIES_SYNTHETIC_PEOPLE": "true", "PARTNERS_WEBHOOKS_ANYWHERE": "true"},
        console=None,
        on_death=OnDeath.REPORT,
        durable=True,
    )
    await stack.start()
    async with stack.nats.admin() as client:
        for service, subjects in SUBSCRIPTIONS.items():
            if subjects:
                await client.jetstream().add_consumer("EVENTS", impatient(service, subjects))
    mint = Mint(stack.state.keys)
    yield await _furnished(stack, mint)
    await stack.stop()


async def _furnished(stack: Stack, mint: Mint) -> Ground:
    place, host = load_places(EXAMPLE_PLACES).places[0].id, uuid4()
    async with httpx.AsyncClient(timeout=60, trust_env=False, verify=NO_TLS) as client:

        async def make(role: str, service: str, path: str, body: dict[str, Any]) -> str:
            who = mint.headers(Asker("role", role), Standing(place, host), service)
            url = stack.addresses[service] + path
            answer = await client.post(url, json=body, headers={**who, "Idempotency-Key": str(uuid4())})
            assert answer.status_code == 201, answer.text
            return str(answer.json()["id"])

        entity = await make("agreement_manager", "consent", "/legal-entities", _entity())
        organisation = {"legal_entity_id": entity, "assurance_level": "named_accounts", "telephone": "01632 960120"}
        made = [
            await make("place_admin", "partners", "/organisations", {**organisation, "name": name, "kind": kind})
            for name, kind in (("Withy School", "school"), ("Withy Larder", "food_bank"))
        ]
        service = await make("place_admin", "partners", "/services", _service(made[1]))
    return Ground(stack, mint, UUID(made[0]), service)


def _entity() -> dict[str, Any]:
    later = f"{datetime.now(UTC).year + 2}-01-01"
    dates = {"ico_registered_until": later, "training_valid_until": later}
    return {
        "name": "Withy Trust",
        "kind": "academy_trust",
        "ico_registration": "ZA900100",
        "dpo_contact": "dpo@example.org",
        **dates,
    }


def _service(organisation_id: str) -> dict[str, Any]:
    return {
        "organisation_id": organisation_id,
        "name": "Food parcel",
        "kind": "food_bank",
        "needs": ["food_or_fuel_poverty"],
        "description": "Three days of food.",
        "telephone": "01632 960130",
        "areas": [{"kind": "outward_postcode", "code": "TA20"}],
        "assured_on": f"{datetime.now(UTC).year}-01-01",
    }
