from families_room import NHS, Room, harts, person_called

from connective.kit.ids import new_id


async def test_a_family_is_registered_in_one_go_and_read_back(room: Room) -> None:
    worker = room.worker()
    family = await room.family(worker)
    assert family["standing"] == "keeper"
    assert family["name"] == "Hart and Reed"
    assert family["household"] == {"adults": 1, "children_by_age_band": {"1-4": 1, "5-11": 2}}
    assert family["addresses"][0]["postcode"] == "TA20 1QX"
    assert "01632 960100" in family["safeguarding_notice"]
    middle = person_called(family, "Dilys")
    assert middle["upn_recorded"] is True
    assert "Q801438714590" not in str(family)
    answer = await room.get(f"/families/{family['id']}", worker)
    assert answer.json() == family
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["cache-control"] == "no-store"


async def test_the_same_key_registers_once(room: Room) -> None:
    worker = room.worker()
    key = {"Idempotency-Key": "the-same-key-1"}
    first = await room.post("/families", harts(), worker, **key)
    again = await room.post("/families", harts(), worker, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["id"] == first.json()["id"]
    assert again.headers["idempotent-replay"] == "true"
    other = await room.post("/families", harts() | {"duplicates_seen": []}, worker, **key)
    assert other.status_code == 422
    assert (await room.get("/families", worker)).json()["items"][0]["people"] == 5


async def test_a_likely_duplicate_is_shown_and_let_through_once_seen(room: Room) -> None:
    family = await room.family(room.worker())
    other_school = room.worker(family["id"])
    refused = await room.post("/families", harts(), other_school)
    assert refused.status_code == 409
    problem = refused.json()
    assert problem["type"] == "/problems/likely-duplicate"
    candidates = problem["candidates"]
    assert len(candidates) == 5
    assert {
        "person_id",
        "name",
        "year_of_birth",
        "kept_by_your_organisation",
        "resembles",
        "processing_restricted",
    } == candidates[0].keys()
    assert "TA20" not in refused.text
    assert "Drake" not in refused.text
    seen = [c["person_id"] for c in candidates]
    accepted = await room.post("/families", harts() | {"duplicates_seen": seen}, other_school)
    assert accepted.status_code == 201


async def test_a_twin_is_not_taken_for_a_duplicate(room: Room) -> None:
    worker = room.worker()
    family = await room.family(worker)
    twin = {"key": "twin", "given_names": "Ffion", "family_name": "Hart", "date_of_birth": "2022-11-05"}
    answer = await room.post(f"/families/{family['id']}/people", {"people": [twin]}, worker)
    assert answer.status_code == 201
    assert person_called(answer.json(), "Ffion")["age_years"] == person_called(family, "Efan")["age_years"]


async def test_a_child_of_two_homes_belongs_to_two_families(room: Room) -> None:
    worker = room.worker()
    family = await room.family(worker)
    child = person_called(family, "Efan")["id"]
    body = {
        "people": [{"key": "gran", "given_names": "Gwen", "family_name": "Reed", "date_of_birth": "1960-01-01"}],
        "joining": [{"key": "child", "person_id": child, "residence": "part_time"}],
        "relationships": [{"person": "gran", "of": "child", "kind": "grandparent"}],
    }
    second = await room.post("/families", body, worker)
    assert second.status_code == 201, second.text
    read = await room.get(f"/people/{child}", worker)
    assert set(read.json()["family_ids"]) == {family["id"], second.json()["id"]}


async def test_another_organisations_person_cannot_be_joined(room: Room) -> None:
    family = await room.family(room.worker())
    stranger = room.worker(family["id"])
    body = {"joining": [{"key": "child", "person_id": person_called(family, "Efan")["id"]}]}
    assert (await room.post("/families", body, stranger)).status_code == 404


async def test_every_refusal_points_to_its_field(room: Room) -> None:
    worker = room.worker()
    cases = [
        (("people", 4, "nhs_number"), "9434765919", "/people/4/nhs_number", "bad-identifier"),
        (("people", 0, "date_of_birth"), "2199-01-01", "/people/0/date_of_birth", "implausible-date"),
        (("people", 1, "given_names"), "B3n", "/people/1/given_names", "bad-name"),
        (("people", 3, "upn"), "A801438714590", "/people/3/upn", "bad-identifier"),
        (("address", "postcode"), "nowhere", "/address/postcode", "bad-identifier"),
        (("relationships", 0, "of"), "nobody", "/relationships/0/of", "bad-relationship"),
        (("people", 0, "contacts", 0, "value"), "12x34", "/people/0/contacts/0/value", "bad-contact"),
        (("people", 0, "needs", 0, "code"), "sadness", "/people/0/needs/0/code", "bad-need"),
    ]
    for path, value, pointer, code in cases:
        body = harts()
        target = body
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = value
        refused = await room.post("/families", body, worker)
        assert refused.status_code == 422, refused.text
        error = refused.json()["errors"][0]
        assert (error["pointer"], error["code"]) == (pointer, code)
        assert str(value) not in refused.text or value == "nobody"


async def test_unknown_fields_and_missing_people_are_refused(room: Room) -> None:
    worker = room.worker()
    assert (await room.post("/families", harts() | {"organisation_id": "x"}, worker)).status_code == 422
    assert (await room.post("/families", {"people": []}, worker)).status_code == 422
    doubled = {"people": [{"key": "a", "given_names": "A"}, {"key": "a", "given_names": "B"}]}
    assert (await room.post("/families", doubled, worker)).status_code == 422


async def test_the_list_pages_and_keeps_to_the_organisation(room: Room) -> None:
    worker = room.worker()
    await room.family(worker)
    for name in ("Ivy", "Jon", "Kit"):
        await room.family(worker, people=[{"key": "a", "given_names": name, "family_name": "Moss"}], relationships=[])
    first = (await room.get("/families", worker, limit=3)).json()
    assert len(first["items"]) == 3
    second = (await room.get("/families", worker, limit=3, cursor=first["next_cursor"])).json()
    assert (len(second["items"]), second["next_cursor"]) == (1, None)
    assert (await room.get("/families", worker, caseload="mine")).json()["items"][0]["registered_by_you"] is True
    assert (await room.get("/families", room.worker(), caseload="mine")).json()["items"] == []
    last = second["items"][0]["id"]
    named = (await room.get("/families", worker, family=[last, first["items"][1]["id"], str(new_id())])).json()["items"]
    assert {each["id"] for each in named} == {last, first["items"][1]["id"]}, "one that is not kept is left out"
    assert (await room.get("/families", worker, family="x")).status_code == 422
    assert (await room.get("/families", worker, family=[last] * 51)).status_code == 422
    assert (await room.get("/families", worker, team="x")).status_code == 422
    stranger = room.worker(first["items"][0]["id"])
    assert (await room.get("/families", stranger)).json()["items"] == []


async def test_a_second_number_of_one_person_is_a_duplicate_by_number_alone(room: Room) -> None:
    worker = room.worker()
    await room.family(worker)
    body = {"people": [{"key": "a", "given_names": "Evan", "family_name": "Heart", "nhs_number": NHS[0]}]}
    assert (await room.post("/families", body, worker)).status_code == 409
