"""What an officer finds in the lists under `/audit`, and that each look leaves its trace."""

import json
from datetime import timedelta
from typing import Any

import asyncpg
from consent_room import CHARITY, CHILD, COUNCIL, FAMILY, FOOD_BANK, NHS, SALT, SCHOOL, Room, terms

from connective.kit.ids import new_id


async def shared(room: Room) -> dict[str, Any]:
    """An agreement of council and trust, under which a child's record was read once and refused to the food bank."""
    version = await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    assert (await room.disclose()).status_code == 200
    assert (await room.disclose(FOOD_BANK)).json()["disclosure_id"] is None
    return version


async def looked(room: Room, *, actor: str | None = None, act: str = "family.read") -> str:
    """One act of looking, as families tell it."""
    actor = actor or str(new_id())
    data: dict[str, Any] = {
        "act_id": str(new_id()),
        "act": act,
        "actor_id": actor,
        "organisation_id": str(SCHOOL),
        "family_id": str(FAMILY),
        "person_ids": [str(CHILD)],
        "purpose": None,
        "hits": None,
        "at": room.clock().isoformat(),
    }
    await room.event("hub.families.audit.recorded", new_id(), data)
    return actor


async def test_the_register_is_narrowed_by_standing_party_purpose_and_category(room: Room) -> None:
    await shared(room)
    officer = room.officer()
    draft = {"reference": "DSA-2", "terms": terms(room.today, CHARITY)}
    await room.post("/agreements", draft, room.person(SCHOOL, "agreement_manager"), 201)
    for query, expected in (
        ("", ["DSA-1", "DSA-2"]),
        ("?standing=active", ["DSA-1"]),
        ("?standing=in_preparation", ["DSA-2"]),
        ("?standing=review_due", []),
        ("?standing=expired", []),
        ("?standing=awaiting", []),
        (f"?legal_entity_id={NHS}", ["DSA-1"]),
        (f"?legal_entity_id={CHARITY}&standing=active", []),
        ("?purpose=referral&category=health&limit=1", ["DSA-1"]),
        ("?purpose=research", []),
        ("?category=immigration", []),
    ):
        for register in ("/audit/agreements", "/agreements"):
            found = await room.get(f"{register}{query}", officer)
            assert [line["reference"] for line in found["items"]] == expected, (register, query)
    room.clock.move(timedelta(days=300))
    (due,) = (await room.get("/audit/agreements?standing=review_due", officer))["items"]
    assert (due["review_due"], set(due["party_ids"])) == (True, {str(COUNCIL), str(NHS)})
    assert due["categories"] == ["education", "health", "identity"]
    (line,) = (await room.get("/agreements?standing=review_due", officer))["items"]
    assert (line["review_on"], line["purposes"]) == (due["review_on"], ["referral"])
    assert set(line["party_ids"]) == set(due["party_ids"])


async def test_disclosures_and_decisions_by_everything_an_officer_asks_for(room: Room) -> None:
    version = await shared(room)
    officer = room.officer()
    (one,) = (await room.get("/audit/disclosures", officer))["items"]
    (person,) = one["people"]
    agreement = version["agreement_id"]
    later = (room.clock() + timedelta(minutes=1)).isoformat().replace("+00:00", "Z")
    for query, count in (
        (f"agreement_id={agreement}", 1),
        (f"agreement_id={new_id()}", 0),
        (f"organisation_id={SALT}", 1),
        (f"organisation_id={FOOD_BANK}", 0),
        ("purpose=referral&category=health", 1),
        ("category=finance", 0),
        (f"person={person}", 1),
        (f"person={'0' * 32}", 0),
        (f"from={later}", 0),
        (f"to={later}", 1),
        (f"reader_id={one['reader_id']}", 1),
    ):
        assert len((await room.get(f"/audit/disclosures?{query}", officer))["items"]) == count, query
    (refused,) = (await room.get("/audit/decisions?outcome=deny", officer))["items"]
    assert refused["recipient_organisation_id"] == str(FOOD_BANK)
    assert "no_agreement" in refused["refused_for"]
    assert refused["agreement_id"] is None
    again = await room.get(f"/audit/decisions?code=no_agreement&person={person}", officer)
    assert [d["id"] for d in again["items"]] == [refused["id"]]
    assert (await room.get("/audit/decisions?code=family_refused", officer))["items"] == []
    assert str(CHILD) not in json.dumps([one, refused])


async def test_another_entitys_officer_sees_only_its_own(room: Room) -> None:
    await shared(room)
    await looked(room)
    charity, trust = room.officer(FOOD_BANK), room.officer(SALT)
    assert (await room.get("/audit/disclosures", charity))["items"] == []
    assert len((await room.get("/audit/decisions", charity))["items"]) == 1
    assert (await room.get("/audit/agreements", charity))["items"] == []
    assert len((await room.get("/audit/disclosures", trust))["items"]) == 1
    acts = {a["act"] for a in (await room.get("/audit/accesses", trust))["items"]}
    assert "family.read" not in acts, "a party to an agreement is not the auditor of the other's staff"


