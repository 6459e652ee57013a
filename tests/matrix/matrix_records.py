"""One record of every kind, made once through the front door by people of the cast, with names nobody else has."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
from matrix_askers import Asker as Kind
from matrix_askers import Mint, Standing
from matrix_bodies import an_intake, an_invitation, joint_terms
from matrix_members import LONE
from matrix_samples import Records

from connective.kit.testing import eventually
from connective.local.plain import NO_TLS
from connective.local.stack import Stack
from connective.local.story.family import NEEDS, the_family
from connective.local.story.loading import World
from connective.local.story.narrator import expect
from connective.local.story.referring import the_referral
from connective.local.story.signing_in import Asker, system_with_key

CANARIES: dict[str, str] = {
    "Carys": "Zephyrine",
    "Fernlea": "Quillfeather",
    "Jory": "Thistlewaite",
    "Merryn": "Ondine",
    "Tegan": "Isolde",
    "Piran": "Corentin",
    "3 Furnham Crescent": "93 Marzipan Mews",
    "07700 900417": "07700 900871",
    "Vale Surgery (invented)": "Halcyon Surgery",
    "999 158 1766": "999 414 0027",
}
"""The story's family under names, an address and numbers that occur nowhere else, so that a leak can be told."""
WORDS = "the pomegranate lanterns are cold"
"""What the worker writes in free text."""
_SECONDS = 60.0


def canary_words() -> list[str]:
    """Every form of every canary that a leak could take."""
    plain = [*CANARIES.values(), WORDS, "Marzipan", "pomegranate"]
    digits = [value.replace(" ", "") for value in plain if value[0].isdigit()]
    return sorted({*plain, *digits} - {"93 Marzipan Mews".replace(" ", "")})


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each) for each in value]
    return CANARIES.get(value, value) if isinstance(value, str) else value


async def make_records(stack: Stack, world: World, mint: Mint) -> Records:
    """Make them all. Raises StoryDiffers where an answer is not as promised."""
    cast = world.cast
    records = Records(organisations=dict(cast.organisations))
    records.ids |= {
        "place": str(cast.place.id),
        "organisation": cast.organisations["larder"],
        "entity": cast.entities["larder"],
        "service": cast.services["parcel"],
        "agreement": cast.agreements["food"],
        "account": str(LONE),
        "client": str(cast.systems["larder"].client_id),
    }
    worker = await world.person("worker")
    people = await _family(worker, world, records)
    await _what_the_family_says(worker, world, records, people)
    await _referral(worker, world, records, people)
    await _voucher(worker, records)
    wrong = await worker.post(f"/services/{records.ids['service']}/reports", {"wrong": ["hours"]})
    records.ids["report"] = expect(wrong, 201)["id"]
    await _intake(stack, mint, records, world)
    admin = await world.person("admin")
    where = {"organisation_id": records.ids["organisation"], "email": "desk@larder.example.org", "pin": "482915"}
    expect(await admin.post("/links/contacts", where), 201)
    renamed = {"kind": "client_change", "client_id": records.ids["client"], "name": "The larder's system"}
    records.ids["proposal"] = expect(await admin.post("/proposals", renamed), 201)["id"]
    invited = await admin.post("/invitations", an_invitation(records.organisations["larder"]))
    records.ids["invitation"] = expect(invited, 201)["id"]
    await _provider(stack, records)
    await _safeguarding(stack, mint, records, world)
    await _papers(stack, mint, records, world)
    await _webhook(stack, mint, records, world)
    await _assurance(stack, mint, records, world)
    await _harvest(stack, mint, records, world)
    await _found(world, records, mint)
    await _audited(stack, world, records)
    return records


_PROVIDER = """
INSERT INTO provider (id, place_id, organisation_id, organisation_name, name, issuer, client_id, authentication,
                      role_rules, factor_rules, new_accounts, version)
VALUES ($1, $2, $3, 'The larder', 'The larder', 'https://larder.example.org', 'hub', 'private_key_jwt',
        '[]', '[]', false, 1)
"""


