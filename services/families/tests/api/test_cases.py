"""Cases and the team around the family; and moving house."""

from families_room import Room, person_called

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
