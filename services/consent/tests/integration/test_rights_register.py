"""What people ask stands in one register by itself, and what was wrong is told to whoever was shown it."""

import json

import asyncpg
from consent_room import CHILD, FAMILY, FOOD_BANK, MOTHER, SALT, SCHOOL, Room, terms

from connective.contracts.holdings import Holdings
from connective.contracts.retention import PersonStands

REGISTER = "/audit/information-requests"


async def test_an_objection_stands_in_the_register_until_it_is_resolved(room: Room, owner: asyncpg.Connection) -> None:
    body = {"person_id": str(CHILD), "raised_by": str(MOTHER), "reason": "The walrus counts sheep."}
    made = [await room.post("/objections", body, room.worker(), 201) for _ in range(2)]
    officer = room.officer()
    standing = (await room.get(f"{REGISTER}?kind=objection&standing=outstanding", officer))["items"]
    assert [each["origin_id"] for each in standing] == [each["id"] for each in made]
    first, second = standing
    assert (first["origin"], first["received_on"], first["about"]) == ("objection", str(room.today), "")
    assert first["due_on"] > str(room.today)
    assert len(first["people"]) == 1
    answer = await room.post(f"{REGISTER}/{first['id']}/answer", {"outcome": "done"}, officer)
    assert (answer.status_code, answer.json()["reason"]) == (409, "answered_elsewhere")
    extended = {"months": 1, "reason": "Three services have to be asked."}
    assert (await room.post(f"{REGISTER}/{first['id']}/extend", extended, officer, 200))["extended_months"] == 1
    for objection, upheld in zip(made, (True, False), strict=True):
        said = {"upheld": upheld, "resolution": "The lanterns are cold."}
        await room.post(f"/objections/{objection['id']}/resolve", said, officer, 200)
    answered = [await room.get(f"{REGISTER}/{each['id']}", officer) for each in (first, second)]
    assert [each["standing"] for each in answered] == ["answered", "answered"]
    assert [each["answers"][0]["outcome"] for each in answered] == ["done", "refused"]
    assert "lanterns" not in json.dumps(answered)
    acts = await owner.fetch("SELECT body FROM ledger_entry WHERE kind = 'audit' ORDER BY id")
    named = [json.loads(row["body"])["act"] for row in acts]
    assert named.count("information_request.recorded") == named.count("information_request.answered") == 2
    assert (await room.get(REGISTER, room.officer(SALT)))["items"] == []


async def test_a_request_for_erasure_stands_in_the_register_answered(room: Room) -> None:
    room.keepers.people[CHILD] = PersonStands(version=1, person_ids=(CHILD,), family_ids=(FAMILY,))
    asked = {"family_id": str(FAMILY), "person_id": str(CHILD), "asked_on": "2026-01-05", "ground": "objection"}
    refused = {"granted": False, "exemption": "legal_claims", "reasons": "A claim was announced."}
    made = await room.post("/retention/requests", asked | refused, room.officer(), 201)
    (entered,) = (await room.get(f"{REGISTER}?kind=erasure", room.officer()))["items"]
    assert (entered["origin"], entered["origin_id"], entered["standing"]) == ("erasure", made["id"], "answered")
    assert (entered["answers"][0]["outcome"], entered["answers"][0]["note"]) == ("refused", "legal_claims")
    assert entered["received_on"] == "2026-01-05"