async def _provider(stack: Stack, records: Records) -> None:
    """An outside provider: the second administrator who would approve it is no part of the cast."""
    records.ids["provider"] = str(uuid4())
    connection = await asyncpg.connect(stack.databases("gateway").owner)
    try:
        await connection.execute("SELECT set_config('app.kind', 'service', false)")
        ids = (records.ids["provider"], records.ids["place"], records.ids["organisation"])
        await connection.execute(_PROVIDER, *map(UUID, ids))
    finally:
        await connection.close()


async def _family(worker: Asker, world: World, records: Records) -> dict[str, str]:
    body = _renamed(the_family(world.today, world.today - timedelta(days=3 * 365 + 120)))
    family = expect(await worker.post("/families", body), 201)
    by_name = {member["person"]["given_names"]: member["person"]["id"] for member in family["people"]}
    people = {person["key"]: by_name[person["given_names"]] for person in body["people"]}
    records.person_ids = list(people.values())
    records.ids |= {"family": family["id"], "person": people["mother"]}
    records.ids |= {"address": family["addresses"][0]["id"], "relationship": family["relationships"][0]["id"]}
    mother = next(m["person"] for m in family["people"] if m["person"]["id"] == people["mother"])
    records.ids["contact"] = mother["contacts"][0]["id"]
    for key, code, severity in NEEDS:
        need = {"code": code, "severity": severity, "source": "family"}
        recorded = expect(await worker.post(f"/people/{people[key]}/needs", need), 201)
        if key == "mother":
            records.ids["need"] = recorded["id"]
    recorded = expect(await worker.post(f"/people/{people['mother']}/strengths", {"code": "trusted_adult"}), 201)
    records.ids["strength"] = recorded["id"]
    due = {"due_on": str(world.today + timedelta(days=60))}
    expecting = expect(await worker.post(f"/people/{people['mother']}/pregnancies", due), 201)
    records.ids["pregnancy"] = expecting["pregnancy_id"]
    case = expect(await worker.post("/cases", {"family_id": family["id"]}), 201)
    records.ids["case"] = case["id"]
    joining = {"organisation_id": world.cast.organisations["windwhistle"]}
    expect(await worker.post(f"/cases/{case['id']}/team", joining), 201)
    return {"family": family["id"], **people}


async def _what_the_family_says(worker: Asker, world: World, records: Records, people: dict[str, str]) -> None:
    children = [people[key] for key in ("eldest", "middle", "youngest")]
    notice = {"person_ids": [people["mother"], people["father"], *children], "how": "in_person"}
    told = expect(await worker.post("/notices", {**notice, "told_on": str(world.today)}), 201)
    records.ids["notice"] = told["id"]
    for parent, others in (("mother", children), ("father", [])):
        about = [_about(people[parent], "own"), *(_about(child, "parental_responsibility") for child in others)]
        said = {"kind": "agreement_to_engage", "state": "given", "given_by": people[parent], "about": about}
        expect(await worker.post("/consents", {**said, "how": "in_person"}), 201)
    organisations = records.organisations
    scope = {
        "recipient_organisation_ids": [organisations["harbour"], organisations["crossroads"]],
        "purposes": ["referral"],
        "categories": ["identity", "contact_details", "housing", "household", "finance", "needs", "communication"],
    }
    mother = people["mother"]
    said = {"kind": "consent", "state": "given", "given_by": mother, "about": [_about(mother, "own")], "scope": scope}
    consent = expect(await worker.post("/consents", {**said, "how": "in_person"}), 201)
    records.ids["consent"] = consent["id"]
    objection = {"person_id": people["father"], "raised_by": people["father"]}
    objected = {**objection, "recipient_organisation_ids": [organisations["salt"]]}
    records.ids["objection"] = expect(await worker.post("/objections", objected), 201)["id"]


def _about(person_id: str, authority: str) -> dict[str, str]:
    return {"person_id": person_id, "authority": authority}


