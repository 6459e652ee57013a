"""`explain` shows the path of a decision; a recipient asks about what it sends back."""

import json

from consent_room import CHARITY, CHILD, COUNCIL, FATHER, FOOD_BANK, MOTHER, NHS, SALT, SCHOOL, Room, basis, terms

NAMES = (
    *("parties", "agreement", "special_category_and_offence_data", "agreement_to_engage", "basis", "restrictions"),
    "safeguarding_override",
)


async def test_the_asker_sees_what_each_rule_looked_at(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    engaged = await room.engage()
    asked = {"questions": [room.question(), room.question(FOOD_BANK)], "explain": True}
    answered = await room.post("/decisions", asked, room.worker(), 201)
    good, bad = answered["paths"]
    assert tuple(step["name"] for step in good["steps"]) == NAMES
    assert (good["outcome"], good["outcome_now"], bad["outcome"]) == ("permit", "permit", "deny")
    assert all(step["looked_at"] for step in good["steps"])
    looked = {fact["what"]: fact["found"] for step in good["steps"] for fact in step["looked_at"]}
    assert looked[f"agreement_to_engage about {CHILD}"].startswith(engaged["id"])
    assert looked["agreement DSA-1 version 1"].startswith("active from")
    assert "6(1)(e)" in looked["DSA-1 version 1, Felpersham NHS Trust"]
    assert bad["steps"][1]["looked_at"][-1]["found"].startswith("none between")
    assert not bad["steps"][1]["passed"]
    plain = await room.post("/decisions", {"questions": [room.question()]}, room.worker(), 201)
    assert plain["paths"] is None


async def test_what_an_officer_finds_listed_can_be_read_and_explained(room: Room) -> None:
    """A try without an agreement, between two organisations whose agreements let the council audit both."""
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.agree("DSA-2", terms(room.today, CHARITY), SCHOOL, FOOD_BANK)
    asked = {"questions": [room.question(FOOD_BANK, discloser_organisation_id=str(SALT))]}
    tried = await room.client.post("/internal/decisions", json=asked, headers=room.on_behalf(room.worker(SALT)))
    assert tried.json()["items"][0]["decision"]["refusals"][0]["code"] == "no_agreement"
    for officer, sees in ((room.officer(), True), (room.officer(FOOD_BANK), True)):
        listed = (await room.get("/audit/decisions", officer))["items"]
        assert bool(listed) is sees
        for each in listed:
            await room.get(f"/decisions/{each['id']}", officer)
            await room.get(f"/decisions/{each['id']}/explain", officer)


async def test_an_officer_sees_the_path_by_pseudonym_and_what_changed_since(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    engaged = await room.engage()
    decision_id = (await room.disclose()).json()["decision_id"]
    await room.post(f"/consents/{engaged['id']}/withdraw", {}, room.worker(), 200)
    path = await room.get(f"/decisions/{decision_id}/explain", room.officer())
    assert (path["outcome"], path["outcome_now"]) == ("permit", "deny")
    assert str(CHILD) not in json.dumps(path)
    await room.get(f"/decisions/{decision_id}/explain", room.officer(FOOD_BANK), 404)


async def test_a_recipient_asks_about_what_it_sends_back(room: Room) -> None:
    """Outcomes and notes flow back under the agreement too, and only about people it was shown."""
    both = terms(room.today)
    both["flows"].append({**both["flows"][0], "from_entity_id": str(NHS), "to_entity_id": str(COUNCIL)})
    await room.agree("DSA-1", {**both, "bases": [basis(COUNCIL), basis(NHS)]}, SCHOOL, SALT)
    await room.engage(scope={"service_kinds": ["speech_and_language_therapy"]})
    partner = room.person(SALT, "partner_worker")
    back = {"discloser_organisation_id": str(SALT), "recipient_organisation_id": str(SCHOOL)}
    asked = {"questions": [room.question(**back)]}
    assert (await room.post("/decisions", asked, partner)).status_code == 403, "nobody was shown to it yet"
    assert (await room.disclose()).json()["decision"]["outcome"] == "permit"
    answered = await room.post("/decisions", asked, partner, 201)
    assert answered["items"][0]["decision"]["outcome"] == "permit"
    for person in (FATHER, MOTHER):
        other = {"questions": [room.question(**back, subjects=[str(person)])]}
        assert (await room.post("/decisions", other, partner)).status_code == 403
