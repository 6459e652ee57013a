"""The provider assurance dossier over HTTP, and the clock that watches it."""

import json
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from partners_room import OTHER_PLACE, PLACE, Room

from connective.kit.ids import new_id

INSURANCE = {"kind": "insurance", "evidence": "Policy AX-1, seen as a scan", "issued_on": "2026-03-01"}


def standing(dossier: dict[str, Any]) -> dict[str, str]:
    return {each["kind"]: each["standing"] for each in dossier["items"]}


async def facts(owner: asyncpg.Connection) -> list[tuple[str, Any, str | None]]:
    rows = await owner.fetch("SELECT subject, data FROM outbox WHERE subject NOT LIKE '%.audit.%' ORDER BY id")
    found = [(row["subject"].removeprefix("hub.partners."), json.loads(row["data"])) for row in rows]
    about = {fact: "within_days" if fact.endswith("expiring") else "kind" for fact, _ in found if "assurance" in fact}
    return [(fact, data.get(about.get(fact)), data.get("assurance_level")) for fact, data in found]


async def hub_of(room: Room, organisation: dict[str, Any], account: Any) -> None:
    body = {"name": "Chard", "coordinator_account_id": str(account), "member_organisation_ids": [organisation["id"]]}
    assert (await room.post("/hubs", body, room.place_admin())).status_code == 201


async def test_a_partner_proposes_and_only_somebody_outside_it_verifies(room: Room, owner: asyncpg.Connection) -> None:
    made = await room.organisation()
    path, own = f"/organisations/{made['id']}/assurance", room.partner_admin(made["id"])
    account = new_id()
    await hub_of(room, made, account)
    coordinator = room.headers("hub_coordinator", organisation=new_id(), account=account)
    proposed = await room.post(f"{path}/items", INSURANCE, own)
    assert (proposed.status_code, proposed.json()["state"], proposed.json()["expires_on"]) == (
        201, "proposed", "2027-03-02",
    )  # fmt: skip
    shown = (await room.get(path, room.worker())).json()
    assert (shown["assurance_level"], standing(shown)["insurance"]) == ("named_accounts", "missing")
    decide, verified = f"{path}/items/{proposed.json()['id']}/decide", {"decision": "verified"}
    itself = (room.headers("place_admin", organisation=made["id"]), room.headers("hub_coordinator"))
    for who in (*itself, room.headers("hub_coordinator", organisation=made["id"], account=account)):
        refused = await room.post(decide, verified, who)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-yours-to-verify")
    assert (await room.post(decide, {"decision": "refused"}, coordinator)).status_code == 422
    answer = await room.post(decide, verified, coordinator)
    assert (answer.status_code, answer.json()["state"], answer.json()["version"]) == (200, "verified", 2)
    assert (await room.post(decide, verified, coordinator)).status_code == 409
    shown = (await room.get(path, own)).json()
    assert (standing(shown)["insurance"], shown["allowed_actions"]) == ("in_date", ["record"])
    listed = (await room.get(f"{path}/items?state=verified", coordinator)).json()["items"]
    assert [each["kind"] for each in listed] == ["insurance", "training", "named_accounts"]
    assert [fact for fact, _, _ in (await facts(owner))[-1:]] == ["organisation.changed"]
    withdrawn = {"decision": "withdrawn", "reason": "The insurer never heard of it."}
    assert (await room.post(decide, withdrawn, room.place_admin())).json()["state"] == "withdrawn"
    assert standing((await room.get(path, own)).json())["insurance"] == "missing"


async def test_a_dossier_is_nobody_elses_business(room: Room) -> None:
    made = await room.organisation()
    path = f"/organisations/{made['id']}/assurance/items"
    for who, status in (
        (room.partner_admin(new_id()), 403),
        (room.headers("hub_coordinator", organisation=new_id(), account=new_id()), 403),
        (room.worker(), 403),
        (room.place_admin(OTHER_PLACE), 404),
        (room.headers("auditor", organisation=new_id()), 200),
    ):
        assert (await room.get(path, who)).status_code == status
        assert (await room.post(path, INSURANCE, who)).status_code == (status if status != 200 else 403)
    missing = f"/organisations/{new_id()}/assurance"
    assert (await room.get(missing, room.worker())).status_code == 404


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"expires_on": "2029-03-01"}, ["too-long"]),
        ({"issued_on": "2026-03-09", "expires_on": "2026-03-01"}, ["in-the-future", "before-issue"]),
        ({"kind": "visit"}, ["by-place"]),
        ({"kind": "charm"}, None),
        ({"evidence": " "}, None),
        ({"name": "Ada Quillwort"}, None),
    ],
    ids=["too-long", "days", "visit", "kind", "evidence", "name"],
)
async def test_items_are_checked(room: Room, changed: dict[str, str], codes: list[str] | None) -> None:
    made = await room.organisation()
    own = room.partner_admin(made["id"])
    answer = await room.post(f"/organisations/{made['id']}/assurance/items", INSURANCE | changed, own)
    assert answer.status_code == 422
    assert codes is None or [each["code"] for each in answer.json()["errors"]] == codes


