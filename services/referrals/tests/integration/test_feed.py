"""The feed is complete: whoever follows it while many write misses nothing and sees nothing twice."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import asyncpg
import pytest

from connective.kit.bus import Bus, Outgoing
from connective.kit.ids import new_id
from connective.kit.relay import Relay

_PATTERN = """
SELECT subject, type, aggregate_id, place_id, data, traceparent FROM outbox WHERE subject LIKE '%.request.submitted'
"""
_TELL = """
INSERT INTO outbox (event_id, subject, type, aggregate_id, aggregate_version, place_id, data, traceparent)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_WRITERS, _EACH = 8, 25


class Away(Bus):
    """A broker that cannot be reached."""

    async def publish_batch(self, batch: Sequence[Outgoing]) -> None:  # noqa: ARG002 - the real one's
        raise ConnectionRefusedError


async def _follow(world: Any, headers: dict[str, str], wanted: int, query: str = "") -> list[dict[str, Any]]:
    """Go on from cursor to cursor until so many came. Raises TimeoutError when they do not."""
    seen: list[dict[str, Any]] = []
    cursor = ""
    async with asyncio.timeout(30):
        while len(seen) < wanted:
            answer = await world.client.get(f"/requests/changes?limit=7{cursor}{query}", headers=headers)
            part = answer.json()
            assert part["more"] is ('rel="next"' in answer.headers.get("link", ""))
            seen += part["items"]
            cursor = f"&cursor={part['next_cursor']}"
    return seen


async def _write(world: Any, pattern: Any, versions: list[int], chance: random.Random) -> None:
    """Facts whose ids are handed out long before they commit, and some that never do."""
    connection = await asyncpg.connect(world.database.app_url)
    try:
        for version in versions:
            with suppress(KeyError):
                async with connection.transaction():
                    values = (pattern["place_id"], pattern["data"], pattern["traceparent"])
                    names = (pattern["subject"], pattern["type"], pattern["aggregate_id"])
                    await connection.execute(_TELL, new_id(), *names, version, *values)
                    await asyncio.sleep(chance.random() * 0.03)
                    if version < 0:
                        raise KeyError
    finally:
        await connection.close()


@pytest.mark.parametrize("broker", [True, False])
async def test_nothing_is_missed_while_many_write(world: Any, fresh_nats: Any, broker: bool) -> None:
    """Ids out of the order of their commits, gaps, a relay that numbers meanwhile: with the broker and without."""
    food = world.service("food_bank")
    await world.make(world.ask(food))
    (pattern,) = await world.rows(_PATTERN)
    bus = world.running.bus if broker else Away("referrals", "")
    relay = Relay("referrals", world.database.app_url, bus)
    chance = random.Random(7)  # noqa: S311 - pauses, not secrets
    numbers = [[1000 * writer + nth for nth in range(1, _EACH + 1)] for writer in range(1, _WRITERS + 1)]
    writers = [_write(world, pattern, [each for n in mine for each in (n, -n)], chance) for mine in numbers]
    relaying = asyncio.create_task(relay.run())
    try:
        partner = world.partner(food)
        *_, seen, narrow = await asyncio.gather(
            *writers,
            _follow(world, partner, _WRITERS * _EACH + 1),
            _follow(world, partner, _WRITERS * _EACH + 1, "&direction=received&fact=submitted&fact=accepted"),
        )
    finally:
        relaying.cancel()
        await asyncio.gather(relaying, return_exceptions=True)
        await bus.close()
    written = {version for mine in numbers for version in mine}
    for followed in (seen, narrow):
        times = Counter(item["version"] for item in followed if item["version"] > 100)
        assert set(times) == written
        assert set(times.values()) == {1}
        for mine in numbers:
            assert [i["version"] for i in followed if i["version"] in set(mine)] == mine, "one writer's facts in order"


async def test_without_a_broker_the_feed_goes_on_past_one_batch(world: Any) -> None:
    food = world.service("food_bank")
    await world.make(world.ask(food))
    await world.rows(
        "INSERT INTO outbox (event_id, subject, type, aggregate_id, aggregate_version, place_id, data, traceparent) "
        "SELECT gen_random_uuid(), subject, type, aggregate_id, nth, place_id, data, traceparent "
        "FROM outbox, generate_series(101, 900) AS nth WHERE subject LIKE '%.request.submitted'"
    )
    bus = Away("referrals", "")
    connection = await asyncpg.connect(world.database.app_url)
    try:
        with pytest.raises(ConnectionRefusedError):
            await Relay("referrals", world.database.app_url, bus).drain(connection)
    finally:
        await connection.close()
        await bus.close()
    seen = await _follow(world, world.partner(food), 801)
    assert [item["version"] for item in seen][1:] == list(range(101, 901))


async def test_a_narrower_feed_says_what_it_knows_and_refuses_what_never_happens(world: Any) -> None:
    food = world.service("food_bank")
    request = (await world.make(world.ask(food)))["requests"][0]
    partner = world.partner(food)
    await world.act(request, "receive", partner)
    await world.rows(
        "WITH done AS (UPDATE outbox SET feed_position = id RETURNING id) "
        "UPDATE outbox_head SET position = (SELECT max(id) FROM done)"
    )

    async def facts(query: str) -> list[str]:
        answer = await world.client.get(f"/requests/changes?{query}", headers=partner)
        return [item["fact"] for item in answer.json()["items"]]

    assert await facts("") == ["submitted", "received"]
    assert await facts("fact=received") == ["received"]
    assert await facts("direction=received") == ["submitted", "received"]
    assert await facts("direction=sent") == []
    for query in ("fact=recieved", "direction=place", "facts=received", "cursor=made-up"):
        answer = await world.client.get(f"/requests/changes?{query}", headers=partner)
        assert answer.status_code == 422, query


async def test_a_cursor_from_before_what_is_kept_is_refused_and_told_how_to_go_on(world: Any) -> None:
    food = world.service("food_bank")
    partner = world.partner(food)
    await world.make(world.ask(food))
    await world.rows(_NUMBERED)
    long_ago = (await world.client.get("/requests/changes", headers=partner)).json()["next_cursor"]
    missed = (await world.make(world.ask(food)))["requests"][0]
    await world.rows(_NUMBERED)
    kept = (await world.client.get(f"/requests/changes?cursor={long_ago}", headers=partner)).json()
    assert [item["request_id"] for item in kept["items"]] == [missed["id"]]
    await world.rows("DELETE FROM outbox")
    refused = await world.client.get(f"/requests/changes?cursor={long_ago}", headers=partner)
    problem = refused.json()
    assert (refused.status_code, problem["type"]) == (410, "/problems/feed-removed"), problem
    assert "GET /requests" in problem["detail"]
    listed = await world.client.get("/requests?direction=received", headers=partner)
    assert missed["id"] in [item["id"] for item in listed.json()["items"]], "what was missed is in the list"
    await world.act(missed, "receive", partner)
    await world.rows(_NUMBERED)
    onward = await world.client.get(f"/requests/changes?cursor={problem['next_cursor']}", headers=partner)
    assert [item["fact"] for item in onward.json()["items"]] == ["received"]
    for cursor in ("", f"?cursor={kept['next_cursor']}"):
        again = await world.client.get(f"/requests/changes{cursor}", headers=partner)
        assert [item["fact"] for item in again.json()["items"]] == ["received"], "at the head nothing was missed"


_NUMBERED = """
WITH done AS (UPDATE outbox SET feed_position = id, published_at = now() RETURNING id)
UPDATE outbox_head SET position = greatest(position, (SELECT max(id) FROM done))
"""
