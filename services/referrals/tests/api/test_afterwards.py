"""What comes after the help: outcomes, families told of a no, a second look, figures; and what waits in the queue."""

from typing import Any

from connective.contracts.categories import Category
from connective.kit.ids import new_id

DECLINE = {
    "code": "at_capacity",
    "family_sentence": "We cannot help in the next weeks.",
    "next_step": "Your worker will ask another service.",
    "second_look": "Ask your worker to write to our manager.",
}


async def received(world: Any, service: Any = None, **changes: Any) -> tuple[Any, dict[str, Any]]:
    service = service or world.service()
    request = (await world.make(world.ask(service, **changes)))["requests"][0]
    await world.act(request, "receive", world.partner(service))
    return service, request


async def shown(world: Any, request: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    answer = await world.client.get(f"/requests/{request['id']}", headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_an_outcome_says_then_and_now_and_each_persons_view_or_why_not(world: Any) -> None:
    food, request = await received(world, subjects=[str(world.mother), str(world.child)])
    partner, worker = world.partner(food), world.worker()
    await world.act(request, "accept", partner)
    family = {"text": "It saw us through.", "categories": ["needs"]}
    body: dict[str, Any] = {
        "code": "received",
        "needs": [{"person_id": str(world.mother), "code": "food_or_fuel_poverty", "severity_now": 1}],
        "views": [family, {"person_id": str(world.mother), "text": "Thank you.", "categories": ["health"]}],
        "text": {"text": "They came each week.", "categories": ["needs"]},
    }
    lacking = await world.act(request, "complete", partner, body, status=422)
    assert [error["pointer"] for error in lacking["errors"]] == ["/no_views"]
    wrong = body | {"no_views": [{"person_id": str(new_id()), "reason": "too_small"}]}
    refused = await world.act(request, "complete", partner, wrong, status=422)
    assert {error["code"] for error in refused["errors"]} == {"unknown-code", "not-asked-for", "required"}
    too_young = {"person_id": str(world.child), "reason": "too_young"}
    await world.act(request, "complete", partner, body | {"no_views": [too_young]})
    world.consent.refused[world.school] = {Category.HEALTH: "no_article_9_condition"}
    outcome = (await shown(world, request, worker))["outcome"]
    (need,) = outcome["needs"]
    assert (need["severity_then"], need["severity_now"]) == (3, 1)
    assert [view["text"] for view in outcome["views"]] == ["It saw us through."]
    assert outcome["no_views"] == [too_young]
    assert outcome["withheld"] == [f"view of {world.mother}"]
    stone = (await shown(world, request, partner))["outcome"]
    assert ([n["severity_then"] for n in stone["needs"]], len(stone["views"])) == ([None], 2)


async def to_tell(world: Any, headers: dict[str, str]) -> list[tuple[str, str, bool]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = await world.client.get(f"/requests/to-tell?limit=1{cursor}", headers=headers)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        onward = answer.json()["next_cursor"]
        cursor = None if onward is None else f"&cursor={onward}"
    return [(item["request_id"], item["tell_by"], item["overdue"]) for item in found]


async def test_a_family_stays_on_the_list_of_whoever_tells_it(world: Any) -> None:
    food, first = await received(world)
    partner, worker = world.partner(food), world.worker()
    _, second = await received(world, food)
    _, third = await received(world, food)
    await world.act(first, "decline", partner, DECLINE)
    await world.act(second, "decline", partner, DECLINE | {"tell_by": "2026-03-03"})
    await world.act(third, "decline", partner, DECLINE | {"tells": "recipient"})
    assert await to_tell(world, worker) == [(second["id"], "2026-03-03", False), (first["id"], "2026-03-04", False)]
    assert [each[0] for each in await to_tell(world, partner)] == [third["id"]]
    await world.post(f"/requests/{second['id']}/family-told", {"code": "unsafe_to_tell"}, worker)
    assert [each[0] for each in await to_tell(world, worker)] == [first["id"]]


async def test_a_no_is_looked_at_again_once(world: Any) -> None:
    food, request = await received(world)
    partner, worker = world.partner(food), world.worker()
    address, reason = f"/requests/{request['id']}/second-look", {"reason": "circumstances_changed"}
    assert (await world.post(address, reason, worker)).status_code == 409
    await world.act(request, "decline", partner, DECLINE)
    assert (await world.post(f"{address}/answer", {"answer": "upheld"}, partner)).status_code == 409
    assert (await world.post(address, reason, partner)).status_code == 403
    assert (await world.post(address, {"reason": "please"}, worker)).status_code == 422
    assert (await world.post(address, reason, worker)).status_code == 200
    assert (await world.post(address, reason, worker)).status_code == 409
    assert (await world.post(f"{address}/answer", {"answer": "perhaps"}, partner)).status_code == 422
    words = {"text": "A place has come free.", "categories": ["progress"]}
    answered = await world.post(f"{address}/answer", {"answer": "ask_again", "text": words}, partner)
    assert (answered.status_code, answered.json()["state"]) == (200, "declined")
    assert (await shown(world, request, worker))["messages"][-1]["text"] == "A place has come free."
    facts = [(name, version) for name, version in await world.events() if "second_look" in name]
    assert [name for name, _ in facts] == ["request.second_look_asked", "request.second_look_answered"]
    again = await world.make(world.ask(food, replaces=request["id"]))
    assert again["requests"][0]["replaces"] == request["id"]


async def figures(world: Any, headers: dict[str, str], query: str, status: int = 200) -> Any:
    answer = await world.client.get(f"/figures/returned-without-action?quarter={query}", headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json().get("items")


async def test_what_came_back_is_counted_whole_for_its_own_and_without_small_numbers_for_the_place(world: Any) -> None:
    food, first = await received(world)
    quiet, second = await received(world, world.service("housing_advice", sensitive=True))
    for service, request in ((food, first), (quiet, second)):
        await world.act(request, "decline", world.partner(service), DECLINE)
    own = {"place": world.place, "organisation": world.school}
    lead = world.identities.person(**own, roles=["practice_lead"])
    admin = world.identities.person(place=world.place, organisation=food.organisation_id, roles=["partner_admin"])
    (told,) = await figures(world, admin, "2026-Q1")
    assert (told["service_id"], told["ended"], told["returned"]) == (str(food.service_id), 1, 1)
    assert told["reasons"] == [{"code": "at_capacity", "count": 1}]
    assert len(await figures(world, lead, "2026-Q1&direction=sent")) == 2
    assert await figures(world, lead, "2025-Q4&direction=sent") == []
    (hidden,) = await figures(world, world.coordinator(), "2026-Q1&direction=place")
    assert (hidden["ended"], hidden["returned"], hidden["reasons"]) == (None, None, [])
    await figures(world, lead, "2026-Q1&direction=place", 403)
    await figures(world, lead, "2026-01", 422)
    await figures(world, world.worker(), "2026-Q1", 403)


async def test_what_nobody_was_told_of_yet_is_queued(world: Any) -> None:
    request = (await world.make(world.ask(world.service())))["requests"][0]

    async def queued() -> list[bool]:
        page = (await world.client.get("/requests?direction=sent", headers=world.worker())).json()["items"]
        return [(await shown(world, request, world.worker()))["queued"], *[item["queued"] for item in page]]

    assert await queued() == [True, True]
    await world.rows("UPDATE outbox SET published_at = now() RETURNING id")
    assert await queued() == [False, False]
