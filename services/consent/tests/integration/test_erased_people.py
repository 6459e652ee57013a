"""One person of a family erased in consent: nothing is left of them, the others stay, and words are accounted for."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
from consent_room import CHILD, FAMILY, FOOD_BANK, MOTHER, SALT, SCHOOL, Room, terms
from erasing_room import ASKED, WORDS, answered, everything, lived

from connective.consent.domain.ledger import pseudonym
from connective.contracts.retention import PersonStands
from connective.kit.ids import new_id

FATHERS = "the quince orchard is his alone"


def kept_by_families(room: Room, person: UUID, *against: str) -> None:
    room.keepers.people[person] = PersonStands(
        version=4, person_ids=(person,), family_ids=(FAMILY,), against=against, removed=9
    )


async def about_two(room: Room) -> None:
    """Statements, an override, a one-off, findings and requests: some about the child alone, some about both."""
    override = {"recipient_organisation_id": str(SALT), "categories": ["safeguarding"], "share": True}
    why = {"reason": FATHERS, "risk_of_not_sharing": FATHERS, "family_told": False, "family_told_note": FATHERS}
    both = {"person_ids": [str(CHILD), str(MOTHER)], "reason": "Both must be safe.", "risk_of_not_sharing": "Harm."}
    await room.post("/overrides", override | why | both | {"family_told_note": "Unsafe."}, room.worker(), 201)
    asked = {"kind": "access", "received_on": str(room.today)}
    for reference, about, people in (("SAR-1", WORDS, [CHILD]), ("SAR-2", "Both of them.", [CHILD, MOTHER])):
        whom = {"reference": reference, "about": about, "person_ids": [str(each) for each in people]}
        await room.post("/audit/information-requests", asked | whom, room.officer(), 201)
    wrong = {"what": WORDS, "categories": ["identity"], "since": room.clock().isoformat()}
    await room.post("/audit/corrections", wrong | {"person_ids": [str(CHILD)]}, room.officer(), 201)


async def erased_one(room: Room, erasure: str, person: UUID) -> None:
    whom = {"person_id": str(person), "person_ids": [str(person)], "family_ids": [str(FAMILY)]}
    data = {"erasure_id": erasure, "at": room.clock().isoformat()} | whom
    await room.event("hub.families.person.erased", person, data)


async def asked_for(room: Room, person: UUID, status: int = 201) -> Any:
    body = ASKED | {"family_id": str(FAMILY), "person_id": str(person)}
    return await room.post("/retention/requests", body, room.officer(), status)


async def test_one_person_is_erased_and_the_others_stay(room: Room, owner: asyncpg.Connection) -> None:
    await lived(room)
    await about_two(room)
    kept_by_families(room, CHILD)
    key = await owner.fetchval("SELECT key FROM person_key WHERE person_id = $1", CHILD)
    mothers = await owner.fetchval("SELECT pseudonym FROM person_key WHERE person_id = $1", MOTHER)
    before = await everything(owner)
    one = f"/retention/families/{FAMILY}/people/{CHILD}/preview"
    foreseen = await room.get(one, room.officer())
    assert _without_looks(await everything(owner)) == _without_looks(before), "a preview changes nothing"
    assert (foreseen["person"], foreseen["against"]) == (pseudonym(CHILD, key), [])
    assert {kept["what"]: kept["records"] for kept in foreseen["kept_words"]} == {
        "information_requests": 1,
        "overrides": 1,
        "statements": 1,
    }
    made = await asked_for(room, CHILD)
    assert made["person"] == pseudonym(CHILD, key)
    (ordered,) = await owner.fetch("SELECT data FROM outbox WHERE subject = 'hub.consent.erasure.ordered'")
    assert json.loads(ordered["data"])["person_id"] == str(CHILD)
    await erased_one(room, made["erasure_id"], CHILD)
    left = await everything(owner)
    for gone in (str(CHILD), key.hex()):
        assert gone not in left, [line for line in left.splitlines() if gone in line]
    evidence = [line for line in left.splitlines() if WORDS in line]
    assert all(line.startswith(("consent_record:", "consent_act:")) for line in evidence), "the mother's own yes stays"
    for stays in (str(MOTHER), str(FAMILY), mothers, "Both must be safe.", "Both of them."):
        assert stays in left
    for service in ("families", "referrals"):
        await answered(room, made["erasure_id"], service)
    room.clock.move(timedelta(seconds=3))
    await room.seal()
    shown = await room.get(f"/retention/erasures/{made['erasure_id']}/certificate", room.officer())
    assert shown["erasure"]["person"] == pseudonym(CHILD, key)
    own = next(part for part in shown["erasure"]["parts"] if part["service"] == "consent")
    counted = {part["service"]: part["would_remove"] for part in foreseen["parts"]}
    assert own["removed"] == counted["consent"]
    words = {kept["what"]: kept["because"] for kept in shown["kept_words"]}
    assert set(words) == {"erasure_requests", "information_requests", "overrides", "statements"}
    assert "Article 17(3)(b)" in words["overrides"]
    assert (await room.post("/ledger/verify", None, room.officer(), 200))["whole"] is True
    assert (await room.disclose()).status_code == 404, "nothing begins to be kept of them again"
    mother = await room.disclose(subjects=[str(MOTHER)])
    assert mother.status_code == 200, mother.text


async def test_words_about_two_go_with_the_last_of_them(room: Room, owner: asyncpg.Connection) -> None:
    await lived(room)
    await about_two(room)
    for person in (CHILD, MOTHER):
        kept_by_families(room, person)
        made = await asked_for(room, person)
        await erased_one(room, made["erasure_id"], person)
        for service in ("families", "referrals"):
            await answered(room, made["erasure_id"], service)
    left = await everything(owner)
    for gone in ("Both must be safe.", "Both of them.", str(MOTHER), WORDS):
        assert gone not in left, [line for line in left.splitlines() if gone in line]


async def test_what_stands_against_erasing_one_person(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    preview, officer = f"/retention/families/{FAMILY}/people/{CHILD}/preview", room.officer()
    kept_by_families(room, CHILD, "whereabouts_restricted")
    assert (await asked_for(room, CHILD, 409))["reason"] == "whereabouts_restricted"
    kept_by_families(room, CHILD)
    review = str(room.today + timedelta(days=30))
    hold = {"reference": "C-1", "reason": "A claim.", "review_on": review, "person_ids": [str(CHILD)]}
    held = await room.post("/retention/holds", hold, officer, 201)
    assert (await room.get(preview, officer))["against"] == ["legal_hold"]
    assert (await asked_for(room, CHILD, 409))["reason"] == "legal_hold"
    await room.post(f"/retention/holds/{held['id']}/lift", {"reason": "Settled."}, officer, 200)
    room.keepers.open.add(FAMILY)
    assert (await asked_for(room, CHILD, 409))["reason"] == "open_request"
    room.keepers.open.clear()
    await asked_for(room, CHILD)
    assert (await asked_for(room, CHILD, 409))["reason"] == "under_way"
    await room.get(f"/retention/families/{FAMILY}/people/{new_id()}/preview", officer, 404)
    await room.get(preview, room.worker(FOOD_BANK), 403)


def _without_looks(rows: str) -> list[str]:
    looks = ("access_record:", "ledger_entry:", "ledger_pending:", "ledger_leaf:", "inbox:")
    return sorted(line for line in rows.splitlines() if not line.startswith(looks))