async def test_a_correction_is_opened_from_the_request_for_it(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    assert (await room.disclose()).json()["disclosure_id"]
    officer, asked = room.officer(), {"kind": "rectification", "received_on": str(room.today), "reference": "R-1"}
    request = await room.post(REGISTER, asked | {"person_ids": [str(CHILD)]}, officer, 201)
    wrong = {"what": "The spelling of a name.", "categories": ["identity"], "since": "2026-01-01T00:00:00Z"}
    of = {"information_request_id": request["id"]}
    told = await room.post("/audit/corrections", wrong | of, officer, 201)
    assert (told["information_request_id"], told["people"]) == (request["id"], request["people"])
    assert [each["organisation_id"] for each in told["recipients"]] == [str(SALT)]
    assert (await room.get(f"{REGISTER}/{request['id']}", officer))["correction_ids"] == [told["id"]]
    access = await room.post(REGISTER, asked | {"kind": "access", "person_ids": [str(CHILD)]}, officer, 201)
    other = await room.post("/audit/corrections", wrong | {"information_request_id": access["id"]}, officer)
    assert (other.status_code, other.json()["reason"]) == (422, "asks_for_no_correction")
    unseen = await room.post("/audit/corrections", wrong | of, room.officer(FOOD_BANK))
    assert unseen.status_code == 404


async def test_erasure_that_was_passed_on_is_decided_by_the_register_s_own_request(room: Room) -> None:
    room.keepers.add(FAMILY, CHILD, MOTHER)
    officer = room.officer()
    body = {"kind": "erasure", "person_id": str(CHILD), "asked_by": str(MOTHER)}
    passed = await room.post("/rights-requests", body, room.worker(), 201)
    one = f"{REGISTER}/{passed['id']}"
    assert passed["reference"].startswith("ERA-")
    (named,) = (await room.get(f"{one}/records", officer))["items"]
    assert (named["person_id"], named["organisation_id"]) == (str(CHILD), str(SCHOOL))
    (family,) = named["families"]
    assert (family["family_id"], family["people"], family["open_case"]) == (str(FAMILY), 2, False)
    assert [named["person"]] == (await room.get(one, officer))["people"]
    assert (await room.client.get(f"{one}/records", headers=room.officer(SALT))).status_code == 404
    assert (await room.client.get(f"{one}/records", headers=room.worker())).status_code == 403
    access = await room.post("/rights-requests", body | {"kind": "access"}, room.worker(), 201)
    asked = {"family_id": str(FAMILY), "asked_on": str(room.today), "ground": "objection", "granted": False}
    asked |= {"exemption": "legal_claims", "reasons": "A claim was announced."}
    other = await room.post("/retention/requests", asked | {"information_request_id": access["id"]}, officer)
    assert (other.status_code, other.json()["reason"]) == (422, "asks_for_no_erasure")
    decided = {"information_request_id": passed["id"]}
    made = await room.post("/retention/requests", asked | decided, officer, 201)
    answered = await room.get(one, officer)
    assert (answered["origin"], answered["origin_id"], answered["standing"]) == ("erasure", made["id"], "answered")
    assert made["due_on"] == passed["due_on"], "one clock, not two"
    entered = (await room.get(f"{REGISTER}?kind=erasure", officer))["items"]
    assert [each["id"] for each in entered] == [passed["id"]], "no second request is entered"
    again = await room.post("/retention/requests", asked | decided, officer)
    assert (again.status_code, again.json()["reason"]) == (409, "answered")


async def test_a_request_names_whose_copy_is_put_together(room: Room) -> None:
    room.keepers.held[CHILD] = {"families": Holdings(person_ids=(CHILD,)), "referrals": Holdings()}
    officer = room.officer()
    body = {"kind": "access", "person_id": str(CHILD), "asked_by": str(MOTHER)}
    passed = await room.post("/rights-requests", body, room.worker(), 201)
    made = await room.post("/audit/access-copies", {"information_request_id": passed["id"]}, officer, 201)
    request = await room.get(f"{REGISTER}/{passed['id']}", officer)
    assert ([made["person"]], [made["id"]]) == (request["people"], request["access_copy_ids"])
    by_mark = await room.post("/audit/access-copies", {"person": made["person"]}, officer, 201)
    assert by_mark["person"] == made["person"]
    assert (await room.post("/audit/access-copies", {"person": "0" * 32}, officer)).status_code == 404
    asked = {"kind": "access", "received_on": str(room.today), "reference": "SAR-1", "people": []}
    unnamed = await room.post(REGISTER, asked, officer, 201)
    nobody = await room.post("/audit/access-copies", {"information_request_id": unnamed["id"]}, officer)
    assert (nobody.status_code, nobody.json()["reason"]) == (422, "one_person")
