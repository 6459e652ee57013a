"""Keeping the directory true together: watching, reporting wrong, answering, and chasing what nobody checks."""

import json
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from partners_room import OTHER_PLACE, PLACE, Room

from connective.contracts.categories import AssuranceLevel
from connective.kit.actor import service_actor
from connective.kit.ids import new_id
from connective.partners.domain.codes import OrganisationKind, OrganisationState
from connective.partners.domain.organisations import Organisation, Profile
from connective.partners.domain.services import SIGNPOST_ONLY, Listing, Service
from connective.partners.storage.organisations import add_organisation
from connective.partners.storage.services import add_service

REPORT = {"wrong": ["hours", "contact"], "words": "Nobody answers on Mondays."}


async def told(owner: asyncpg.Connection) -> list[tuple[str, dict[str, Any]]]:
    rows = await owner.fetch("SELECT subject, data FROM outbox WHERE subject LIKE '%.listing.%' ORDER BY id")
    return [(row["subject"].removeprefix("hub.partners.listing."), json.loads(row["data"])) for row in rows]


async def imported(room: Room) -> str:
    owner = Organisation(
        new_id(), PLACE, None, Profile("Feed Trust", OrganisationKind.CHARITY), OrganisationState.ACTIVE,
        AssuranceLevel.SHARED_DEVICE, 1, room.clock(), "county-feed",
    )  # fmt: skip
    listing = Listing("From the feed", "other", frozenset())
    service = Service(new_id(), PLACE, owner.id, listing, SIGNPOST_ONLY, 1, room.clock(), source="county-feed")
    async with room.running.database.unit(service_actor("partners", PLACE)) as unit:
        await add_organisation(unit.connection, owner)
        await add_service(unit.connection, service)
        await unit.run("UPDATE service SET source_version = 1 WHERE id = $1", [service.id])
    return str(service.id)


async def test_watchers_are_told_without_content_and_by_nobody_else(room: Room, owner: asyncpg.Connection) -> None:
    made = await room.service()
    account = new_id()
    worker = room.headers("support_worker", organisation=new_id(), account=account)
    path = f"/services/{made['id']}"
    for _ in range(2):
        assert (await room.client.put(f"{path}/watch", headers=worker)).status_code == 204
    (watched,) = (await room.get("/services/watched", worker)).json()["items"]
    assert (watched["service_id"], watched["name"], watched["news"]) == (made["id"], made["name"], 0)
    assert (await room.get("/services/watched", room.worker())).json()["items"] == []
    await room.patch(path, {"telephone": "01632 960188"}, room.partner_admin(made["organisation_id"]), 1)
    notice = {"service_id": made["id"], "account_ids": [str(account)], "reason_code": "changed"}
    assert await told(owner) == [("noticed", notice)]
    (watched,) = (await room.get("/services/watched", worker)).json()["items"]
    assert (watched["news"], watched["last_news"]) == (1, "changed")
    await room.client.put(f"{path}/watch", headers=worker)
    assert (await room.get("/services/watched", worker)).json()["items"][0]["news"] == 0
    for _ in range(2):
        assert (await room.client.delete(f"{path}/watch", headers=worker)).status_code == 204
    await room.patch(path, {"telephone": None, "same_day": None}, room.partner_admin(made["organisation_id"]), 2)
    assert len(await told(owner)) == 1
    elsewhere = room.headers("support_worker", place=OTHER_PLACE)
    assert (await room.client.put(f"{path}/watch", headers=elsewhere)).status_code == 404


async def test_a_report_goes_to_the_listings_organisation_and_stays_open_until_answered(
    room: Room, owner: asyncpg.Connection
) -> None:
    made = await room.service()
    worker, own = room.worker(), room.partner_admin(made["organisation_id"])
    answer = await room.post(f"/services/{made['id']}/reports", REPORT, worker)
    assert (answer.status_code, answer.json()["organisation_id"]) == (201, made["organisation_id"])
    report = answer.json()
    assert (report["wrong"], report["answer"]) == (["contact", "hours"], None)
    for who in (worker, own, room.place_admin(), room.headers("hub_coordinator")):
        assert [each["id"] for each in (await room.get("/services/reports", who)).json()["items"]] == [report["id"]]
    for who in (room.worker(), room.partner_admin(new_id()), room.place_admin(OTHER_PLACE)):
        assert (await room.get("/services/reports", who)).json()["items"] == []
    path, corrected = f"/services/reports/{report['id']}/answer", {"answer": "corrected", "words": "New number."}
    assert (await room.post(path, corrected, worker)).status_code == 403
    assert (await room.post(path, corrected, room.partner_admin(new_id()))).status_code == 404
    answered = await room.post(path, corrected, own)
    assert (answered.status_code, answered.json()["answer"], answered.json()["version"]) == (200, "corrected", 2)
    assert (await room.post(path, corrected, own)).status_code == 409
    (seen,) = (await room.get("/services/reports", worker)).json()["items"]
    assert seen["answer_words"] == "New number."
    assert (await room.get("/services/reports?only_open=true", own)).json()["items"] == []
    facts = await told(owner)
    assert [fact for fact, _ in facts] == ["reported", "report_answered"]
    assert "Mondays" not in str(facts)


