"""The safeguarding lead's queue, and one-off decisions on the ICO's forms, also those not to share."""

from datetime import timedelta
from typing import Any

from consent_room import CHILD, EARLY_HELP, FOOD_BANK, SALT, SCHOOL, Room


def using(**changes: Any) -> dict[str, Any]:
    full = {
        "recipient_organisation_id": str(FOOD_BANK),
        "person_ids": [str(CHILD)],
        "categories": ["identity"],
        "share": True,
        "reason": "Left alone overnight.",
        "risk_of_not_sharing": "Hunger.",
        "family_told": False,
        "family_told_note": "It would put her at risk.",
    }
    return full | changes


async def test_the_review_queue_shows_what_waits_and_what_is_overdue(room: Room) -> None:
    unsaid = await room.post("/overrides", using(family_told_note=""), room.worker())
    assert (unsaid.status_code, unsaid.json()["reason"]) == (422, "why_not_told")
    used = await room.post("/overrides", using(), room.worker(), 201)
    withheld = await room.post("/overrides", using(share=False), room.worker(), 201)
    lead = room.person(SCHOOL, "safeguarding_lead")

    async def queue(state: str) -> list[str]:
        return [o["id"] for o in (await room.get(f"/overrides?state={state}", lead))["items"]]

    assert await queue("awaiting_review") == [used["id"], withheld["id"]]
    assert await queue("overdue") == []
    room.clock.move(timedelta(days=6))
    assert await queue("overdue") == [used["id"], withheld["id"]]
    assert (await room.get(f"/overrides/{used['id']}", lead))["overdue"] is True
    await room.post(f"/overrides/{used['id']}/review", {"upheld": True, "note": "Right."}, lead, 200)
    assert (await queue("reviewed"), await queue("overdue")) == ([used["id"]], [withheld["id"]])
    assert (await room.get(f"/overrides/{used['id']}", lead))["overdue"] is False


REQUEST = {
    "requester_organisation": "Ambridge Food Bank",
    "requester_person_and_role": "J. Archer, manager",
    "received_on": "2026-05-01",
    "data_requested": "Names and how many.",
    "purpose": "A parcel tonight.",
}


async def test_a_decision_not_to_share_is_recorded_and_carries_nothing(room: Room) -> None:
    await room.engage()
    body = {
        "recipient_organisation_id": str(FOOD_BANK),
        "ground": "officer_decision",
        "decision": "do_not_share",
        "person_ids": [str(CHILD)],
        "categories": ["identity"],
        "reason": "A voucher does without a name.",
        "request": REQUEST,
        "form": {"dpo_view": "Agreed.", "dpia_considered": True, "family_informed": "yes"},
    }
    lead, dpo = room.person(SCHOOL, "safeguarding_lead"), room.person(EARLY_HELP, "dpo")
    assert (await room.post("/disclosures/one-offs", body, room.worker())).status_code == 403
    no = await room.post("/disclosures/one-offs", body, lead, 201)
    assert no["request"]["requester_person_and_role"] == "J. Archer, manager"
    assert no["form"]["dpo_view"] == "Agreed."
    asked = {"recipient": FOOD_BANK, "categories": ["identity"]}
    assert (await room.decide(**asked))["outcome"] == "deny"
    room.clock.move(timedelta(seconds=1))
    yes = await room.post("/disclosures/one-offs", body | {"decision": "share_part"}, lead, 201)
    assert (await room.decide(**asked))["outcome"] == "permit"
    listed = await room.get("/disclosures/one-offs", dpo)
    assert [o["id"] for o in listed["items"]] == [no["id"], yes["id"]]
    only = await room.get("/disclosures/one-offs?decision=do_not_share", dpo)
    assert [o["id"] for o in only["items"]] == [no["id"]]
    assert await room.get(f"/disclosures/one-offs/{no['id']}", dpo) == no
    await room.get(f"/disclosures/one-offs/{no['id']}", room.person(SALT, "dpo"), 404)
