"""A request of the school to the food bank of its own trust, sent; and everybody who may look at it."""

from typing import Any
from uuid import UUID, uuid4

import httpx
from fault_load import Load, a_family
from matrix_askers import Asker, Standing

from connective.contracts.places import load_places
from connective.local.plain import NO_TLS
from connective.local.services import EXAMPLE_PLACES

_PARTS = ["instructions", "sub_processors", "location", "breach", "audit", "return"]
_USES = ["debt_recovery", "immigration_enforcement", "marketing", "recruitment", "rent_enforcement", "research"]


class Reading:
    """A request of the school to the food bank of its own trust, sent, and the food bank that opens it."""

    def __init__(self, ground: Any) -> None:
        self.ground, self.stack = ground, ground.stack
        self.place = load_places(EXAMPLE_PLACES).places[0].id
        self.worker: Load = ground.load()

    async def ask(
        self, role: str, organisation: UUID, service: str, method: str, path: str, body: Any = None
    ) -> httpx.Response:
        headers = self.ground.mint.headers(Asker("role", role), Standing(self.place, organisation), service)
        url = self.stack.addresses[service] + path
        async with httpx.AsyncClient(timeout=60, trust_env=False, verify=NO_TLS) as client:
            return await client.request(method, url, json=body, headers=headers | {"Idempotency-Key": str(uuid4())})

    async def prepare(self) -> tuple[UUID, str]:
        """Answers the food bank and the request that was sent to it."""
        school = self.ground.school
        found = await self.ask("support_worker", school, "partners", "GET", f"/services/{self.ground.service_id}")
        larder = UUID(found.json()["organisation_id"])
        organisation = await self.ask("support_worker", school, "partners", "GET", f"/organisations/{larder}")
        signing = f"/legal-entities/{organisation.json()['legal_entity_id']}/processing-agreement"
        signed = await self.ask(
            "signatory",
            school,
            "consent",
            "POST",
            signing,
            {"document_reference": "PA-1", "confirms": _PARTS, "refrains_from": _USES},
        )
        assert signed.status_code in {200, 409}, signed.text
        return larder, await self.refer()

    async def refer(self) -> str:
        """Register a family that says yes and is told, and refer it; answers the request that was sent."""
        family = _made(await self.worker.post("families", "/families", a_family()))
        mother = next(m["person"]["id"] for m in family["people"] if m["person"]["date_of_birth"] == "1990-04-02")
        about = [{"person_id": mother, "authority": "own"}]
        said = {"kind": "agreement_to_engage", "state": "given", "given_by": mother, "about": about, "how": "in_person"}
        _made(await self.worker.post("consent", "/consents", said))
        told = {"person_ids": [mother], "how": "in_person", "told_on": "2026-01-05"}
        _made(await self.worker.post("consent", "/notices", told))
        referral = _made(await self.worker.post("referrals", "/referrals", self.worker.referral(family)))
        (request,) = referral["requests"]
        assert request["state"] == "submitted", request["missing"]
        return str(request["id"])

    async def marks(self) -> list[Any]:
        connection = await self.stack.postgres.connect("consent")
        try:
            return list(
                await connection.fetch(
                    "SELECT d.request_id, u.reason_code, count(e.id) AS entries FROM undelivered_disclosure u "
                    "JOIN disclosure d ON d.id = u.disclosure_id LEFT JOIN ledger_entry e "
                    "ON e.kind = 'disclosure' AND e.body LIKE '%not_delivered%' || d.id || '%' "
                    "GROUP BY d.request_id, u.reason_code"
                )
            )
        finally:
            await connection.close()


def _made(answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    return dict(answer.json())
