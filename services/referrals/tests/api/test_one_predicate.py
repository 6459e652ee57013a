"""What may be read one by one is exactly what is listed: requests, as drawn, sent, taken back and closed."""

import asyncio
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connective.kit.ids import new_id

KINDS = ("food_bank", "housing_advice")
ACTS = ("draft", "submit", "receive", "correct", "withdraw")
"""How far a request has come: drawn, sent, or sent and then this."""
PLANS = st.lists(st.tuples(st.sampled_from(range(len(KINDS))), st.sampled_from(ACTS)), min_size=1, max_size=4)


async def make(world: Any, service: Any, act: str) -> str:
    """One request to this service, taken so far; its id."""
    request = (await world.make(world.ask(service), submit=act != "draft"))["requests"][0]
    if act in {"receive", "correct", "withdraw"}:
        who = world.partner(service) if act == "receive" else world.worker()
        await world.act(request, act, who, {"reason": "no_longer_needed"} if act == "withdraw" else None)
    return str(request["id"])


async def listed(world: Any, headers: dict[str, str]) -> set[str]:
    """Everything that this asker's lists show, a page at a time."""
    found: set[str] = set()
    for direction in ("sent", "received"):
        cursor: str | None = ""
        while cursor is not None:
            query = {"direction": direction, "limit": "7"} | ({"cursor": cursor} if cursor else {})
            answer = await world.client.get("/requests", params=query, headers=headers)
            assert answer.status_code == 200, answer.text
            found |= {item["id"] for item in answer.json()["items"]}
            cursor = answer.json()["next_cursor"]
    return found


async def test_a_request_is_read_by_exactly_those_who_find_it_listed(world: Any) -> None:
    loop, services = asyncio.get_running_loop(), [world.service(kind) for kind in KINDS]
    askers = [world.school, *(service.organisation_id for service in services), new_id()]
    answers: set[tuple[Any, bool]] = set()

    async def compare(plan: list[tuple[int, str]]) -> None:
        made = [await make(world, services[which], act) for which, act in plan]
        for organisation in askers:
            roles = ["support_worker", "partner_worker"]
            headers = world.identities.person(place=world.place, organisation=organisation, roles=roles)
            shown = await listed(world, headers)
            for each in made:
                status = (await world.client.head(f"/requests/{each}", headers=headers)).status_code
                assert status in {200, 404}
                assert (status == 200) is (each in shown), organisation
                answers.add((organisation, status == 200))

    @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @example([(0, "receive"), (1, "submit"), (0, "draft"), (1, "correct")])
    @given(PLANS)
    def property_holds(plan: list[tuple[int, str]]) -> None:
        asyncio.run_coroutine_threadsafe(compare(plan), loop).result(timeout=60)

    await asyncio.to_thread(property_holds)
    assert (world.school, True) in answers
    assert {(each.organisation_id, seen) for each in services for seen in (True, False)} <= answers, "some were shown"
    assert (askers[-1], True) not in answers, "nothing is a stranger's"
