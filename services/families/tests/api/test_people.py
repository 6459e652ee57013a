"""Changing people, their needs, and restrictions on them."""

import asyncio

import asyncpg
from families_room import NHS, Room, person_called

from connective.kit.ids import new_id

CANARY = ("Drake", "TA20", "07700900123", "Furzehill")


async def test_a_patch_changes_what_it_names_and_finds_the_person_by_the_new_facts(room: Room) -> None:
    worker = room.worker()
    family = await room.family(worker)
    mother = person_called(family, "Asha")
    path = f"/people/{mother['id']}"
    body = {"family_name": "Moss", "previous_family_names": ["Hart"], "language": None, "nhs_number": NHS[1]}
    changed = await room.client.patch(path, json=body, headers={**worker, "If-Match": '"1"'})
    assert changed.status_code == 200, changed.text
    assert changed.headers["etag"] == '"2"'
    after = changed.json()
    assert (after["family_name"], after["language"], after["nhs_number"]) == ("Moss", None, NHS[1])
    assert after["gp_practice"] == "Drake Surgery"
    search = {"family_name": "Moss", "given_names": "Asha", "date_of_birth": "1995-05-05", "purpose": "referral"}
    found = await room.client.post("/people/searches", json=search, headers=worker)
    assert [hit["name"] for hit in found.json()["items"]] == ["Asha Moss"]
    assert (await room.get(f"/families/{family['id']}", worker)).json()["version"] == 2


async def test_a_patch_needs_the_version_that_was_read(room: Room) -> None:
    worker = room.worker()
    path = f"/people/{person_called(await room.family(worker), 'Asha')['id']}"
    assert (await room.client.patch(path, json={}, headers=worker)).status_code == 428
    assert (await room.client.patch(path, json={}, headers={**worker, "If-Match": '"9"'})).status_code == 412
    assert (
        await room.client.patch(
            path,
            content=b'{"known_as": "Ash"}',
            headers={**worker, "If-Match": '"1"', "Content-Type": "application/merge-patch+json"},
        )
    ).status_code == 200


async def test_a_patch_keeps_the_rules(room: Room) -> None:
    worker = room.worker()
    path = f"/people/{person_called(await room.family(worker), 'Asha')['id']}"
    for body in (
        {"given_names": None, "family_name": None},
        {"date_of_birth": "2099-01-01"},
        {"died_on": "1990-01-01"},
        {"upn": "A801438714590"},
        {"place_id": "x"},
    ):
        refused = await room.client.patch(path, json=body, headers={**worker, "If-Match": '"1"'})
        assert refused.status_code == 422, body


async def test_needs_are_recorded_per_person_and_prompt_where_due(room: Room) -> None:
    worker = room.worker()
    family = await room.family(worker)
    path = f"/people/{person_called(family, 'Dilys')['id']}/needs"
    recorded = await room.post(path, {"code": "abuse_or_neglect", "severity": 4, "source": "child"}, worker)
    assert recorded.status_code == 201
    assert recorded.json()["asks_safeguarding_question"] is True
    assert "call 999" in recorded.json()["safeguarding_notice"]
    listed = (await room.get(f"/families/{family['id']}/needs", worker)).json()["items"]
    assert {need["code"] for need in listed} == {
        "abuse_or_neglect",
        "child_0_5_speech_language",
        "food_or_fuel_poverty",
    }


async def test_hidden_whereabouts_appear_to_nobody_who_is_not_named(room: Room) -> None:
    worker, lead = room.worker(), room.worker(role="safeguarding_lead")
    family = await room.family(worker)
    mother = person_called(family, "Asha")["id"]
    assert (await room.post(f"/people/{mother}/restrictions", {"kind": "whereabouts"}, lead)).status_code == 201
    for path in (f"/families/{family['id']}", f"/people/{mother}", f"/people/{person_called(family, 'Dilys')['id']}"):
        answer = await room.get(path, worker)
        assert answer.status_code == 200
        assert not [canary for canary in CANARY if canary in answer.text]
    assert "addresses" in (await room.get(f"/families/{family['id']}", worker)).json()["withheld"]
    for given in ("Asha", "Dilys"):
        search = {"family_name": "Hart", "given_names": given, "postcode": "TA20 1QX", "purpose": "referral"}
        found = await room.client.post("/people/searches", json=search, headers=worker)
        assert found.json() == {"items": []}
    assert "Drake Way" in (await room.get(f"/families/{family['id']}", lead)).text


