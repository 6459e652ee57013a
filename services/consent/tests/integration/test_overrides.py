"""The safeguarding lead's queue, and one-off decisions on the ICO's forms, also those not to share."""

from datetime import timedelta
from typing import Any

import asyncpg
from consent_room import CHILD, EARLY_HELP, FOOD_BANK, SALT, SCHOOL, Room

from connective.consent.api.one_offs import DecisionForm, RequestForm
from connective.consent.commands.watch_override_reviews import review_condition


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


async def test_an_overdue_review_is_entered_announced_and_shown_first(room: Room, owner: asyncpg.Connection) -> None:
    lead = room.person(SCHOOL, "safeguarding_lead")
    reviewed = await room.post("/overrides", using(), room.worker(), 201)
    late = await room.post("/overrides", using(), room.worker(), 201)
    await room.post(f"/overrides/{reviewed['id']}/review", {"upheld": True, "note": "Right."}, lead, 200)

    async def said() -> tuple[int, int]:
        entered = "SELECT count(*) FROM ledger_entry WHERE body LIKE '%\"review_overdue\"%'"
        told = "SELECT count(*) FROM outbox WHERE subject = 'hub.consent.override.review_overdue'"
        return await owner.fetchval(entered), await owner.fetchval(told)

    async def alarm() -> bool:
        return (await review_condition(room.running.database, room.clock())).alarm

    await room.running.scheduler.run_once("override_reviews")
    assert (await said(), await alarm()) == ((0, 0), False)
    room.clock.move(timedelta(days=6))
    fresh = await room.post("/overrides", using(), room.worker(), 201)
    for _ in range(2):
        await room.running.scheduler.run_once("override_reviews")
    assert (await said(), await alarm()) == ((1, 1), True)
    page = await room.get("/overrides?limit=1", lead)
    rest = await room.get(f"/overrides?cursor={page['next_cursor']}", lead)
    shown = [o["id"] for o in (*page["items"], *rest["items"])]
    assert shown == [late["id"], reviewed["id"], fresh["id"]]
    await room.post(f"/overrides/{late['id']}/review", {"upheld": True, "note": "Right."}, lead, 200)
    assert not await alarm()


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
    by_officer = await room.post("/disclosures/one-offs", body | {"decision": "share"}, dpo, 201)
    assert by_officer["organisation_id"] == str(SCHOOL), "for the team that keeps the record, though not the officer's"
    await room.post("/disclosures/one-offs", body, room.person(SALT, "dpo"), 404)
    await room.get(f"/disclosures/one-offs/{no['id']}", room.person(SALT, "dpo"), 404)


async def test_both_forms_of_annex_b_are_kept_whole(room: Room) -> None:
    """The ICO's data sharing code, Annex B: the request form and the decision form, each of their fields."""
    day = str(room.today)
    asked = {
        "requester_organisation": "Borsetshire Police",
        "requester_person_and_role": "Sergeant Doe, missing people",
        "received_on": day,
        "data_requested": "The last address we know.",
        "purpose": "To find a child who is missing.",
        "needed_by": day,
        "arrangements_asked_for": "By telephone.",
    }
    decided = {
        "lawful_basis": "6(1)(d)",
        "legal_power": "Children Act 2004 s11",
        "why_necessary": "Nobody else knows.",
        "dpia_considered": True,
        "dpia_outcome": "There was no time for one.",
        "dpo_view": "Agreed.",
        "retention_and_deletion": "Until she is found.",
        "security": "Read out, and not written.",
        "rights_arrangements": "The family is told when it is safe.",
        "dates_of_sharing": [day],
        "family_informed": "unsafe_to",
        "decided_by_name_and_role": "Pat Roe, safeguarding lead",
    }
    assert set(asked) == set(RequestForm.model_fields)
    assert set(decided) == set(DecisionForm.model_fields)
    body = {
        "recipient_organisation_id": str(SALT),
        "ground": "vital_interests",
        "person_ids": [str(CHILD)],
        "categories": ["identity"],
        "reason": "She is missing.",
        "request": asked,
        "form": decided,
    }
    lead = room.person(SCHOOL, "safeguarding_lead")
    made = await room.post("/disclosures/one-offs", body, lead, 201)
    for who in (lead, room.officer()):
        read = await room.get(f"/disclosures/one-offs/{made['id']}", who)
        assert (read["request"], read["form"]) == (asked, decided)