async def _referral(worker: Asker, world: World, records: Records, people: dict[str, str]) -> None:
    body = the_referral(world, people)
    body["requests"][0]["free_text"] = {"text": WORDS, "categories": ["needs"]}
    referral = expect(await worker.post("/referrals", body), 201)
    by_service = {each["service_id"]: each for each in referral["requests"]}
    request = by_service[world.cast.services["parcel"]]
    records.ids |= {"referral": referral["id"], "request": request["id"]}
    await _file(worker, records)
    system = world.cast.systems["larder"]
    assert system.private_key is not None
    larder = await system_with_key(world.base, system.name, str(system.client_id), system.private_key)
    opened = await larder.get(f"/requests/{request['id']}")
    expect(opened, 200)
    assert CANARIES["Carys"] in opened.text, "the food bank is shown whom to expect, or the canary proves nothing"
    bearer = {"Authorization": f"Bearer {larder.token}"}
    task = expect(await larder.client.get(f"/fhir/Task/{request['id']}", headers=bearer), 200)
    records.ids["patient"] = task["for"]["reference"].partition("/")[2]
    await larder.client.aclose()


async def _file(worker: Asker, records: Records) -> None:
    """A letter goes with the request; its name and its words are the family's."""
    body = {"name": f"{CANARIES['Carys']} {CANARIES['Fernlea']}.txt", "categories": ["needs"]}
    made = expect(await worker.post(f"/requests/{records.ids['request']}/attachments", body), 201)
    path = f"/api/v1/attachments/{made['id']}"
    headers = {"Authorization": f"Bearer {worker.token}", "If-Match": '"1"'}
    expect(await worker.client.put(f"{path}/content", content=WORDS.encode(), headers=headers), 200)

    async def is_available() -> bool:
        shown = expect(await worker.client.get(path, headers=headers), 200)
        return bool(shown["state"] == "available")

    await eventually("the letter is looked at", is_available)
    records.ids["attachment"] = made["id"]


async def _voucher(worker: Asker, records: Records) -> None:
    """Of a family that nobody has asked yet, so that sharing its name with the food bank is blocked; recorded twice."""
    adult = {"key": "adult", "given_names": "Merrin", "family_name": "Threlkeld", "date_of_birth": "1988-07-30"}
    family = expect(await worker.post("/families", {"people": [adult], "relationships": []}), 201)
    person = family["people"][0]["person"]["id"]
    asked = {
        "service_id": records.ids["service"],
        "subjects": [person],
        "contact_person_id": person,
        "needs": [{"person_id": person, "code": "food_or_fuel_poverty", "severity": 3}],
        "answers": {"how": "collect_today", "crisis_reason": "benefit_delay", "cooking_facilities": "full"},
    }
    check = {"answer": "no_concern"}
    referral = {"family_id": family["id"], "safeguarding_check": check, "requests": [asked]}
    twice = {"people": [adult], "relationships": [], "duplicates_seen": [person]}
    again = expect(await worker.post("/families", twice), 201)["people"][0]["person"]["id"]
    merge = await worker.post(f"/people/{person}/merges", {"merged_person_id": again})
    records.ids["merge"] = expect(merge, 201)["id"]
    (blocked,) = expect(await worker.post("/referrals", referral), 201)["requests"]
    issued = await worker.post(f"/requests/{blocked['id']}/vouchers", {"adults": 1})
    records.ids["voucher"] = expect(issued, 201)["id"]


async def _intake(stack: Stack, mint: Mint, records: Records, world: World) -> None:
    """The school's own system sends a family to the food bank."""
    sender = Standing(world.cast.place.id, UUID(records.organisations["oaklands"]), account=uuid4())
    headers = mint.headers(Kind("role", "partner_worker"), sender, "referrals")
    body = an_intake(records.ids["service"], CANARIES["Carys"])
    records.ids["intake"] = await _made(stack, "referrals", "/intake", body, headers)


