"""The Hub's clock on real rows: reminders, the coordinator, lapsing; late, twice and side by side."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from connective.contracts.partner_events import HubChanged
from connective.kit.actor import service_actor
from connective.kit.ids import new_id
from connective.referrals.commands.escalate_due import escalate_due
from connective.referrals.domain.open_requests import Age, Standing, counted
from connective.referrals.domain.progress import told
from connective.referrals.queries.find_stuck import find_stuck
from connective.referrals.storage.hubs import keep_hub


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


async def test_what_is_overdue_is_told_to_the_coordinator_of_whose_turn_it_is(world: Any) -> None:
    food, coordinator, other = world.service("food_bank"), new_id(), new_id()
    hubs = ((coordinator, [food.organisation_id]), (other, [world.school]))
    for nth, (account, members) in enumerate(hubs):
        data = {"hub_id": UUID(int=nth + 1), "coordinator_account_id": account, "member_organisation_ids": members}
        event = HubChanged(**data)
        async with world.running.database.unit(service_actor("referrals", world.place)) as unit:
            await keep_hub(unit, world.place, event, 2)
            stale = event.model_copy(update={"coordinator_account_id": new_id()})
            await keep_hub(unit, world.place, stale, 1)
    await world.make(world.ask(food))
    for days in (3, 4):
        world.clock.move(timedelta(days=days))
        await world.running.scheduler.run_once("request-clocks")
    rows = await world.rows("SELECT data FROM outbox WHERE subject = 'hub.referrals.request.overdue' ORDER BY id")
    heard = [(data["reason_code"], data["escalated_to"]) for data in map(json.loads, (row["data"] for row in rows))]
    assert heard == [("acknowledge_by_reminder", None), ("acknowledge_by_coordinator", str(coordinator))]
    theirs = world.identities.person(
        place=world.place, organisation=new_id(), roles=["hub_coordinator"], account=coordinator
    )
    assert len((await world.client.get("/requests/stuck?mine=true", headers=theirs)).json()["items"]) == 1
    assert (await world.client.get("/requests/stuck?mine=true", headers=world.coordinator())).json()["items"] == []
    cells = (await world.client.get("/requests/progress", headers=theirs)).json()
    assert cells["requests"] == [{"service_kind": "food_bank", "state": "submitted", "requests": None}]
    assert [each["families"] for each in cells["needs"]] == [None]
    assert (await world.client.get("/requests/progress", headers=world.coordinator())).json()["requests"] == []
    assert (await world.client.get("/requests/progress", headers=world.worker())).status_code == 403
    coordinator_of_another = world.coordinator()
    standing = (await world.client.get(f"/requests/open?hub_id={UUID(int=1)}", headers=coordinator_of_another)).json()
    assert standing["by_recipient"] == [
        {"recipient_organisation_id": str(food.organisation_id), "age": "1_to_2_weeks", "requests": None}
    ]
    (turn,) = standing["by_turn"]
    assert turn["requests"] is None, "one is too few to be told"
    nowhere = (await world.client.get(f"/requests/open?hub_id={new_id()}", headers=theirs)).json()
    assert (nowhere["by_recipient"], nowhere["by_turn"]) == ([], [])
    assert (await world.client.get("/requests/open", headers=world.worker())).status_code == 403
    for party in ("recipient", "referrer", "coordinator"):
        path = f"/requests?direction=place&turn={party}"
        items = (await world.client.get(path, headers=coordinator_of_another)).json()["items"]
        assert len(items) == (party == turn["turn"])


def test_open_requests_are_counted_by_whom_was_asked_and_age_and_by_turn_without_sums() -> None:
    larder, school = UUID(int=1), UUID(int=2)
    found = counted([
        Standing(school, 0, "recipient", 7), Standing(school, 0, "nobody", 5), Standing(larder, 4, "recipient", 9),
    ])  # fmt: skip
    assert found.by_recipient == ((larder, Age.OVER_3_MONTHS, None), (school, Age.UNDER_1_WEEK, 10))
    assert found.by_turn == (("nobody", None), ("recipient", 15))


def test_small_numbers_are_hidden_and_the_rest_rounded() -> None:
    assert [told(count) for count in (0, 9, 10, 12, 13, 101)] == [None, None, 10, 10, 15, 100]
