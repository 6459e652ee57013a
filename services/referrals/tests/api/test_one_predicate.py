"""What may be read one by one is exactly what is listed: requests, as drawn, sent, taken back and closed."""

import random
from typing import Any
from uuid import UUID

from connective.kit.ids import new_id

KINDS = ("food_bank", "housing_advice")


async def listed(world: Any, headers: dict[str, str]) -> set[str]:
    """Everything that this asker's lists show, a page at a time."""
    found: set[str] = set()
    for direction in ("sent", "received"):
        cursor: str | None = ""
        while cursor is not None:
            query = {"direction": direction, "limit": "3"} | ({"cursor": cursor} if cursor else {})
            answer = await world.client.get("/requests", params=query, headers=headers)
            assert answer.status_code == 200, answer.text
            found |= {item["id"] for item in answer.json()["items"]}
            cursor = answer.json()["next_cursor"]
    return found


async def test_a_request_is_read_by_exactly_those_who_find_it_listed(world: Any) -> None:
    chance = random.Random(20261122)  # noqa: S311 - chooses what is made, keeps no secret
    services = [world.service(kind) for kind in KINDS]
    made: list[str] = []
    for _ in range(8):
        service, sent = chance.choice(services), chance.random() < 0.7
        request = (await world.make(world.ask(service), submit=sent))["requests"][0]
        made.append(request["id"])
        act = chance.choice(("", "receive", "correct", "withdraw"))
        if sent and act:
            who = world.partner(service) if act == "receive" else world.worker()
            await world.act(request, act, who, {"reason": "no_longer_needed"} if act == "withdraw" else None)
    askers: list[UUID] = [world.school, *(service.organisation_id for service in services), new_id()]
    seen_by_all = 0
    for organisation in askers:
        roles = ["support_worker", "partner_worker"]
        headers = world.identities.person(place=world.place, organisation=organisation, roles=roles)
        heads = {each: (await world.client.head(f"/requests/{each}", headers=headers)).status_code for each in made}
        seen = {each for each, status in heads.items() if status == 200}
        assert set(heads.values()) <= {200, 404}
        assert await listed(world, headers) == seen, organisation
        seen_by_all += len(seen)
    assert len(made) < seen_by_all < 2 * len(made), "some were shown to their recipient, and some were not"
