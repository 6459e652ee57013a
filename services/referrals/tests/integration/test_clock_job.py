"""The Hub's clock on real rows: reminders, the coordinator, lapsing; late, twice and side by side."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from connective.referrals.commands.escalate_due import escalate_due
from connective.referrals.queries.find_stuck import find_stuck


async def test_needed_today_alarms_half_way_and_lapses_at_the_hour(world: Any) -> None:
    food = world.service("food_bank")
    needed = world.clock.at + timedelta(hours=4)
    request = (await world.make(world.ask(food, needed_by=needed.isoformat())))["requests"][0]
    database = world.running.database
    assert await escalate_due(database, world.clock.at + timedelta(hours=1)) == 0
    assert await escalate_due(database, world.clock.at + timedelta(hours=2)) == 1
    assert await escalate_due(database, world.clock.at + timedelta(hours=3)) == 0
    assert await escalate_due(database, needed) == 1
    status = (await world.client.get(f"/requests/{request['id']}", headers=world.worker())).json()["status"]
    assert (status["state"], status["due"]) == ("lapsed", None)
    rows = await world.rows("SELECT fact, reason_code, party FROM request_history ORDER BY version")
    assert [(r["fact"], r["reason_code"]) for r in rows[1:]] == [
        ("overdue", "needed_by_half_way"),
        ("lapsed", "needed_by"),
    ]
    assert {r["party"] for r in rows[1:]} == {"hub"}
    assert (await world.events())[2:4] == [("request.overdue", 3), ("request.lapsed", 4)]


async def test_two_clocks_at_once_take_each_step_once(world: Any) -> None:
    food = world.service("food_bank")
    for _ in range(3):
        await world.make(world.ask(food), world.ask(food))
    late = world.clock.at + timedelta(days=3)
    await asyncio.gather(*(escalate_due(world.running.database, late) for _ in range(4)))
    names = [name for name, _ in await world.events()]
    assert names.count("request.overdue") == 6


async def test_the_job_is_scheduled_with_the_clock_passed_in(world: Any) -> None:
    food = world.service("food_bank")
    await world.make(world.ask(food))
    world.clock.move(timedelta(days=3))
    await world.running.scheduler.run_once("request-clocks")
    assert (await world.events())[-1] == ("request.overdue", 3)


async def test_the_watchdog_finds_what_nobody_acts_on(world: Any) -> None:
    """Without a broker, and whether or not the clocks run: nothing is published in this room."""
    food = world.service("food_bank")
    await world.make(world.ask(food))
    database, at = world.running.database, world.clock.at
    assert await find_stuck(database, at) == {}
    late = at + timedelta(days=4)
    await world.rows("UPDATE outbox SET occurred_at = $1", at)
    found = await find_stuck(database, late)
    assert (found["unseen"], found["escalation_missed"]) == (1, 1)
    assert found["fact_unpublished"] >= 2
    await world.rows("UPDATE request SET due_at = NULL")
    assert (await find_stuck(database, at))["nobody_owes"] == 1


async def test_an_operator_sees_counts_and_a_coordinator_the_requests(world: Any) -> None:
    food = world.service("food_bank")
    made = await world.make(world.ask(food), world.ask(food))
    seen, unseen = made["requests"]
    await world.act(seen, "receive", world.partner(food))
    await world.rows("UPDATE request SET due_at = due_at - interval '30 days', next_step_at = NULL")
    answer = await world.client.get("/requests/stuck?limit=1", headers=world.coordinator())
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert len(page["items"]) == 1
    rest = await world.client.get(
        "/requests/stuck", params={"cursor": page["next_cursor"]}, headers=world.coordinator()
    )
    found = {item["id"]: item["why"] for item in (*page["items"], *rest.json()["items"])}
    assert found == {seen["id"]: "unanswered", unseen["id"]: "unseen"}
    assert (await world.client.get("/requests/stuck", headers=world.worker())).status_code == 403
    world.clock.move(timedelta(minutes=2))
    shown = (await world.client.get("/readyz")).json()
    assert (shown["requests_unseen"], shown["requests_nobody_owes"]) == ("fine", "fine")
    metrics = (await world.client.get("/metrics")).text
    assert 'condition_waiting{condition="requests_unseen"} 1.0' in metrics
    await world.rows("UPDATE request SET due_owner = NULL WHERE id = $1", UUID(unseen["id"]))
    world.clock.move(timedelta(minutes=2))
    assert (await world.client.get("/readyz")).json()["requests_nobody_owes"] == "alarm"
