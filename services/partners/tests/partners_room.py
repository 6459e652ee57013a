"""A running partners service to test with, and the people who call it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from connective.kit.clock import SetClock
from connective.kit.ids import new_id
from connective.kit.service import Running
from connective.kit.testing import Identities, key_header
from connective.local.testing import ServiceDatabase
from connective.partners.settings import PartnersSettings

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)  # A Tuesday.
PLACE, OTHER_PLACE = UUID(int=0x70), UUID(int=0x71)
PLACES_FILE = "places:\n" + "".join(
    f"""
  - id: {place}
    code: {code}
    name: {code.title()} and around
    safeguarding:
      front_door_name: Front door (invented)
      front_door_number: 01632 960101
      out_of_hours_number: 01632 960102
      adults_number: 01632 960103
      designated_officer_name: Designated officer (invented)
      designated_officer_number: 01632 960104
      threshold_document_url: https://council.example.org/thresholds
"""
    for place, code in ((PLACE, "chard"), (OTHER_PLACE, "yeovil"))
)
LARDER = {
    "name": "Emergency food parcel",
    "kind": "food_bank",
    "telephone": "01632 960130",
    "locations": [{"name": "The Larder", "postcode": "TA20 1QL", "address": ["4 Holly Lane", "Chard"]}],
    "areas": [{"kind": "outward_postcode", "code": "TA20"}, {"kind": "outward_postcode", "code": "TA19"}],
    "same_day": {"weekdays": [1, 2, 3, 4, 5], "opens_at": "09:00", "closes_at": "16:00", "answer_within_minutes": 60},
}


@dataclass
class Room:
    """The service under test."""

    running: Running[PartnersSettings]
    client: httpx.AsyncClient
    identities: Identities
    database: ServiceDatabase
    clock: SetClock
    administration: UUID = field(default_factory=new_id)

    def headers(
        self, *roles: str, organisation: Any = None, place: UUID = PLACE, account: Any = None
    ) -> dict[str, str]:
        whose = UUID(str(organisation)) if organisation else self.administration
        return self.identities.person(place=place, organisation=whose, roles=roles, account=account)

    def place_admin(self, place: UUID = PLACE) -> dict[str, str]:
        return self.headers("place_admin", place=place)

    def partner_admin(self, organisation: Any) -> dict[str, str]:
        return self.headers("partner_admin", organisation=organisation)

    def worker(self, place: UUID = PLACE) -> dict[str, str]:
        return self.headers("support_worker", organisation=new_id(), place=place)

    async def post(self, path: str, body: Any, who: dict[str, str], **headers: str) -> httpx.Response:
        return await self.client.post(path, json=body, headers=who | key_header() | headers)

    async def get(self, path: str, who: dict[str, str]) -> httpx.Response:
        return await self.client.get(path, headers=who)

    async def patch(self, path: str, body: Any, who: dict[str, str], version: int | None) -> httpx.Response:
        match = {} if version is None else {"If-Match": f'"{version}"'}
        return await self.client.patch(path, json=body, headers=who | match)

    async def organisation(self, name: str = "Chard Larder", **told: Any) -> dict[str, Any]:
        body = {
            "name": name,
            "kind": "food_bank",
            "legal_entity_id": str(new_id()),
            "assurance_level": "named_accounts",
        }
        answer = await self.post("/organisations", body | told, self.place_admin())
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def service(self, organisation: dict[str, Any] | None = None, **told: Any) -> dict[str, Any]:
        owner = organisation or await self.organisation()
        body = LARDER | {"organisation_id": owner["id"]} | told
        answer = await self.post("/services", body, self.partner_admin(owner["id"]))
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def search(self, **asked: Any) -> dict[str, Any]:
        body = {"needs": ["food_or_fuel_poverty"], "postcode": "TA20 1QL"} | asked
        answer = await self.client.post("/services/searches", json=body, headers=self.worker())
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found
