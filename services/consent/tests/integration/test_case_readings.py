"""A member of the team around a family reads it: the same decision, record and permit as for a request."""

import base64
import json
from typing import Any

from consent_room import CHILD, EARLY_HELP, Room

from connective.kit.ids import new_id


async def read(room: Room, **changes: Any) -> Any:
    question = room.question(EARLY_HELP, service_kind=None, purpose="early_help_coordination", categories=["identity"])
    body = {"question": question, "case_id": str(new_id()), "disclosure_id": str(new_id())} | changes
    member = room.worker(EARLY_HELP) | room.identities.caller("families", "consent")
    return body, await room.client.post("/internal/disclosures", json=body, headers=member)


async def test_each_reading_of_a_case_is_decided_recorded_and_permitted(room: Room) -> None:
    _, denied = await read(room)
    assert (denied.json()["decision"]["outcome"], denied.json()["permit"]) == ("deny", None)
    await room.engage()
    body, answer = await read(room)
    assert answer.json()["decision"]["outcome"] == "permit", answer.text
    claims = json.loads(base64.urlsafe_b64decode(answer.json()["permit"].split(".")[1] + "=="))
    assert (claims["case_id"], claims["subjects"]) == (body["case_id"], {str(CHILD): ["identity"]})
    assert "request_id" not in claims
    shown = await room.get(f"/disclosures/{body['disclosure_id']}", room.officer())
    assert (shown["case_id"], shown["request_id"], shown["purpose"]) == (
        body["case_id"],
        None,
        "early_help_coordination",
    )
    about = {"disclosure_id": body["disclosure_id"], "case_id": body["case_id"]}
    told = about | {"recipient_organisation_id": str(EARLY_HELP), "reason_code": "fault", "at": "2026-01-01T00:00:00Z"}
    await room.event("hub.families.disclosure.undelivered", new_id(), told)
    marked = await room.get(f"/disclosures/{body['disclosure_id']}", room.officer())
    assert marked["undelivered_reason"] == "fault"


async def test_a_reading_is_of_a_request_or_of_a_case(room: Room) -> None:
    for wrong in ({"case_id": None}, {"request_id": str(new_id()), "request_version": 1}, {"request_version": 1}):
        _, answer = await read(room, **wrong)
        assert answer.status_code == 422, wrong