async def test_the_clock_warns_twice_lowers_the_level_and_a_renewal_raises_it(
    room: Room, owner: asyncpg.Connection
) -> None:
    made = await room.organisation(assurance_level="shared_device")
    path = f"/organisations/{made['id']}/assurance"
    for kind, expires in (("named_accounts", "2027-03-01"), ("training", "2026-04-02"), ("insurance", "2026-03-05")):
        body = INSURANCE | {"kind": kind, "expires_on": expires}
        assert (await room.post(f"{path}/items", body, room.place_admin())).json()["state"] == "verified"
    joined = ["shared_device", "shared_device", "named_accounts", "named_accounts"]
    assert [level for _, _, level in await facts(owner)] == joined

    async def on_day(days: int) -> list[tuple[str, Any, str | None]]:
        before = len(await facts(owner))
        room.clock.at += timedelta(days=days)
        for _ in range(2):
            await room.running.scheduler.run_once("watch-assurance")
        return (await facts(owner))[before:]

    assert await on_day(0) == [("assurance.expiring", 7, "named_accounts")]
    assert await on_day(2) == [("assurance.expiring", 28, "named_accounts")]
    assert await on_day(20) == [("assurance.lapsed", "insurance", "named_accounts")]
    assert await on_day(3) == [("assurance.expiring", 7, "named_accounts")]
    lapsed = await on_day(6)
    assert lapsed == [
        ("organisation.changed", None, "shared_device"),
        ("assurance.lapsed", "training", "shared_device"),
    ]
    shown = (await room.get(path, room.worker())).json()
    assert (shown["assurance_level"], shown["refuses"]) == ("shared_device", ["health", "offending", "safeguarding"])
    renewed = INSURANCE | {"kind": "training", "issued_on": "2026-04-03"}
    assert (await room.post(f"{path}/items", renewed, room.place_admin())).status_code == 201
    assert (await facts(owner))[-1] == ("organisation.changed", None, "named_accounts")
    assert await on_day(0) == []


async def test_what_lapsed_is_shown_where_help_is_looked_for_and_leaves_nothing_out(room: Room) -> None:
    made = await room.organisation()
    items = f"/organisations/{made['id']}/assurance/items"
    await room.post(items, INSURANCE | {"expires_on": "2026-03-03"}, room.place_admin())
    service = await room.service(made)
    assert (service["lapsed"], (await room.search())["items"][0]["lapsed"]) == ([], [])
    room.clock.at += timedelta(days=1)
    told = [
        {
            "kind": "insurance",
            "since": "2026-03-03",
            "sentence": "Public liability insurance: lapsed after 3 March 2026.",
        }
    ]
    (found,) = (await room.search())["items"]
    assert found["lapsed"] == told
    read = (await room.get(f"/services/{service['id']}", room.worker())).json()
    assert read["lapsed"] == told
    headers = room.worker() | room.identities.caller("referrals", "partners")
    facts = await room.client.post("/internal/service-facts", json={"service_ids": [service["id"]]}, headers=headers)
    assert {each["kind"]: each["until"] for each in facts.json()["items"][0]["assurance"]} == {
        "insurance": "2026-03-03", "named_accounts": "2027-03-04", "training": "2027-03-04",
    }  # fmt: skip


async def test_what_is_only_listed_has_no_dossier_and_what_was_recorded_stays(
    room: Room, owner: asyncpg.Connection
) -> None:
    made = await room.organisation()
    path = f"/organisations/{made['id']}/assurance/items"
    await owner.execute("SELECT set_config('app.place', $1, false)", str(PLACE))
    await owner.execute("UPDATE organisation SET legal_entity_id = NULL WHERE id = $1", made["id"])
    answer = await room.post(path, INSURANCE, room.place_admin())
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-a-member")
    application = await asyncpg.connect(room.database.app_url)
    await application.execute("SELECT set_config('app.place', $1, false)", str(PLACE))
    for statement in ("DELETE FROM assurance_item", "UPDATE assurance_item SET evidence = 'x'"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await application.execute(statement)
    await application.close()