async def _safeguarding(stack: Stack, mint: Mint, records: Records, world: World) -> None:
    """A restriction, an override and a ruling; the leads who make them are not of the cast, so they are minted."""
    standing = Standing(world.cast.place.id, UUID(records.organisations["oaklands"]), account=uuid4())

    async def make(service: str, path: str, body: dict[str, Any], role: str = "safeguarding_lead") -> str:
        return await _made(stack, service, path, body, mint.headers(Kind("role", role), standing, service))

    person = records.ids["person"]
    conflict = {"kind": "conflict", "named_account_ids": [str(uuid4())]}
    records.ids["restriction"] = await make("families", f"/people/{person}/restrictions", conflict)
    override = {
        "recipient_organisation_id": records.organisations["front_door"],
        "person_ids": [person],
        "categories": ["safeguarding"],
        "share": True,
        "reason": "She was not seen for a week.",
        "risk_of_not_sharing": "Nobody would look.",
        "family_told": False,
        "family_told_note": "It would not be safe.",
    }
    records.ids["override"] = await make("consent", "/overrides", override)
    one_off = {"recipient_organisation_id": records.organisations["larder"], "person_ids": [person]}
    one_off |= {"ground": "vital_interests", "categories": ["identity"], "reason": "She could not be woken."}
    records.ids["one_off"] = await make("consent", "/disclosures/one-offs", one_off)
    ruling = {"person_id": person, "kind": "consent", "share": True, "reasons": "It is in their interest."}
    records.ids["ruling"] = await make("consent", "/consents/rulings", ruling, "practice_lead")


async def _made(stack: Stack, service: str, path: str, body: dict[str, Any], headers: dict[str, str]) -> str:
    async with httpx.AsyncClient(base_url=stack.addresses[service], timeout=60, verify=NO_TLS) as client:
        answer = await client.post(path, json=body, headers={**headers, "Idempotency-Key": str(uuid4())})
    return str(expect(answer, 201)["id"])


async def _papers(stack: Stack, mint: Mint, records: Records, world: World) -> None:
    """A memorandum, and an arrangement of joint controllers, between the council and the food bank."""
    office = UUID(records.organisations["information_governance"])
    standing = Standing(world.cast.place.id, office, account=uuid4())
    headers = mint.headers(Kind("role", "agreement_manager"), standing, "consent")
    council, larder = world.cast.entities["council"], world.cast.entities["larder"]
    today, later = str(world.today), str(world.today + timedelta(days=300))
    commitment = {"legal_entity_id": council, "kind": "people", "what": "Two family workers.", "due_on": later}
    memorandum = {
        "title": "Feeding families together",
        "aims": "No family goes hungry.",
        "governance": "A board each quarter.",
        "party_ids": [council, larder],
        "commitments": [commitment],
        "starts_on": today,
        "review_on": later,
        "ends_on": later,
    }
    arrangement = joint_terms(council, larder, today)
    records.ids["council"] = council
    for key, path, terms in (
        ("memorandum", "/memoranda", memorandum),
        ("arrangement", "/joint-arrangements", arrangement),
    ):
        body = {"reference": f"MATRIX-{key}", "terms": terms}
        records.ids[key] = await _made(stack, "consent", path, body, headers)
    comments = f"/agreements/{records.ids['agreement']}/versions/1/comments"
    records.ids["comment"] = await _made(stack, "consent", comments, {"text": "Why is this shared?"}, headers)


async def _webhook(stack: Stack, mint: Mint, records: Records, world: World) -> None:
    """A webhook of the food bank's with one message. Its version is above the one that the matrix's acts name."""
    standing = Standing(world.cast.place.id, UUID(records.organisations["larder"]))
    headers = mint.headers(Kind("role", "partner_admin"), standing, "partners")
    body = {"url": "https://hook.example.org/", "events": ["hub.partners.service.*"]}
    webhook = await _made(stack, "partners", "/webhooks", body, headers)
    async with httpx.AsyncClient(
        base_url=stack.addresses["partners"], timeout=60, trust_env=False, verify=NO_TLS
    ) as client:
        acts = {act: {**headers, "Idempotency-Key": str(uuid4())} for act in ("rotate-secret", "test")}
        for act, sent in acts.items():
            answer = await client.post(f"/webhooks/{webhook}/{act}", json={}, headers=sent)
            assert answer.status_code in {200, 202}, answer.text
    records.ids |= {"webhook": webhook, "delivery": answer.json()["id"]}