async def test_lifting_takes_two_people_and_brings_the_cards_back(room: Room) -> None:
    first, second = (room.worker(role="safeguarding_lead", account=new_id()) for _ in range(2))
    family = await room.family(room.worker())
    mother = person_called(family, "Asha")["id"]
    placed = await room.post(f"/people/{mother}/restrictions", {"kind": "whereabouts"}, first)
    path = f"/people/{mother}/restrictions/{placed.json()['id']}/lift"
    asked = await room.post(path, {}, first)
    assert (asked.status_code, asked.json()["lift_asked"], asked.json()["active"]) == (200, True, True)
    assert (await room.post(path, {}, first)).json()["type"] == "/problems/second-person-needed"
    assert (await room.post(path, {}, second)).json()["active"] is False
    assert (await room.post(path, {}, second)).json()["type"] == "/problems/already-ended"
    search = {"family_name": "Hart", "given_names": "Asha", "postcode": "TA20 1QX", "purpose": "referral"}
    found = await room.client.post("/people/searches", json=search, headers=room.worker())
    assert found.json()["items"][0]["name"] == "Asha Hart"
    assert (await room.post(f"/people/{mother}/restrictions/{new_id()}/lift", {}, second)).status_code == 404


async def test_each_change_of_a_restriction_is_announced_without_saying_where(
    room: Room, owner: asyncpg.Connection
) -> None:
    family = await room.family(room.worker())
    mother = person_called(family, "Asha")["id"]
    lead = room.worker(role="safeguarding_lead")
    await room.post(f"/people/{mother}/restrictions", {"kind": "whereabouts"}, lead)
    rows = await owner.fetch("SELECT * FROM outbox WHERE subject = 'hub.families.restriction.changed'")
    assert [(str(row["aggregate_id"]), row["aggregate_version"]) for row in rows] == [(mother, 2)]
    assert '"active":true' in rows[0]["data"]


async def test_of_two_changes_made_at_once_one_is_told_to_read_again(room: Room) -> None:
    worker = room.worker()
    path = f"/people/{person_called(await room.family(worker), 'Asha')['id']}"
    headers = {**worker, "If-Match": '"1"'}
    changes = [room.client.patch(path, json={"known_as": name}, headers=headers) for name in ("Ash", "Shay", "Ashie")]
    answers = await asyncio.gather(*changes)
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]


async def test_two_people_lifting_at_once_count_as_two_and_one_person_twice_as_one(room: Room) -> None:
    first, second = (room.worker(role="safeguarding_lead", account=new_id()) for _ in range(2))
    mother = person_called(await room.family(room.worker()), "Asha")["id"]
    for pair, statuses in (((first, first), [200, 409]), ((first, second), [200, 200])):
        placed = await room.post(f"/people/{mother}/restrictions", {"kind": "whereabouts"}, first)
        path = f"/people/{mother}/restrictions/{placed.json()['id']}/lift"
        answers = await asyncio.gather(*(room.post(path, {}, who) for who in pair))
        assert sorted(answer.status_code for answer in answers) == statuses


async def test_who_may_lift_restrictions_sees_what_restricts_somebody_and_nobody_else_does(room: Room) -> None:
    worker, lead = room.worker(), room.worker(role="safeguarding_lead", account=new_id())
    child = person_called(await room.family(worker), "Dilys")["id"]
    path = f"/people/{child}/restrictions"
    placed = (await room.post(path, {"kind": "whereabouts"}, lead)).json()
    asked = await room.post(f"{path}/{placed['id']}/lift", None, lead)
    assert asked.status_code == 200, asked.text
    (listed,) = (await room.get(path, lead)).json()["items"]
    assert (listed["id"], listed["kind"], listed["active"], listed["lift_asked"]) == (
        placed["id"],
        "whereabouts",
        True,
        True,
    )
    assert (await room.get(path, worker)).status_code == 403
    assert (await room.get(path, room.worker(new_id(), role="safeguarding_lead"))).status_code == 404
