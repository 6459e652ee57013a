"""Who would see what: the answers of sending, before anything is sent."""

from datetime import UTC, datetime, timedelta
from typing import Any

from connective.contracts.categories import Category
from connective.kit.ids import new_id

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


async def previewed(world: Any, *asks: dict[str, Any], status: int = 200, **changes: Any) -> Any:
    body = world.referral(*asks, **changes)
    body.pop("safeguarding_check")
    answer = await world.post("/referrals/previews", body, world.worker())
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_preview_says_what_sending_says_and_keeps_nothing(world: Any) -> None:
    food, salt = world.service("food_bank"), world.service("speech_and_language_therapy")
    world.consent.refused[food.organisation_id] = {Category.ADDRESS: "address_not_in_agreement"}
    world.consent.refused[salt.organisation_id] = {Category.HEALTH: "no_article_9_condition"}
    asks = (world.ask(food), world.ask(salt))
    would_go, blocked = (await previewed(world, *asks))["items"]
    assert (would_go["goes"], blocked["goes"]) == (True, False)
    assert [each["category"] for each in would_go["without"]] == ["address"]
    assert "address" not in {each["category"] for each in would_go["sees"]}
    assert all(each["lines"] for each in would_go["sees"] if each["category"] == "identity")
    assert [option["kind"] for option in blocked["today"]] == ["phone", "signpost"]
    assert await world.rows("SELECT 1 FROM referral") == []
    assert await world.events() == []
    assert world.consent.disclosed == [], "nothing is shown by asking"
    made = (await world.make(*asks))["requests"]
    for preview, request in zip((would_go, blocked), made, strict=True):
        assert preview["service_id"] == request["service_id"]
        assert preview["missing"] == request["missing"]
        assert preview["without"] == request["without"]
        assert preview["goes"] is (request["state"] == "submitted")
    first, second = world.consent.asked[:2], world.consent.asked[2:]
    assert first == second, "the very questions of sending"


async def test_a_line_is_seen_only_where_all_that_it_reveals_is(world: Any) -> None:
    food = world.service("food_bank")
    whole = (await previewed(world, world.ask(food)))["items"][0]
    lines = {each["category"]: set(each["lines"]) for each in whole["sees"]}
    world.consent.refused[food.organisation_id] = {Category.HOUSEHOLD: "not_in_agreement"}
    less = (await previewed(world, world.ask(food)))["items"][0]
    shown = {line for each in less["sees"] for line in each["lines"]}
    assert lines["household"]
    assert not shown & lines["household"]


async def test_a_closed_service_is_said_to_be_closed_and_nobody_is_asked(world: Any) -> None:
    closed = world.service("food_bank", takes_requests=False)
    (told,) = (await previewed(world, world.ask(closed)))["items"]
    assert (told["goes"], [each["code"] for each in told["missing"]]) == (False, ["service_closed"])
    assert world.consent.asked == []


async def test_what_is_wrong_is_pointed_at_as_at_sending(world: Any) -> None:
    ask = world.ask(world.service("food_bank"), needed_by=(NOW - timedelta(hours=1)).isoformat())
    problem = await previewed(world, ask, status=422)
    assert problem["errors"][0]["pointer"] == "/requests/0/needed_by"
    front_door = world.service("early_help", reporting_route=True)
    assert (await previewed(world, world.ask(front_door), status=422))["type"] == "/problems/not-a-reporting-route"


async def test_of_a_family_that_is_not_ones_own_nothing_is_said(world: Any) -> None:
    food = world.service("food_bank")
    await previewed(world, world.ask(food), status=404, family_id=str(new_id()))
    world.consent.away = True
    await previewed(world, world.ask(food), status=503)
