"""What the clock does: agreements start and end on their days, consents run out, lapses warn and then deny."""

from datetime import timedelta
from typing import Any

import asyncpg
from consent_room import COUNCIL, NHS, PARTS, SALT, SCHOOL, Room, terms


async def turn(room: Room, days: int) -> None:
    room.clock.move(timedelta(days=days))
    for job in ("agreement_clock", "consent_expiry"):
        await room.running.scheduler.run_once(job)


async def told(owner: asyncpg.Connection, fact: str) -> int:
    count: int = await owner.fetchval("SELECT count(*) FROM outbox WHERE subject = $1", f"hub.consent.{fact}")
    return count


async def test_an_agreement_starts_and_ends_on_its_days(room: Room, owner: asyncpg.Connection) -> None:
    starts = room.today + timedelta(days=3)
    days = {"starts_on": str(starts), "review_on": str(starts + timedelta(days=5))}
    agreed = terms(room.today, **days, ends_on=str(starts + timedelta(days=10)))
    version = await room.agree("DSA-1", agreed, SCHOOL, SALT)
    assert version["state"] == "awaiting_signatures"
    assert version["awaits_signature_of"] == []
    await room.engage()
    assert {r["code"] for r in (await room.decide())["refusals"]} == {"no_agreement"}
    await turn(room, 3)
    assert (await room.decide())["outcome"] == "permit"
    await turn(room, 11)
    assert {r["code"] for r in (await room.decide())["refusals"]} == {"agreement_expired"}
    await turn(room, 1)
    assert (await told(owner, "agreement.activated"), await told(owner, "agreement.expired")) == (1, 1)


async def test_a_yes_runs_out_once(room: Room, owner: asyncpg.Connection) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    engaged = await room.engage(ends_on=str(room.today + timedelta(days=4)))
    await turn(room, 4)
    assert (await room.decide())["outcome"] == "permit"
    room.clock.move(timedelta(days=1))
    assert {r["code"] for r in (await room.decide())["refusals"]} == {"family_not_asked"}
    for _ in range(2):
        await turn(room, 0)
    assert await told(owner, "consent.expired") == 1
    assert (await room.get(f"/consents/{engaged['id']}", room.worker()))["state"] == "expired"


async def test_a_lapsed_registration_warns_then_denies_and_can_be_renewed(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    manager = room.person(SALT, "agreement_manager")
    entity = f"/legal-entities/{NHS}"
    response = await room.client.get(entity, headers=manager)
    dates: dict[str, Any] = {
        "ico_registered_until": str(room.today - timedelta(days=1)),
        "training_valid_until": str(room.today + timedelta(days=90)),
        "dpo_contact": "dpo@example.org",
    }
    match = {"If-Match": response.headers["ETag"]}
    lapsed = await room.client.put(f"{entity}/dates", json=dates, headers=manager | match)
    assert lapsed.status_code == 200
    decision = await room.decide()
    assert decision["outcome"] == "permit"
    assert any("ICO registration of Felpersham NHS Trust" in w for w in decision["warnings"])
    room.clock.move(timedelta(days=28))
    assert {r["code"] for r in (await room.decide())["refusals"]} == {"ico_registration_out_of_date"}
    dates["ico_registered_until"] = str(room.today + timedelta(days=300))
    assert (await room.client.put(f"{entity}/dates", json=dates, headers=manager | match)).status_code == 412
    match = {"If-Match": lapsed.headers["ETag"]}
    other = room.person(SCHOOL, "agreement_manager")
    assert (await room.client.put(f"{entity}/dates", json=dates, headers=other | match)).status_code == 403
    assert (await room.client.put(f"{entity}/dates", json=dates, headers=manager | match)).status_code == 200
    assert (await room.decide())["outcome"] == "permit"


async def test_suspension_stops_and_reinstatement_lets_go_on(room: Room, owner: asyncpg.Connection) -> None:
    version = await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    one = f"/agreements/{version['agreement_id']}/versions/1"
    dpo, reason = room.person(SALT, "dpo"), {"reason": "A breach is being looked into."}
    await room.post(f"{one}/suspend", reason, dpo, 200)
    assert {r["code"] for r in (await room.decide())["refusals"]} == {"agreement_suspended"}
    assert (await room.post(f"{one}/suspend", reason, dpo)).json()["allowed_actions"] == [
        "sign",
        "reinstate",
        "terminate",
    ]
    await room.post(f"{one}/reinstate", reason, dpo, 200)
    assert (await room.decide())["outcome"] == "permit"
    await room.post(f"{one}/terminate", reason, room.person(SALT, "signatory"), 200)
    assert {r["code"] for r in (await room.decide())["refusals"]} == {"agreement_not_active"}
    for fact in ("suspended", "reinstated", "terminated", "activated"):
        assert await told(owner, f"agreement.{fact}") == 1


async def test_a_repeated_processing_signature_and_the_wrong_signatory(room: Room) -> None:
    signing = {"document_reference": "PA-2", "confirms": ["audit"]}
    path = f"/legal-entities/{COUNCIL}/processing-agreement"
    assert (await room.post(path, signing, room.person(SCHOOL, "signatory"))).status_code == 422
    assert (await room.post(path, signing, room.person(SALT, "signatory"))).status_code == 403
    unheard = await room.post(path, signing | {"confirms": PARTS}, room.person(SCHOOL, "signatory"))
    assert (unheard.status_code, unheard.json()["reason"]) == (422, "uses_not_accepted")


async def test_a_review_is_announced_once_and_a_lapsed_assessment_suspends(
    room: Room, owner: asyncpg.Connection
) -> None:
    days = {"review_on": str(room.today + timedelta(days=100))}
    version = await room.agree("DSA-1", terms(room.today, **days), SCHOOL, SALT)
    await turn(room, 99)
    assert await told(owner, "agreement.review_due") == 0
    for _ in range(2):
        await turn(room, 1)
    assert await told(owner, "agreement.review_due") == 1
    await turn(room, 300 + 28 - 101)
    assert await told(owner, "agreement.suspended") == 0
    await turn(room, 1)
    assert await told(owner, "agreement.suspended") == 1
    one = f"/agreements/{version['agreement_id']}/versions/1"
    shown = await room.get(one, room.person(SALT, "dpo"))
    assert (shown["state"], "impact assessment" in shown["state_reason"]) == ("suspended", True)
    again = await room.post(f"{one}/reinstate", {"reason": "Please."}, room.person(SALT, "dpo"))
    assert (again.status_code, again.json()["reason"]) == (409, "assessment_lapsed")
    await turn(room, 300)
    assert await told(owner, "agreement.expired") == 1


async def test_a_memorandum_ends_on_its_day(room: Room) -> None:
    day = str(room.today + timedelta(days=10))
    body = {"title": "Hubs", "aims": "", "governance": "", "party_ids": [], "commitments": []}
    dates = {"starts_on": str(room.today), "review_on": day, "ends_on": day}
    manager = room.person(SCHOOL, "agreement_manager")
    made = await room.post("/memoranda", {"reference": "MOU-9", "terms": body | dates}, manager, 201)
    await turn(room, 10)
    await turn(room, 1)
    shown = await room.get(f"/memoranda/{made['id']}", room.person(SCHOOL, "agreement_manager"))
    assert shown["state"] == "ended"