async def _assurance(stack: Stack, mint: Mint, records: Records, world: World) -> None:
    """An item of the food bank's dossier that waits to be verified."""
    standing = Standing(world.cast.place.id, UUID(records.organisations["larder"]))
    headers = mint.headers(Kind("role", "partner_admin"), standing, "partners")
    body = {"kind": "insurance", "evidence": "Policy AX-0", "issued_on": "2026-01-01"}
    path = f"/organisations/{records.organisations['larder']}/assurance/items"
    records.ids["assurance_item"] = await _made(stack, "partners", path, body, headers)


async def _harvest(stack: Stack, mint: Mint, records: Records, world: World) -> None:
    """A source of listings, asked for once. Its version is above the one that the matrix's acts name."""
    office = UUID(records.organisations["information_governance"])
    headers = mint.headers(Kind("role", "place_admin"), Standing(world.cast.place.id, office), "partners")
    body = {"code": "matrix", "name": "Another directory", "url": "https://directory.example.org/v3"}
    source = await _made(stack, "partners", "/harvest-sources", body, headers)
    async with httpx.AsyncClient(
        base_url=stack.addresses["partners"], timeout=60, trust_env=False, verify=NO_TLS
    ) as client:
        path = f"/harvest-sources/{source}"
        expect(await client.patch(path, json={"every_hours": 48}, headers={**headers, "If-Match": '"1"'}), 200)
        asked = expect(await client.post(f"{path}/runs", headers={**headers, "Idempotency-Key": str(uuid4())}), 202)
    records.ids |= {"harvest_source": source, "harvest_run": str(asked["id"])}


async def _found(world: World, records: Records, mint: Mint) -> None:
    """Records that the story and the Hub itself made, read from the lists of those who may see them."""
    officer, admin = await world.person("officer"), await world.person("admin")
    hub = expect(await admin.get("/hubs"), 200)["items"][0]["id"]
    records.ids["hub"] = hub
    coordinator = mint.account(Kind("role", "hub_coordinator"), UUID(records.organisations["early_help"]))
    read = await admin.get(f"/hubs/{hub}")
    members = sorted({*read.json()["member_organisation_ids"], records.organisations["larder"]})
    change = {"coordinator_account_id": str(coordinator), "member_organisation_ids": members}
    expect(await admin.send("PATCH", f"/hubs/{hub}", change, If_Match=read.headers["etag"]), 200)
    async for found in _until(officer, "/ledger/checkpoints"):
        records.ids["checkpoint"] = found["id"]
        break
    async for found in _until(officer, "/disclosures?limit=50"):
        records.ids |= {"disclosure": found["id"], "decision": found["decision_id"]}
        break


_FINDING = """
INSERT INTO audit_finding (
  id, place_id, kind, actor_id, organisation_id, on_day, sentence, facts, found_at, state, review_note)
VALUES ($1, $2, 'out_of_hours', $3, $4, current_date, 'Three looks at night.', '{}', now(), 'open', '')
"""


_ERASURE = """
INSERT INTO erasure (id, place_id, legal_entity_id, family, record_version, state, reason_code, ordered_by, ordered_at,
  entry_ids, version)
VALUES ($1, $2, $3, repeat('0', 32), 1, 'refused', 'changed_since', 'nobody', now(), '{}', 1)
"""
_AGREEMENT_REVIEW = """
INSERT INTO agreement_review (id, place_id, agreement_id, reference, legal_entity_id, readable_by, decision, reason,
  review_on, versions, entry_id, reviewed_by, reviewed_at)
VALUES ($1, $2, $3, 'DSA-0', $4, '{}', 'kept', 'A claim.', '2040-01-01', '[]', gen_random_uuid(), 'nobody', now())
"""
_PROCESSING = """
INSERT INTO processing_restriction (id, place_id, legal_entity_id, person, ground, placed_by, placed_at, version)
VALUES ($1, $2, $3, repeat('0', 32), 'unlawful', 'nobody', now(), 1)
"""
_DELETION = """
INSERT INTO deletion_owed (id, place_id, legal_entity_id, to_entity_ids, erasure_id, request_ids, at_end, owed_since,
  due_on, note, version)
VALUES ($1, $2, $3, ARRAY[$3::uuid], $4, '{}', 'delete', now(), current_date, '', 1)
"""


