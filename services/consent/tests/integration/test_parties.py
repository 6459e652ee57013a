"""Who is bound and in which direction: a broker that leads and is no party, one who joins late, several recipients."""

from typing import Any
from uuid import UUID

import asyncpg
from consent_room import CHARITY, COUNCIL, EARLY_HELP, FOOD_BANK, NHS, SALT, SCHOOL, Room, basis, terms

ENDS = {SCHOOL: COUNCIL, SALT: NHS, FOOD_BANK: CHARITY}


def three(room: Room) -> dict[str, Any]:
    """The council gives to the trust and to a charity that joins late; the trust gives back to the council."""
    agreed = terms(room.today)
    (first,) = agreed["flows"]
    agreed["parties"][0]["excluded_organisation_ids"] = [str(EARLY_HELP)]
    late = {"legal_entity_id": str(CHARITY), "role": "controller", "joins_late": True}
    to_charity = first | {"to_entity_id": str(CHARITY)}
    back = first | {"from_entity_id": str(NHS), "to_entity_id": str(COUNCIL), "categories": ["identity", "health"]}
    bases = [basis(COUNCIL), basis(NHS), basis(CHARITY, "6(1)(f)")]
    return agreed | {"parties": [*agreed["parties"], late], "flows": [first, to_charity, back], "bases": bases}


async def decided(room: Room) -> dict[tuple[UUID, UUID], tuple[str, list[str]]]:
    """What may be shared from each organisation to each other, and why not, if nothing."""
    found = {}
    for giver in ENDS:
        others = [each for each in ENDS if each != giver]
        asked = [room.question(each, discloser_organisation_id=str(giver)) for each in others]
        worker = room.on_behalf(room.worker(giver))
        answer = await room.client.post("/internal/decisions", json={"questions": asked}, headers=worker)
        assert answer.status_code == 200, answer.text
        for taker, item in zip(others, answer.json()["items"], strict=True):
            decision = item["decision"]
            refused = sorted({each["code"] for each in decision["refusals"] if each["rule"] == 2})
            found[giver, taker] = (decision["outcome"], refused)
    return found


async def test_each_direction_and_each_recipient_is_decided_by_its_own_line_and_a_late_joiner_signs_alone(
    room: Room, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE organisation SET name = 'The early help team' WHERE id = $1", EARLY_HELP)
    made = await room.agree("DSA-3", three(room), SCHOOL, SALT)
    assert made["state"] == "active", "the late joiner holds up nobody else"
    assert "joins later, by its own signature" in made["text"]
    assert "without The early help team" in made["text"], "whoever signs reads which teams do not inherit"
    await room.engage()
    apart = await room.decide(discloser_organisation_id=str(EARLY_HELP))
    assert {each["code"] for each in apart["refusals"] if each["rule"] == 2} == {"organisation_excluded"}
    nothing = ("deny", ["no_agreement"])
    before = await decided(room)
    assert before == {
        (SCHOOL, SALT): ("permit", []),
        (SALT, SCHOOL): ("permit", []),
        (SCHOOL, FOOD_BANK): ("deny", ["party_has_not_signed"]),
        (FOOD_BANK, SCHOOL): nothing,
        (SALT, FOOD_BANK): nothing,
        (FOOD_BANK, SALT): nothing,
    }
    one = f"/agreements/{made['agreement_id']}/versions/1"
    signing = {"text_hash": made["text_hash"]}
    joined = await room.post(f"{one}/sign", signing, room.person(FOOD_BANK, "signatory"), 200)
    assert (joined["state"], joined["text_hash"]) == ("active", made["text_hash"]), "nobody else signs again"
    assert await owner.fetchval("SELECT count(*) FROM agreement_act WHERE act = 'signed'") == 3
    after = await decided(room)
    assert after == before | {(SCHOOL, FOOD_BANK): ("permit", [])}


async def test_a_broker_leads_without_being_a_party(room: Room) -> None:
    """The charity brings council and trust together: it drafts and submits, and neither signs nor receives."""
    broker = room.person(FOOD_BANK, "agreement_manager")
    drafted = {"reference": "DSA-B", "terms": terms(room.today)}
    made = await room.post("/agreements", drafted, broker, 201)
    one = f"/agreements/{made['id']}/versions/1"
    await room.get(one, room.person(SCHOOL, "dpo"), 404)
    version = await room.post(f"{one}/submit", {}, broker, 200)
    assert version["lead_entity_id"] == str(CHARITY)
    assert str(CHARITY) not in {party["legal_entity_id"] for party in version["terms"]["parties"]}
    signing = {"text_hash": version["text_hash"]}
    for organisation in (SCHOOL, SALT):
        await room.post(f"{one}/review", {"approved": True}, room.person(organisation, "dpo"), 200)
    assert (await room.post(f"{one}/review", {"approved": True}, room.person(FOOD_BANK, "dpo"))).status_code == 403
    assert (await room.post(f"{one}/sign", signing, room.person(FOOD_BANK, "signatory"))).status_code == 403
    for organisation in (SCHOOL, SALT):
        version = await room.post(f"{one}/sign", signing, room.person(organisation, "signatory"), 200)
    assert version["state"] == "active"
    await room.engage()
    found = await decided(room)
    assert found[SCHOOL, SALT] == ("permit", [])
    assert {pair for pair, (outcome, _) in found.items() if outcome != "deny"} == {(SCHOOL, SALT)}
    assert (await room.get(one, broker))["state"] == "active", "who leads goes on looking after it"
    assert (await room.get("/audit/disclosures", room.officer(FOOD_BANK)))["items"] == []
