"""Cases and the team around the family; and moving house."""

from typing import Any

import asyncpg
from families_room import Room, person_called

from connective.kit.actor import service_actor
from connective.kit.database import context_sql
from connective.kit.ids import new_id


async def test_a_team_knows_that_there_is_a_case_and_nothing_of_the_family(room: Room) -> None:
    worker, charity = room.worker(), new_id()
    family = await room.family(worker)
    opened = await room.post("/cases", {"family_id": family["id"]}, worker)
    assert opened.status_code == 201, opened.text
    case = f"/cases/{opened.json()['id']}"
    member = room.worker(charity)
    assert (await room.get(case, member)).status_code == 404
    joined = await room.post(f"{case}/team", {"organisation_id": str(charity)}, worker)
    assert [m["organisation_id"] for m in joined.json()["team"]] == [str(charity)]
    assert (await room.post(f"{case}/team", {"organisation_id": str(charity)}, worker)).status_code == 409
    assert (await room.get(case, member)).status_code == 200
    seen = await room.get(f"/families/{family['id']}", member)
    assert seen.status_code == 200
    assert (seen.json()["standing"], seen.json()["people"], seen.json()["name"]) == ("team", [], None)
    assert "Hart" not in seen.text
    for path in (f"/families/{family['id']}/chronology", f"/families/{family['id']}/needs"):
        assert (await room.get(path, member)).status_code == 404
    assert (await room.post(f"{case}/team", {"organisation_id": str(new_id())}, member)).status_code == 404
    assert (await room.post("/cases", {"family_id": family["id"]}, member)).status_code == 404


async def test_a_family_moves_and_the_old_home_is_ended(room: Room) -> None:
    worker = room.worker()
    family = await room.family(worker)
    body = {"lines": ["9 New Row"], "town": "Ilminster", "postcode": "TA19 0AA", "since": "2026-03-02"}
    moved = await room.post(f"/families/{family['id']}/addresses", body, worker)
    assert moved.status_code == 201, moved.text
    assert {(a["postcode"], a["until"]) for a in moved.json()["addresses"]} == {
        ("TA20 1QX", "2026-03-01"),
        ("TA19 0AA", None),
    }
    refused = await room.post(f"/families/{family['id']}/addresses", body | {"postcode": "x"}, worker)
    assert refused.json()["errors"][0]["pointer"] == "/postcode"


async def test_a_way_to_make_contact_is_added_with_its_rule(room: Room) -> None:
    worker = room.worker()
    mother = person_called(await room.family(worker), "Asha")["id"]
    body = {"kind": "email", "value": "asha@example.org", "safe_contact": "between_hours", "hours": "9 to 3"}
    added = await room.post(f"/people/{mother}/contacts", body, worker)
    assert added.status_code == 201, added.text
    assert added.json()["contacts"][1]["safe_contact_sentence"] == "Only between these hours: 9 to 3."
    assert added.headers["etag"] == '"2"'


async def test_a_case_is_assessed_planned_reviewed_and_closed_by_two(room: Room, owner: asyncpg.Connection) -> None:
    worker, lead = room.worker(), room.worker(role="practice_lead", account=new_id())
    family = await room.family(worker)
    case = (await room.post("/cases", {"family_id": family["id"]}, worker)).json()
    assert case["allowed_actions"] == ["assess", "propose_closure"]
    path, version = f"/cases/{case['id']}", case["version"]
    day = {"review_on": "2026-04-12"}

    async def step(verb: str, who: dict[str, str], body: object = None) -> Any:
        return await room.post(f"{path}/{verb}", body, who, **{"If-Match": f'"{version}"'})

    early = await step("plan", worker, day)
    assert (early.status_code, early.json()["allowed_actions"]) == (409, ["assess", "propose_closure"])
    assert (await room.post(f"{path}/assess", None, worker)).status_code == 428
    assert (await step("assess", room.worker(new_id()))).status_code == 404
    for verb, who, body, state in (
        ("assess", worker, None, "assessed"),
        ("plan", worker, day, "planned"),
        ("review", worker, {"review_on": "2026-06-01"}, "reviewed"),
        ("propose-closure", worker, {"reason": "needs_met"}, "reviewed"),
        ("close", lead, None, "closed"),
        ("reopen", worker, None, "open"),
    ):
        assert verb != "close" or (await step("close", worker)).status_code == 403
        answer = await step(verb, who, body)
        assert (answer.status_code, answer.json()["state"]) == (200, state), answer.text
        version = answer.json()["version"]
    rows = await owner.fetch("SELECT subject FROM outbox WHERE subject LIKE 'hub.families.case.%' ORDER BY id")
    facts = [row["subject"].rsplit(".", 1)[-1] for row in rows]
    assert facts == ["opened", "assessed", "planned", "reviewed", "closed", "reopened"]
    entries = (await room.get(f"/families/{family['id']}/chronology", worker)).json()["items"]
    told = [(entry["code"], entry["reason_code"]) for entry in reversed(entries)][1:]
    assert ("case.closed", "needs_met") in told
    assert len(told) == 7