async def test_an_audit_clause_opens_the_access_log_of_the_parties(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today, audit_entity_ids=[str(CHARITY)]), SCHOOL, SALT)
    await looked(room)
    found = await room.get("/audit/accesses?act=family.read", room.officer(FOOD_BANK))
    assert len(found["items"]) == 1


async def test_the_access_log_says_who_looked_and_keeps_the_officers_own_looks(
    room: Room, owner: asyncpg.Connection
) -> None:
    await room.engage()
    reader = await looked(room)
    auditor = new_id()
    officer = room.person(SCHOOL, "auditor", account=auditor)
    (one,) = (await room.get(f"/audit/accesses?actor_id={reader}", officer))["items"]
    assert (one["act"], one["organisation_id"], len(one["people"])) == ("family.read", str(SCHOOL), 1)
    (same,) = (await room.get(f"/audit/accesses?act=family.read&person={one['people'][0]}", officer))["items"]
    assert same["id"] == one["id"]
    own = await room.get(f"/audit/accesses?actor_id={auditor}", officer)
    assert [a["act"] for a in own["items"]] == ["audit.accesses_listed"] * 2
    bodies = await owner.fetch("SELECT body FROM ledger_entry WHERE kind = 'access' AND body LIKE '%audit.accesses%'")
    assert len(bodies) == 3
    assert one["people"][0] in "".join(row["body"] for row in bodies), "what was asked for is part of the entry"


async def test_the_access_log_by_everything_an_officer_asks_for(room: Room) -> None:
    await room.engage()
    reader = await looked(room)
    officer = room.officer()
    (one,) = (await room.get(f"/audit/accesses?actor_id={reader}", officer))["items"]
    later = (room.clock() + timedelta(minutes=1)).isoformat().replace("+00:00", "Z")
    for query, found in (
        (f"organisation_id={SCHOOL}", True),
        (f"organisation_id={SALT}", False),
        ("act=family.read", True),
        ("act=case.read", False),
        ("purpose=referral", False),
        (f"person={one['people'][0]}", True),
        (f"person={'0' * 32}", False),
        (f"from={later}", False),
        (f"to={later}", True),
    ):
        items = (await room.get(f"/audit/accesses?{query}", officer))["items"]
        assert (one["id"] in {each["id"] for each in items}) is found, query


async def test_overrides_awaiting_review_and_overdue(room: Room) -> None:
    used = {
        "recipient_organisation_id": str(SALT),
        "person_ids": [str(CHILD)],
        "categories": ["safeguarding"],
        "share": True,
        "reason": "She was seen alone at night.",
        "risk_of_not_sharing": "Nobody would look.",
        "family_told": False,
        "family_told_note": "It would not be safe.",
    }
    made = await room.post("/overrides", used, room.worker(), 201)
    officer, lead = room.officer(), room.person(SCHOOL, "safeguarding_lead")
    (waiting,) = (await room.get("/audit/overrides?review=awaiting", officer))["items"]
    assert (waiting["id"], waiting["overdue"]) == (made["id"], False)
    assert "seen alone" not in json.dumps(waiting)
    assert str(CHILD) not in json.dumps(waiting)
    room.clock.move(timedelta(days=6))
    assert (await room.get("/audit/overrides?review=overdue", officer))["items"][0]["overdue"] is True
    await room.post(f"/overrides/{made['id']}/review", {"upheld": True, "note": "Right so."}, lead, 200)
    assert (await room.get("/audit/overrides?review=awaiting", officer))["items"] == []
    (reviewed,) = (await room.get("/audit/overrides?review=reviewed", officer))["items"]
    assert reviewed["upheld"] is True
    one_off = {
        "recipient_organisation_id": str(SALT),
        "ground": "vital_interests",
        "person_ids": [str(CHILD)],
        "categories": ["identity"],
        "reason": "She could not be woken.",
    }
    await room.post("/disclosures/one-offs", one_off, lead, 201)
    (found,) = (await room.get("/audit/one-offs", officer))["items"]
    assert (found["ground"], len(found["people"])) == ("vital_interests", 1)


async def test_filters_that_do_not_exist_are_refused(room: Room) -> None:
    for path in ("agreements", "disclosures", "decisions", "accesses", "overrides", "one-offs"):
        assert (await room.client.get(f"/audit/{path}?persn=1", headers=room.officer())).status_code == 422
        assert (await room.client.get(f"/audit/{path}", headers=room.worker())).status_code == 403
