"""People whom nobody has matched yet: the sender's word for their yes, and the seven rules over it."""

from typing import Any
from uuid import UUID

from consent_room import FOOD_BANK, MOTHER, SALT, SCHOOL, Room, terms

from connective.kit.ids import new_id


def asked(room: Room, intake: UUID, **changes: Any) -> dict[str, Any]:
    question = room.question(subjects=[str(intake)], categories=["identity", "contact_details", "needs", "health"])
    said = {"agreed_on": str(room.today), "agreed_how": "in_person", "notice_reference": "Our leaflet"}
    return {"question": question | changes, **said}


async def take(room: Room, body: dict[str, Any], status: int = 200) -> dict[str, Any]:
    sender = room.on_behalf(room.person(SCHOOL, "partner_worker"))
    answer = await room.client.post("/internal/intakes", json=body, headers=sender)
    assert answer.status_code == status, answer.text
    return dict(answer.json()["items"][0]["decision"] if status == 200 else answer.json())


async def test_the_senders_word_stands_for_the_families_yes_under_its_agreement_alone(room: Room) -> None:
    intake = new_id()
    without = await take(room, asked(room, new_id()))
    assert (without["outcome"], {r["code"] for r in without["refusals"]}) == ("deny", {"no_agreement"})
    await room.agree("DSA-SALT", terms(room.today), SCHOOL, SALT)
    decision = await take(room, asked(room, intake))
    assert set(decision["categories"]) == {"identity", "health"}, "its contact details are in no line of this agreement"
    assert decision["agreement_reference"] == "DSA-SALT"
    read = await room.disclose(subjects=[str(intake)], categories=decision["categories"])
    assert (read.status_code, read.json()["decision"]["outcome"]) == (200, "permit")
    assert read.json()["disclosure_id"] is not None
    other = await room.decide(subjects=[str(MOTHER)])
    assert "family_not_asked" in {r["code"] for r in other["refusals"]}


async def test_nobody_sends_in_anothers_name_and_no_yes_comes_from_the_future(room: Room) -> None:
    other = asked(room, new_id(), discloser_organisation_id=str(FOOD_BANK))
    await take(room, other, 404)
    tomorrow = asked(room, new_id()) | {"agreed_on": "2999-01-01"}
    assert "future" in (await take(room, tomorrow, 422))["detail"]
    two = asked(room, new_id(), subjects=[str(new_id()), str(new_id())])
    await take(room, two, 422)
