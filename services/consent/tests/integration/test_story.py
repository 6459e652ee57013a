"""The room's part of the story: agreements, a block and what clears it, consent, reading, withdrawal, the ledger."""

import base64
import json
from datetime import timedelta
from typing import Any

import asyncpg
from consent_room import (
    CHARITY,
    CHILD,
    COUNCIL,
    EARLY_HELP,
    FATHER,
    FOOD_BANK,
    MOTHER,
    NHS,
    PLACE,
    PR,
    SALT,
    SCHOOL,
    STRANGER,
    Room,
    basis,
    terms,
)

from connective.kit.ids import new_id
from connective.kit.testing import key_header


def claims_of(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    head, body = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    return head, body


async def facts_told(owner: asyncpg.Connection, subject: str) -> list[dict[str, Any]]:
    rows = await owner.fetch("SELECT data FROM outbox WHERE subject = $1 ORDER BY id", subject)
    return [json.loads(row["data"]) for row in rows]


async def test_blocked_then_cleared_by_the_next_version(room: Room, owner: asyncpg.Connection) -> None:
    bare = terms(room.today, bases=[basis(COUNCIL), basis(NHS, article_9=None, schedule_1_paragraph="")])
    version = await room.agree("DSA-SALT", bare, SCHOOL, SALT)
    assert version["state"] == "active"
    assert [f["code"] for f in version["findings"]] == ["article_9_condition_missing"]
    await room.engage()
    decision = await room.decide()
    assert decision["outcome"] == "partial"
    assert decision["categories"] == ["identity"]
    (refusal,) = decision["refusals"]
    assert (refusal["rule"], refusal["category"]) == (3, "health")
    assert "Felpersham NHS Trust gives no Article 9 condition" in refusal["sentence"]

    manager = room.person(SCHOOL, "agreement_manager")
    draft = await room.post(f"/agreements/{version['agreement_id']}/versions", {}, manager, 201)
    assert (draft["number"], draft["state"]) == (2, "draft")
    one = f"/agreements/{draft['agreement_id']}/versions/2"
    edited = await room.client.put(one, json=terms(room.today), headers=manager | {"If-Match": '"1"'})
    assert edited.status_code == 200
    assert edited.headers["ETag"] == '"2"'
    assert (
        await room.client.put(one, json=terms(room.today), headers=manager | {"If-Match": '"1"'})
    ).status_code == 412
    assert (await room.client.put(one, json=terms(room.today), headers=manager)).status_code == 428
    signed = await room.carry(draft["agreement_id"], 2, SCHOOL, SALT)
    assert (signed["state"], signed["findings"]) == ("active", [])
    assert (await room.decide())["outcome"] == "permit"

    shown = await room.get(f"/agreements/{draft['agreement_id']}", manager)
    assert [v["state"] for v in shown["versions"]] == ["superseded", "active"]
    assert shown["version_in_force"] == 2
    assert [f["version"] for f in await facts_told(owner, "hub.consent.agreement.activated")] == [1, 2]
    assert [f["version"] for f in await facts_told(owner, "hub.consent.agreement.superseded")] == [1]


async def test_reading_is_recorded_and_permitted_until_withdrawn(room: Room, owner: asyncpg.Connection) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    engaged = await room.engage()
    answer = (await room.disclose()).json()
    assert answer["decision"]["outcome"] == "permit"
    head, claims = claims_of(answer["permit"])
    assert (head["typ"], head["alg"]) == ("hub-permit+jwt", "ES256")
    assert (claims["iss"], claims["aud"], claims["jti"]) == ("consent", "families", answer["disclosure_id"])
    assert claims["exp"] - claims["iat"] == 30
    assert claims["subjects"] == {str(CHILD): ["health", "identity"]}
    assert (claims["place"], claims["organisation"]) == (str(PLACE), str(SALT))

    withdrawn = await room.post(f"/consents/{engaged['id']}/withdraw", {}, room.worker(), 200)
    assert (withdrawn["state"], withdrawn["allowed_actions"]) == ("withdrawn", [])
    closed = (await room.disclose()).json()
    assert closed["decision"]["outcome"] == "deny"
    assert closed["permit"] is closed["disclosure_id"] is None
    assert {r["code"] for r in closed["decision"]["refusals"]} == {"family_refused"}
    again = await room.post(f"/consents/{engaged['id']}/withdraw", {}, room.worker())
    assert again.status_code == 409

    (told,) = await facts_told(owner, "hub.consent.consent.withdrawn")
    assert set(told["person_ids"]) == {str(MOTHER), str(CHILD)}
    assert len(await facts_told(owner, "hub.consent.disclosure.recorded")) == 1
    assert await owner.fetchval("SELECT count(*) FROM decision") == 2


async def test_officers_see_who_shared_what_but_not_about_whom(room: Room) -> None:
    agreed = await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    disclosure = (await room.disclose()).json()
    officer = room.officer()
    page = await room.get(f"/disclosures?agreement_id={agreed['agreement_id']}", officer)
    (one,) = page["items"]
    assert one["id"] == disclosure["disclosure_id"]
    assert one["agreement_reference"] == "DSA-1"
    assert one["categories"] == ["health", "identity"]
    assert len(one["people"][0]) == 32
    decision = await room.get(f"/decisions/{one['decision_id']}", officer)
    assert decision["permitted"] == {one["people"][0]: ["health", "identity"]}
    for document in (page, decision, await room.get(f"/disclosures/{one['id']}", officer)):
        assert str(CHILD) not in json.dumps(document)
    later = (room.clock() + timedelta(seconds=1)).isoformat().replace("+00:00", "Z")
    assert (await room.get(f"/disclosures?from={later}", officer))["items"] == []
    assert len((await room.get(f"/disclosures?to={later}&purpose=referral", officer))["items"]) == 1
    assert (await room.get("/disclosures", room.officer(SALT)))["items"] != []
    assert (await room.get("/disclosures", room.officer(FOOD_BANK)))["items"] == []
    await room.get(f"/disclosures/{one['id']}", room.officer(FOOD_BANK), 404)
    await room.get(f"/decisions/{one['decision_id']}", room.officer(FOOD_BANK), 404)
    await room.get("/disclosures?nonsense=1", officer, 422)


async def test_an_auditor_named_in_the_agreement_sees_its_disclosures(room: Room) -> None:
    agreed = terms(room.today, audit_entity_ids=[str(CHARITY)])
    await room.agree("DSA-1", agreed, SCHOOL, SALT)
    await room.engage()
    await room.disclose()
    assert len((await room.get("/disclosures", room.officer(FOOD_BANK)))["items"]) == 1


async def test_consent_where_the_basis_is_consent(room: Room) -> None:
    bases = [basis(COUNCIL), basis(CHARITY, "6(1)(a)", article_9="9(2)(a)")]
    await room.agree("DSA-FOOD", terms(room.today, CHARITY, bases=bases), SCHOOL, FOOD_BANK)
    await room.engage()
    about = {"recipient": FOOD_BANK, "categories": ["identity"], "subjects": [str(MOTHER)]}
    assert {r["code"] for r in (await room.decide(**about))["refusals"]} == {"consent_missing"}
    scope = {
        "recipient_organisation_ids": [str(FOOD_BANK)],
        "purposes": ["referral"],
        "categories": ["identity", "education"],
    }
    body = {
        "kind": "consent",
        "state": "given",
        "given_by": str(MOTHER),
        "about": [{"person_id": str(MOTHER), "authority": "own"}],
        "scope": scope,
        "how": "written",
    }
    made = await room.post("/consents", body, room.worker(), 201)
    decision = await room.decide(**about)
    assert decision["outcome"] == "permit"
    assert made["id"] in decision["consent_record_ids"]
    await room.post("/consents", body | {"scope": {}}, room.worker(), 422)
    listed = await room.get(f"/consents?person_id={MOTHER}", room.worker())
    assert [c["kind"] for c in listed["items"]] == ["agreement_to_engage", "consent"]
    both = await room.get(f"/consents?person_id={MOTHER}&person_id={CHILD}", room.worker())
    assert both["items"] == listed["items"], "what is about both stands there once"
    of_the_child = await room.get(f"/consents?person_id={CHILD}", room.worker())
    assert [c["kind"] for c in of_the_child["items"]] == ["agreement_to_engage"]
    await room.get("/consents", room.worker(), 422)
    assert (await room.get(f"/consents?person_id={MOTHER}", room.worker(EARLY_HELP)))["items"] == []
    await room.get(f"/consents/{made['id']}", room.worker(EARLY_HELP), 404)


async def test_who_may_not_say_yes(room: Room) -> None:
    def body(giver: Any, *about: tuple[Any, str]) -> dict[str, Any]:
        people = [{"person_id": str(p), "authority": a} for p, a in about]
        common = {"kind": "agreement_to_engage", "state": "given", "how": "in_person"}
        return common | {"given_by": str(giver), "about": people}

    other_adult = await room.post("/consents", body(MOTHER, (FATHER, PR)), room.worker())
    assert other_adult.status_code == 422
    assert other_adult.json()["type"] == "/problems/no-authority"
    assert other_adult.json()["reason"] == "another_adult"
    assert (await room.post("/consents", body(CHILD, (CHILD, "own")), room.worker())).status_code == 422
    assert (await room.post("/consents", body(MOTHER, (STRANGER, PR)), room.worker())).status_code == 404
    room.families.away = True
    away = await room.post("/consents", body(MOTHER, (MOTHER, "own")), room.worker())
    assert away.status_code == 503
    assert away.headers["Retry-After"]


async def test_a_fathers_no_and_the_practice_leads_ruling(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    about = [{"person_id": str(CHILD), "authority": PR}]
    no = {
        "kind": "agreement_to_engage",
        "state": "refused",
        "given_by": str(FATHER),
        "about": about,
        "how": "telephone",
    }
    await room.post("/consents", no, room.worker(), 201)
    decision = await room.decide()
    assert decision["outcome"] == "permit"
    assert any("differ" in w for w in decision["warnings"])
    ruling = {"person_id": str(CHILD), "kind": "agreement_to_engage", "share": False, "reasons": "In her interest."}
    assert (await room.post("/consents/rulings", ruling, room.worker())).status_code == 403
    await room.post("/consents/rulings", ruling, room.person(SCHOOL, "practice_lead"), 201)
    assert (await room.decide())["outcome"] == "deny"


async def test_objection_denies_until_resolved(room: Room, owner: asyncpg.Connection) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    stranger = {"person_id": str(MOTHER), "raised_by": str(FATHER)}
    assert (await room.post("/objections", stranger, room.worker())).status_code == 422
    body = {"person_id": str(CHILD), "raised_by": str(FATHER), "reason": "I do not want this."}
    raised = await room.post("/objections", body, room.worker(), 201)
    assert {r["code"] for r in (await room.decide())["refusals"]} == {"objection_open"}
    dpo = room.person(EARLY_HELP, "dpo")
    assert [o["id"] for o in (await room.get("/objections?state=open", dpo))["items"]] == [raised["id"]]
    await room.get(f"/objections/{raised['id']}", room.person(SALT, "dpo"), 404)
    resolving = {"upheld": False, "resolution": "The task is in the child's interest."}
    resolved = await room.post(f"/objections/{raised['id']}/resolve", resolving, dpo, 200)
    assert resolved["state"] == "dismissed"
    assert (await room.decide())["outcome"] == "permit"
    assert (await room.post(f"/objections/{raised['id']}/resolve", resolving, dpo)).status_code == 409
    (told,) = await facts_told(owner, "hub.consent.objection.resolved")
    assert told["upheld"] is False


async def test_suspension_and_restriction_reach_decisions_by_events(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    named: dict[str, Any] = {
        "person_id": str(CHILD),
        "kind": "whereabouts",
        "active": True,
        "named_organisation_ids": [],
    }
    await room.event("hub.families.restriction.changed", CHILD, named, version=3)
    asked = {"categories": ["identity", "education"]}
    assert (await room.decide(**asked))["categories"] == ["identity"]
    await room.event("hub.families.restriction.changed", CHILD, named | {"active": False}, version=2)
    assert (await room.decide(**asked))["categories"] == ["identity"], "an older event changes nothing"
    await room.event("hub.families.restriction.changed", CHILD, named | {"active": False}, version=4)
    assert (await room.decide(**asked))["outcome"] == "permit"
    await room.organisation(SALT, version=2, state="suspended")
    assert {r["code"] for r in (await room.decide())["refusals"]} == {"recipient_suspended"}


async def test_one_entitys_teams_and_unknown_recipients(room: Room) -> None:
    await room.engage()
    assert (await room.decide(recipient=EARLY_HELP))["outcome"] == "permit"
    assert {r["rule"] for r in (await room.decide(recipient=new_id()))["refusals"]} == {1, 2}
    assert (await room.decide(recipient=FOOD_BANK, categories=["progress"]))["outcome"] == "permit"


async def test_override_stands_is_reviewed_and_falls(room: Room, owner: asyncpg.Connection) -> None:
    using = {
        "recipient_organisation_id": str(FOOD_BANK),
        "person_ids": [str(CHILD)],
        "categories": ["identity"],
        "share": True,
        "reason": "Left alone overnight.",
        "risk_of_not_sharing": "Hunger.",
        "family_told": False,
        "family_told_note": "It would put her at risk.",
    }
    worker = room.worker()
    used = await room.post("/overrides", using, worker, 201)
    about = {"recipient": FOOD_BANK, "categories": ["identity"], "purpose": "safeguarding"}
    assert (await room.decide(**about))["outcome"] == "permit"
    lead = room.person(SCHOOL, "safeguarding_lead")
    assert [o["id"] for o in (await room.get("/overrides", lead))["items"]] == [used["id"]]
    assert (await room.post(f"/overrides/{used['id']}/confirm-restriction", {}, worker)).status_code == 403
    await room.post(f"/overrides/{used['id']}/confirm-restriction", {}, lead, 200)
    reviewed = await room.post(f"/overrides/{used['id']}/review", {"upheld": False, "note": "Not needed."}, lead, 200)
    assert reviewed["upheld"] is False
    assert (await room.decide(**about))["outcome"] == "deny"
    (told,) = await facts_told(owner, "hub.consent.override.used")
    assert told["decision_id"] == used["decision_id"]
    assert await owner.fetchval("SELECT outcome FROM decision WHERE id = $1", used["decision_id"]) == "permit"
    await room.get(f"/overrides/{used['id']}", room.worker(EARLY_HELP), 404)


async def test_a_one_off_disclosure(room: Room) -> None:
    await room.engage()
    body = {
        "recipient_organisation_id": str(FOOD_BANK),
        "ground": "vital_interests",
        "person_ids": [str(CHILD)],
        "categories": ["identity"],
        "reason": "She has not eaten.",
    }
    await room.post("/disclosures/one-offs", body, room.person(SCHOOL, "safeguarding_lead"), 201)
    decision = await room.decide(recipient=FOOD_BANK, categories=["identity", "health"])
    assert decision["categories"] == ["identity"]


async def test_workers_ask_for_their_own_organisation_and_people(room: Room) -> None:
    await room.agree("DSA-1", terms(room.today), SCHOOL, SALT)
    await room.engage()
    headers = room.worker() | key_header()
    asked = {"questions": [room.question(), room.question(FOOD_BANK)]}
    first = await room.client.post("/decisions", json=asked, headers=headers)
    assert first.status_code == 201
    assert [i["decision"]["outcome"] for i in first.json()["items"]] == ["permit", "deny"]
    replay = await room.client.post("/decisions", json=asked, headers=headers)
    assert replay.json() == first.json()
    assert replay.headers["Idempotent-Replay"] == "true"
    assert (await room.post("/decisions", asked, room.worker(EARLY_HELP))).status_code == 404
    stranger = {"questions": [room.question(subjects=[str(STRANGER)])]}
    assert (await room.post("/decisions", stranger, room.worker())).status_code == 404


async def test_only_the_recipient_reads_and_only_services_ask(room: Room) -> None:
    asked = {"question": room.question(), "request_id": str(new_id()), "request_version": 1}
    other = room.on_behalf(room.person(FOOD_BANK, "partner_worker"))
    assert (await room.client.post("/internal/disclosures", json=asked, headers=other)).status_code == 403
    direct = room.person(SALT, "partner_worker")
    assert (await room.client.post("/internal/disclosures", json=asked, headers=direct)).status_code == 404
    wrong = room.worker() | room.identities.caller("partners", "consent")
    refused = await room.client.post("/internal/decisions", json={"questions": [room.question()]}, headers=wrong)
    assert refused.status_code == 403
