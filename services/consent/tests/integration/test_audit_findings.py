"""Unusual access, found from what families told, and samples drawn for audit."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
from consent_room import CHILD, FAMILY, SALT, SCHOOL, Room, terms

from connective.consent.commands.find_unusual_access import find_unusual_access
from connective.consent.domain.audit_samples import rank
from connective.kit.ids import new_id

NOON, NIGHT = timedelta(hours=12), timedelta(hours=2)


async def act(room: Room, actor: UUID, at: datetime, **changes: Any) -> None:
    data: dict[str, Any] = {
        "act_id": str(new_id()),
        "act": "family.read",
        "actor_id": str(actor),
        "organisation_id": str(SCHOOL),
        "family_id": str(FAMILY),
        "person_ids": [str(CHILD)],
        "purpose": None,
        "hits": None,
        "at": at.isoformat(),
    }
    await room.event("hub.families.audit.recorded", new_id(), data | changes)


async def found(room: Room, day: datetime, *, holiday: bool = False) -> None:
    room.clock.at = day + timedelta(hours=23)
    await find_unusual_access(room.running.database, room.clock(), lambda _: holiday)


def a_wednesday(room: Room) -> datetime:
    """The start of a working day; everything happens at least an hour from its edges, in winter and in summer."""
    day = room.clock().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=(2 - day.weekday()) % 7)


async def test_reading_ones_own_record_before_the_restriction_came_is_found(room: Room) -> None:
    day, worker, other = a_wednesday(room), new_id(), new_id()
    for actor in (worker, other):
        await act(room, actor, day + NOON)
    said = {"person_id": str(CHILD), "kind": "own_record", "active": True, "named_organisation_ids": []}
    await room.event("hub.families.restriction.changed", CHILD, said | {"named_actor_ids": [str(worker)]})
    await found(room, day)
    (one,) = (await room.get("/audit/findings", room.officer()))["items"]
    assert (one["kind"], one["actor_id"], one["facts"]) == ("own_record", str(worker), {"acts": 1})


async def test_reading_many_families_without_any_work_is_found(room: Room) -> None:
    day, curious, busy = a_wednesday(room), new_id(), new_id()
    for _ in range(3):
        family = str(new_id())
        await act(room, curious, day + NOON, family_id=family)
        await act(room, busy, day + NOON, family_id=family)
        await act(room, busy, day + NOON, family_id=family, act="case.opened")
    await found(room, day)
    (one,) = (await room.get("/audit/findings?kind=no_relationship", room.officer()))["items"]
    assert (one["actor_id"], one["facts"]["families"]) == (str(curious), 3)


async def test_volume_is_held_against_colleagues_and_hours_against_the_clock_in_england(room: Room) -> None:
    day, greedy, usual = a_wednesday(room), new_id(), new_id()
    await act(room, usual, day + NOON, person_ids=[str(new_id()) for _ in range(4)])
    for hour in range(4):
        people = [str(new_id()) for _ in range(6)]
        await act(room, greedy, day + NIGHT + timedelta(minutes=hour), person_ids=people, act="families.listed")
    await found(room, day)
    officer = room.officer()
    items = (await room.get(f"/audit/findings?actor_id={greedy}", officer))["items"]
    by_kind = {one["kind"]: one for one in items}
    assert set(by_kind) == {"volume", "out_of_hours"}
    assert by_kind["volume"]["facts"] == {"people": 24, "peers_median": 4}
    assert (await room.get(f"/audit/findings?actor_id={usual}", officer))["items"] == []
    await found(room, day, holiday=True)
    assert len((await room.get("/audit/findings", officer))["items"]) == 2, "found once, however often it is looked for"


async def test_a_finding_is_answered_once_by_somebody_else(room: Room, owner: asyncpg.Connection) -> None:
    day, worker = a_wednesday(room), new_id()
    await act(room, worker, day + NOON, relation="break_glass")
    await found(room, day)
    officer = room.officer()
    (one,) = (await room.get("/audit/findings?state=open", officer))["items"]
    answer = {"state": "explained", "note": "On call that day."}
    path = f"/audit/findings/{one['id']}/answer"
    assert (await room.post(path, answer, room.person(SCHOOL, "auditor", account=worker))).status_code == 403
    assert (await room.post(path, answer, room.officer(SALT))).status_code == 404
    assert (await room.post(path, answer | {"state": "open"}, officer)).status_code == 422
    answered = await room.post(path, answer, officer, 200)
    assert (answered["state"], answered["review_note"]) == ("explained", "On call that day.")
    assert (await room.post(path, answer, officer)).json()["reason"] == "already_reviewed"
    await act(room, worker, day + NOON, relation="break_glass")
    await found(room, day)
    assert (await room.get("/audit/findings?state=open", officer))["items"] == []
    assert await owner.fetchval("SELECT count(*) FROM ledger_entry WHERE body LIKE '%finding.answered%'") == 1


async def drawn(room: Room, count: int) -> tuple[str, str]:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    begun = room.clock()
    await asyncio.gather(*(room.disclose() for _ in range(count)))
    room.clock.move(timedelta(seconds=1))
    ended = room.clock()
    return begun.isoformat(), ended.isoformat()


async def test_a_sample_is_random_and_can_be_drawn_again(room: Room) -> None:
    since, until = await drawn(room, 12)
    officer = room.officer()
    body = {"of": "disclosures", "since": since, "until": until, "size": 5}
    first = await room.post("/audit/samples", body, officer, 201)
    assert (first["population"], first["size"], first["state"]) == (12, 5, "open")
    again = await room.post("/audit/samples", body | {"seed": first["seed"]}, officer, 201)
    ids = [item["record_id"] for item in first["items"]]
    assert [item["record_id"] for item in again["items"]] == ids
    every = [UUID(d["id"]) for d in (await room.get("/audit/disclosures", officer))["items"]]
    assert [str(i) for i in sorted(every, key=lambda i: rank(first["seed"], i))[:5]] == ids
    other = await room.post("/audit/samples", body | {"size": 200}, officer, 201)
    assert (other["size"], other["seed"] != first["seed"]) == (12, True)
    assert len((await room.get("/audit/samples", officer))["items"]) == 3
    assert (await room.get("/audit/samples", room.officer(SALT)))["items"] == []
    decisions = await room.post("/audit/samples", body | {"of": "decisions", "purpose": "research"}, officer, 201)
    assert (decisions["population"], decisions["asked"]) == (0, {"purpose": "research"})
    late = body | {"until": (room.clock() + timedelta(days=1)).isoformat()}
    assert (await room.post("/audit/samples", late, officer)).json()["reason"] == "period_not_over"


async def test_an_audit_is_closed_when_every_item_has_its_result(room: Room) -> None:
    since, until = await drawn(room, 2)
    officer = room.officer()
    body = {"of": "disclosures", "since": since, "until": until, "size": 2}
    sample = await room.post("/audit/samples", body, officer, 201)
    one = f"/audit/samples/{sample['id']}"
    close = {"conclusion": "Both were in order."}
    assert (await room.post(f"{one}/close", close, officer)).json()["reason"] == "items_without_result"
    for nth, result in ((1, "question"), (1, "in_order"), (2, "in_order")):
        said = {"result": result, "note": "Checked against the request."}
        sample = await room.post(f"{one}/items/{nth}/result", said, officer, 200)
    assert [item["result"] for item in sample["items"]] == ["in_order", "in_order"]
    assert (await room.post(f"{one}/items/3/result", {"result": "in_order"}, officer)).status_code == 404
    assert (await room.post(f"{one}/close", close, room.officer(SALT))).status_code == 404
    closed = await room.post(f"{one}/close", close, officer, 200)
    assert (closed["state"], closed["conclusion"]) == ("closed", "Both were in order.")
    for path, said in ((f"{one}/close", close), (f"{one}/items/1/result", {"result": "question"})):
        assert (await room.post(path, said, officer)).json()["reason"] == "audit_closed"
    assert date.fromisoformat(closed["closed_at"][:10]) == room.today