async def _audited(stack: Stack, world: World, records: Records) -> None:
    """What officers keep. What takes a night of curious reading, or an erasure, is put in as the database's owner."""
    officer = await world.person("officer")
    now = datetime.now(UTC)
    period = {"since": (now - timedelta(hours=1)).isoformat(), "until": now.isoformat()}
    sample = expect(await officer.post("/audit/samples", {"of": "disclosures", "size": 1, **period}), 201)
    breach = {"kind": "loss", "description": "A folder was lost on the bus.", "aware_at": now.isoformat()}
    records.ids["breach"] = expect(await officer.post("/audit/breaches", breach | period), 201)["id"]
    asked = {"reference": "SAR-1", "kind": "access", "received_on": str(world.today)}
    made = expect(await officer.post("/audit/information-requests", asked), 201)
    wrong = {"what": "The year of birth was wrong.", "categories": ["identity", "household", "needs"]}
    whom = {"person_ids": [records.ids["person"]], "since": (now - timedelta(days=1)).isoformat()}
    schools = await world.person("trust_dpo")
    told = expect(await schools.post("/audit/corrections", wrong | whom), 201)
    records.ids |= {"information_request": made["id"], "correction": told["id"]}
    hold = {"reference": "HOLD-1", "reason": "A claim was announced.", "family_ids": [records.ids["family"]]}
    review = {"review_on": str(world.today + timedelta(days=30))}
    adviser = await world.person("council_dpo")
    records.ids["legal_hold"] = expect(await adviser.post("/retention/holds", hold | review), 201)["id"]
    records.ids["run"] = expect(await adviser.post("/retention/runs"), 201)["id"]
    trust = await world.person("trust_dpo")
    asked = {"family_id": records.ids["family"], "asked_on": str(world.today), "ground": "not_necessary"}
    refused = {"granted": False, "exemption": "legal_claims", "reasons": "A claim was announced."}
    records.ids["erasure_request"] = expect(await trust.post("/retention/requests", asked | refused), 201)["id"]
    copied = expect(await trust.post("/audit/access-copies", {"person_id": records.ids["person"]}), 201)
    records.ids |= {"sample": sample["id"], "finding": str(uuid4()), "access_copy": copied["id"]}
    records.ids["copied_file"] = next(item["key"] for item in copied["items"] if item["has_file"])
    records.ids |= {
        name: str(uuid4()) for name in ("erasure", "deletion", "agreement_review", "processing_restriction")
    }
    connection = await asyncpg.connect(stack.databases("consent").owner)
    try:
        place = records.ids["place"]
        who = "SELECT set_config('app.place', $1, false), set_config('app.kind', 'service', false)"
        await connection.execute(who, place)
        organisation = UUID(records.organisations["oaklands"])
        await connection.execute(_FINDING, UUID(records.ids["finding"]), UUID(place), str(uuid4()), organisation)
        council = UUID(records.ids["council"])
        await connection.execute(_ERASURE, UUID(records.ids["erasure"]), UUID(place), council)
        owed = (UUID(records.ids["deletion"]), UUID(place), council, UUID(records.ids["erasure"]))
        await connection.execute(_DELETION, *owed)
        reviewed = (UUID(records.ids["agreement_review"]), UUID(place), UUID(records.ids["agreement"]), council)
        await connection.execute(_AGREEMENT_REVIEW, *reviewed)
        stored_only = (UUID(records.ids["processing_restriction"]), UUID(place), council)
        await connection.execute(_PROCESSING, *stored_only)
    finally:
        await connection.close()


async def _until(asker: Asker, path: str) -> AsyncIterator[dict[str, Any]]:
    deadline = asyncio.get_running_loop().time() + _SECONDS
    while asyncio.get_running_loop().time() < deadline:
        items: list[dict[str, Any]] = expect(await asker.get(path), 200)["items"]
        for item in items:
            yield item
        await asyncio.sleep(0.1)
    raise AssertionError(f"{path} stayed empty for {_SECONDS:.0f} s")
