"""How statements are recorded: by whom, through whom, on what proof; and where holders differ."""

from datetime import timedelta
from typing import Any

import asyncpg
from consent_room import CHILD, COUNCIL, EARLY_HELP, FATHER, MOTHER, PR, SALT, SCHOOL, Room, terms


def said(
    giver: Any = MOTHER, state: str = "given", about: Any = CHILD, authority: str = PR, **more: Any
) -> dict[str, Any]:
    full = {
        "kind": "agreement_to_engage",
        "state": state,
        "given_by": str(giver),
        "about": [{"person_id": str(about), "authority": authority}],
        "how": "telephone",
    }
    return full | more


async def test_how_it_was_said_is_kept_and_shown(room: Room) -> None:
    interpreter = {"kind": "telephone_service", "name": "Interpreter 2207", "language": "pl"}
    body = said(interpreter=interpreter, evidence="Call note 14", note="Yes, please.")
    body["notice"] = {"reference": "Early help privacy notice", "version": "3"}
    made = await room.post("/consents", body, room.worker(), 201)
    assert (made["how"], made["interpreter"], made["notice"]) == ("telephone", interpreter, body["notice"])
    assert made["evidence"] == "Call note 14"
    withdrawing = {"how": "written", "note": "No longer.", "interpreter": interpreter}
    ended = await room.post(f"/consents/{made['id']}/withdraw", withdrawing, room.worker(), 200)
    assert [(a["act"], a["how"], a["note"]) for a in ended["history"]] == [
        ("given", "telephone", "Yes, please."),
        ("withdrawn", "written", "No longer."),
    ]
    relative = said(interpreter={**interpreter, "kind": "daughter"})
    assert (await room.post("/consents", relative, room.worker())).status_code == 422


async def test_the_council_speaks_under_a_care_order(room: Room, owner: asyncpg.Connection) -> None:
    about = [{"person_id": str(CHILD), "authority": "local_authority_care_order", "evidence": "Order of 3 May seen"}]
    given_for = {"legal_entity_id": str(COUNCIL), "spoken_by": "A. Marsh, social worker"}
    body = {**said(), "about": about, "given_for": given_for}
    assert (await room.post("/consents", body, room.worker())).status_code == 422, "a person or a body, not both"
    del body["given_by"]
    made = await room.post("/consents", body, room.worker(), 201)
    assert (made["given_by"], made["given_for"]) == (None, given_for)
    entry = await owner.fetchval("SELECT body FROM ledger_entry WHERE kind = 'consent'")
    assert str(COUNCIL) in entry
    assert str(CHILD) not in entry
    await room.post(f"/consents/{made['id']}/withdraw", {}, room.worker(), 200)
    unknown = {**body, "given_for": {**given_for, "legal_entity_id": str(CHILD)}}
    assert (await room.post("/consents", unknown, room.worker())).status_code == 404


async def test_holders_who_differ_wait_for_the_practice_lead(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    lead = room.person(SCHOOL, "practice_lead")
    assert (await room.get("/consents/differences", lead))["items"] == []
    no = await room.post("/consents", said(FATHER, "refused", note="My own words."), room.worker(), 201)
    (waiting,) = (await room.get("/consents/differences", lead))["items"]
    assert (waiting["consent_id"], waiting["refused_by"]) == (no["id"], str(FATHER))
    (about,) = waiting["people"]
    assert (about["person_id"], about["own"]) == (str(CHILD), False)
    assert [o["given_by"] for o in about["others"]] == [str(MOTHER)]
    assert "My own words." not in str(waiting)
    await room.get("/consents/differences", room.worker(), 403)
    assert (await room.get("/consents/differences", room.person(EARLY_HELP, "practice_lead")))["items"] == []
    room.clock.move(timedelta(minutes=1))
    ruling = {"person_id": str(CHILD), "kind": "agreement_to_engage", "share": True, "reasons": "She needs it."}
    ruled = await room.post("/consents/rulings", ruling, lead, 201)
    assert (await room.get("/consents/differences", lead))["items"] == []
    assert (await room.get(f"/consents/rulings?person_id={CHILD}", lead))["items"] == [ruled]
    assert await room.get(f"/consents/rulings/{ruled['id']}", room.worker()) == ruled
    await room.get(f"/consents/rulings/{ruled['id']}", room.worker(EARLY_HELP), 404)
    assert (await room.decide())["outcome"] == "permit"
    room.clock.move(timedelta(minutes=1))
    await room.post("/consents", said(FATHER, "refused"), room.worker(), 201)
    (again,) = (await room.get("/consents/differences", lead))["items"]
    assert again["consent_id"] != no["id"], "a no after the ruling waits anew"


async def test_a_holder_who_agrees_later_differs_no_more(room: Room) -> None:
    await room.engage()
    lead = room.person(SCHOOL, "practice_lead")
    await room.post("/consents", said(FATHER, "refused"), room.worker(), 201)
    room.clock.move(timedelta(minutes=1))
    await room.post("/consents", said(FATHER), room.worker(), 201)
    assert (await room.get("/consents/differences", lead))["items"] == []


async def test_a_record_is_exported_and_printed_for_its_own_organisation(room: Room) -> None:
    made = await room.post("/consents", said(scope={"recipient_organisation_ids": [str(SALT)]}), room.worker(), 201)
    one = f"/consents/{made['id']}"
    exported = await room.client.get(f"{one}/export", headers=room.worker())
    assert exported.headers["Content-Type"] == "application/ld+json"
    assert exported.json()["@graph"][0]["record_id"] == f"{made['id']}:{CHILD}"
    page = await room.client.get(f"{one}/receipt?large_print=true", headers=room.worker())
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    text = await room.client.get(f"{one}/receipt?form=text", headers=room.worker())
    assert "Felpersham NHS Trust (charity)" in text.text
    for what in ("export", "receipt"):
        await room.get(f"{one}/{what}", room.worker(EARLY_HELP), 404)
    await room.get(f"{one}/receipt?language=xx", room.worker(), 422)