async def listed(room: Room, who: dict[str, str], query: str = "") -> list[tuple[str, bool]]:
    answer = await room.client.get(f"/cases{query}", headers=who)
    assert answer.status_code == 200, answer.text
    return [(case["review_on"], case["review_overdue"]) for case in answer.json()["items"]]


async def test_a_workers_tasks_are_listed_by_the_next_review(room: Room, owner: asyncpg.Connection) -> None:
    worker, other = room.worker(), room.worker(account=new_id())
    family = await room.family(worker)
    days: tuple[str | None, ...] = ("2026-02-20", None, "2026-04-01", None, "2026-02-28")
    for number, day in enumerate(days):
        case = (await room.post("/cases", {"family_id": family["id"]}, worker if number else other)).json()
        if day is None:
            continue
        for verb in ("assess", "plan"):
            body = {"review_on": "2026-04-01"} if verb == "plan" else None
            if_match = {"If-Match": f'"{case["version"]}"'}
            case = (await room.post(f"/cases/{case['id']}/{verb}", body, worker, **if_match)).json()
        async with owner.transaction():
            await owner.execute(context_sql(service_actor("families")))
            change = "UPDATE help_case SET review_on = $2::text::date WHERE id = $1::text::uuid"
            await owner.execute(change, case["id"], day)
    first, second, third = ("2026-02-20", True), ("2026-02-28", True), ("2026-04-01", False)
    none = (None, False)
    whole = [first, second, third, none, none]
    for query, found in (
        ("", whole),
        ("?review_overdue=true", [first, second]),
        ("?review_overdue=false", [third, none, none]),
        ("?review_before=2026-02-28", [first]),
        ("?state=open", [none, none]),
        ("?state=planned&state=open", whole),
        ("?state=closed", []),
        ("?lead_practitioner_id=me", whole[1:]),
        ("?lead_practitioner_id=nobody", []),
        (f"?family_id={new_id()}", []),
    ):
        assert await listed(room, worker, query) == found, query
    paged: list[tuple[str, bool]] = []
    path: str | None = "/cases?limit=2"
    while path:
        page = (await room.client.get(path, headers=worker)).json()
        paged += [(case["review_on"], case["review_overdue"]) for case in page["items"]]
        path = page["next_cursor"] and f"/cases?limit=2&cursor={page['next_cursor']}"
    assert paged == whole, "a page ends and begins among those without a day, too"
    shown = (await room.get("/cases", worker, limit=1)).json()["items"][0]
    assert (shown["family_id"], shown["family_name"]) == (family["id"], family["name"])
    assert await listed(room, room.worker(new_id())) == [], "another organisation has none of them"
    for wrong in ("?status=open", "?state=x", "?review_before=soon", "?cursor=x"):
        assert (await room.client.get(f"/cases{wrong}", headers=worker)).status_code == 422, wrong


async def test_who_is_shut_out_of_a_family_finds_no_case_of_it(room: Room) -> None:
    worker, safe = room.worker(), room.worker(role="safeguarding_lead")
    family = await room.family(worker)
    await room.post("/cases", {"family_id": family["id"]}, worker)
    account = new_id()
    cousin = room.worker(account=account)
    assert len(await listed(room, cousin)) == 1
    body = {"kind": "conflict", "named_account_ids": [str(account)]}
    placed = await room.post(f"/people/{family['people'][0]['person']['id']}/restrictions", body, safe)
    assert placed.status_code == 201, placed.text
    assert (len(await listed(room, cousin)), len(await listed(room, worker))) == (0, 1)