async def test_a_report_of_an_imported_listing_goes_to_the_coordinators(room: Room) -> None:
    service = await imported(room)
    made = (await room.post(f"/services/{service}/reports", REPORT, room.worker())).json()
    assert made["organisation_id"] is None
    coordinator = room.headers("hub_coordinator")
    assert [each["id"] for each in (await room.get("/services/reports", coordinator)).json()["items"]] == [made["id"]]
    path = f"/services/reports/{made['id']}/answer"
    assert (await room.post(path, {"answer": "nothing_wrong"}, room.partner_admin(new_id()))).status_code == 404
    assert (await room.post(path, {"answer": "nothing_wrong"}, coordinator)).status_code == 200


async def test_a_report_that_nobody_answers_is_chased_once(room: Room, owner: asyncpg.Connection) -> None:
    made = await room.service()
    report = (await room.post(f"/services/{made['id']}/reports", REPORT, room.worker())).json()
    worker = room.headers("support_worker", organisation=new_id(), account=new_id())
    await room.client.put(f"/services/{made['id']}/watch", headers=worker)
    for days, facts in ((7, ["reported"]), (1, ["reported", "report_overdue", "noticed"]), (9, None)):
        room.clock.at += timedelta(days=days)
        await room.running.scheduler.run_once("chase-reports")
        found = await told(owner)
        assert [fact for fact, _ in found] == (facts or ["reported", "report_overdue", "noticed"])
    assert found[1][1]["report_id"] == report["id"]
    (watched,) = (await room.get("/services/watched", worker)).json()["items"]
    assert (watched["news"], watched["last_news"]) == (1, "report_overdue")


@pytest.mark.parametrize(
    "body", [{}, {"wrong": []}, {"wrong": ["everything"]}, {"wrong": ["hours"], "family": "Ashcombe"}]
)
async def test_reports_are_checked(room: Room, body: dict[str, Any]) -> None:
    made = await room.service()
    answer = await room.post(f"/services/{made['id']}/reports", body, room.worker())
    assert answer.status_code == 422
    assert "Ashcombe" not in answer.text


async def test_only_people_watch_and_report(room: Room) -> None:
    made = await room.service()
    system = room.identities.client(place=PLACE, organisation=new_id(), scope="directory:read")
    assert (await room.client.put(f"/services/{made['id']}/watch", headers=system)).status_code == 403
    assert (await room.post(f"/services/{new_id()}/reports", REPORT, room.worker())).status_code == 404


async def test_stale_listings_are_chased_once_until_somebody_checks_them(room: Room, owner: asyncpg.Connection) -> None:
    made = await room.service(assured_on="2025-06-01")
    fresh = await room.service(name="Checked", assured_on="2026-02-01")
    coordinator = room.headers("hub_coordinator")
    assert (await room.get("/services/stale", coordinator)).json()["items"] == []
    room.clock.at += timedelta(days=120)
    for _ in range(2):
        await room.running.scheduler.run_once("chase-stale-listings")
    assert [(fact, data["service_id"]) for fact, data in await told(owner)] == [("stale", made["id"])]
    (stale,) = (await room.get("/services/stale", coordinator)).json()["items"]
    assert (stale["service_id"], stale["checked_on"]) == (made["id"], "2025-06-01")
    own = room.partner_admin(made["organisation_id"])
    assert len((await room.get("/services/stale", own)).json()["items"]) == 1
    other = room.partner_admin(fresh["organisation_id"])
    assert (await room.get("/services/stale", other)).json()["items"] == []
    assert (await room.post(f"/services/{made['id']}/assure", None, other)).status_code == 403
    assured = await room.post(f"/services/{made['id']}/assure", None, own)
    assert (assured.status_code, assured.json()["assured_on"]) == (200, "2026-07-01")
    assert (await room.get("/services/stale", coordinator)).json()["items"] == []
    room.clock.at += timedelta(days=400)
    await room.running.scheduler.run_once("chase-stale-listings")
    assert len(await told(owner)) == 3


async def test_an_imported_listing_that_was_checked_goes_on_following_its_source(
    room: Room, owner: asyncpg.Connection
) -> None:
    service = await imported(room)
    answer = await room.post(f"/services/{service}/assure", None, room.headers("hub_coordinator"))
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    await owner.execute("SELECT set_config('app.place', $1, false)", str(PLACE))
    assert await owner.fetchval("SELECT version = source_version FROM service WHERE id = $1", service)
