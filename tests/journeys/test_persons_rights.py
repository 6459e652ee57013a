"""What a person asks about their data, from the asking to the proof, over HTTP and through every service.

On the Hub that the matrix shares: each family here is its own, under names that nobody else has.
"""

import json
import random
import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest_asyncio

from connective.kit.testing import eventually
from connective.local.stack import Stack
from connective.local.story.loading import World
from connective.local.story.narrator import expect
from connective.local.story.signing_in import system_with_key

WORDS = "the heron folds its umbrella"


@dataclass(frozen=True)
class Lived:
    """A mother and her child of whom every service keeps something."""

    world: World
    family: str
    mother: str
    child: str
    child_name: str
    requests: tuple[str, str]
    """One for both of them, and one for the child."""


def _name() -> str:
    return "".join(random.choices("abcdefghiklmnoprstuvwy", k=9)).capitalize()  # noqa: S311 - names of nobody


@pytest_asyncio.fixture(loop_scope="session")
async def lived(loaded_hub: Any) -> Lived:
    """Registered, told, agreed, referred with a letter, and read by the food bank."""
    world: World = loaded_hub.world
    worker = await world.person("worker")
    names = [_name() for _ in range(3)]
    people = [
        {"key": key, "given_names": given, "family_name": names[2], "date_of_birth": born}
        for key, given, born in (("mother", names[0], "1991-05-06"), ("child", names[1], "2019-09-09"))
    ]
    parent = {"person": "mother", "of": "child", "kind": "parent", "responsibility": "birth_mother"}
    family = expect(await worker.post("/families", {"people": people, "relationships": [parent]}), 201)
    by_name = {each["person"]["given_names"]: each["person"]["id"] for each in family["people"]}
    mother, child = by_name[names[0]], by_name[names[1]]
    told = {"person_ids": [mother, child], "how": "in_person", "told_on": str(world.today)}
    expect(await worker.post("/notices", told), 201)
    about = [{"person_id": mother, "authority": "own"}, {"person_id": child, "authority": "parental_responsibility"}]
    said = {"kind": "agreement_to_engage", "state": "given", "given_by": mother, "about": about, "how": "in_person"}
    expect(await worker.post("/consents", said), 201)
    requests = [await _asked(world, family["id"], mother, subjects) for subjects in ([mother, child], [child])]
    return Lived(world, family["id"], mother, child, names[1], (requests[0], requests[1]))


async def _asked(world: World, family_id: str, mother: str, subjects: list[str]) -> str:
    """The food bank is asked, with a letter, and reads it."""
    worker = await world.person("worker")
    ask = {
        "service_id": world.cast.services["parcel"],
        "subjects": subjects,
        "contact_person_id": mother if mother in subjects else subjects[0],
        "needs": [{"person_id": each, "code": "food_or_fuel_poverty", "severity": 3} for each in subjects],
        "answers": {"how": "collect_today", "crisis_reason": "benefit_delay", "cooking_facilities": "full"},
        "free_text": {"text": WORDS, "categories": ["needs"]},
    }
    body = {"family_id": family_id, "safeguarding_check": {"answer": "no_concern"}, "requests": [ask]}
    made = expect(await worker.post("/referrals", body), 201)["requests"][0]
    assert made["state"] == "submitted", made
    letter = {"name": "letter.txt", "categories": ["needs"]}
    file = expect(await worker.post(f"/requests/{made['id']}/attachments", letter), 201)
    headers = {"Authorization": f"Bearer {worker.token}", "If-Match": '"1"'}
    path = f"/api/v1/attachments/{file['id']}"
    expect(await worker.client.put(f"{path}/content", content=WORDS.encode(), headers=headers), 200)

    async def is_available() -> bool:
        return bool(expect(await worker.client.get(path, headers=headers), 200)["state"] == "available")

    await eventually("the letter is looked at", is_available)
    larder = world.cast.systems["larder"]
    assert larder.private_key is not None
    system = await system_with_key(world.base, larder.name, str(larder.client_id), larder.private_key)
    expect(await system.get(f"/requests/{made['id']}"), 200)
    await system.client.aclose()
    return str(made["id"])


async def test_a_copy_of_ones_data_from_the_asking_to_the_handing_over(lived: Lived) -> None:
    world = lived.world
    worker = await world.person("worker")
    asked = {"kind": "access", "person_id": lived.mother, "asked_by": lived.mother, "about": "Everything, please."}
    passed_on = expect(await worker.post("/rights-requests", asked), 201)
    officer = await world.person("trust_dpo")
    one = f"/audit/information-requests/{passed_on['id']}"
    request = expect(await officer.get(one), 200)
    assert (request["kind"], request["due_on"]) == ("access", passed_on["due_on"])

    wanted = {"person_id": lived.mother, "information_request_id": passed_on["id"]}
    copy = expect(await officer.post("/audit/access-copies", wanted), 201)
    path = f"/audit/access-copies/{copy['id']}"
    assert {item["service"] for item in copy["items"]} == {"consent", "families", "referrals"}
    sections = {item["section"] for item in copy["items"]}
    assert {
        "identity",
        "requests",
        "answers",
        "files",
        "what_was_agreed",
        "who_received_what",
        "who_looked",
    } <= sections
    own_words = [item for item in copy["items"] if item["section"] != "what_was_asked_before"]
    assert lived.child not in json.dumps(own_words), "nobody's id but their own"
    assert lived.child_name not in json.dumps(own_words), "nobody's name but their own"
    (letter,) = [item for item in copy["items"] if item["has_file"]]
    assert (await officer.get(f"{path}/items/{letter['key']}/file")).content == WORDS.encode()
    (said,) = [item for item in copy["items"] if item["data"].get("in_words") == WORDS and item["section"] == "answers"]
    marked = {item["key"] for item in copy["items"] if item["review"]}
    decided = {"withhold": {said["key"]: "third_party"}, "clear": sorted(marked - {said["key"]})}
    released = expect(await officer.post(f"{path}/release", decided | {"content_hash": copy["content_hash"]}), 200)
    assert (released["state"], released["withheld"]) == ("released", {said["key"]: "third_party"})

    given = await officer.get(f"{path}/file")
    assert given.status_code == 200, given.text
    with zipfile.ZipFile(BytesIO(given.content)) as archive:
        assert archive.read("files/01-letter.txt") == WORDS.encode()
        items = json.loads(archive.read("what-we-hold-about-you.json"))["items"]
        assert b"Some of what we hold" in archive.read("what-we-hold-about-you.html")
    assert not [item for item in items if item["section"] == "answers"]
    received = [item["data"] for item in items if item["section"] == "who_received_what"]
    assert [(each["purpose"], each["how"]) for each in received] == [("referral", "api")]
    partly = {"outcome": "partly", "note": "One answer is about somebody else."}
    answered = expect(await officer.post(f"{one}/answer", partly), 200)
    assert answered["answers"], answered
    entries = expect(await (await world.person("officer")).get("/audit/accesses?limit=200"), 200)["items"]
    acts = {each["act"] for each in entries}
    assert {"audit.access_copy_read", "audit.access_copy_file_read", "audit.access_copy_given"} <= acts


async def test_one_persons_erasure_from_the_asking_to_the_proof(lived: Lived, hub: Stack) -> None:
    world, preview = lived.world, f"/retention/families/{lived.family}/people/{lived.child}/preview"
    officer = await world.person("trust_dpo")
    before = expect(await officer.get(preview), 200)
    assert before["against"] == ["open_request"], "an open request is closed first: somebody may be on their way"
    worker = await world.person("worker")
    for request in lived.requests:
        read = await worker.get(f"/requests/{request}")
        withdrawn = {"reason": "no_longer_needed"}
        expect(await worker.post(f"/requests/{request}/withdraw", withdrawn, If_Match=read.headers["etag"]), 200)

    async def nothing_stands_against_it() -> bool:
        return not expect(await officer.get(preview), 200)["against"]

    await eventually("the requests are closed", nothing_stands_against_it)
    looked = expect(await officer.get(preview), 200)
    assert {part["service"]: part["would_remove"] > 0 for part in looked["parts"]} == dict.fromkeys(
        ("consent", "families", "referrals"), True
    )
    asked = {"family_id": lived.family, "person_id": lived.child, "asked_on": str(world.today)}
    decided = {"ground": "not_necessary", "granted": True, "reasons": "No purpose remains."}
    made = expect(await officer.post("/retention/requests", asked | decided), 201)
    one = f"/retention/erasures/{made['erasure_id']}"
    found: dict[str, Any] = {}

    async def every_service_has_answered() -> bool:
        found.update(expect(await officer.get(one), 200))
        return bool(found["state"] == "complete")

    await eventually("every service has answered", every_service_has_answered)
    assert {part["service"] for part in found["parts"]} == {"consent", "families", "referrals"}

    async def it_is_proved() -> bool:
        answer = await officer.get(f"{one}/certificate")
        found.update(answer.json())
        return answer.is_success

    await eventually("the ledger's entries are sealed", it_is_proved)
    certificate = found
    assert [each["legal_entity_id"] for each in certificate["recipients"]] == [world.cast.entities["larder"]]
    assert certificate["entries"]

    left = [row for service, row in await _rows(hub) if service != "gateway"]
    assert not [row for row in left if lived.child_name in row], "their name is nowhere"
    assert not [row for row in left if lived.child in row], "nor is their id, but in events that age out"
    family = expect(await worker.get(f"/families/{lived.family}"), 200)
    assert [each["person"]["id"] for each in family["people"]] == [lived.mother], "the others' record stays"
    assert (await worker.get(f"/people/{lived.child}")).status_code == 404
    assert (await worker.get(f"/requests/{lived.requests[1]}")).status_code == 404, "a request about them alone goes"
    expect(await worker.get(f"/requests/{lived.requests[0]}"), 200)
    kinds = {"kind": "erasure", "standing": "answered"}
    query = "&".join(f"{name}={value}" for name, value in kinds.items())
    register = expect(await officer.get(f"/audit/information-requests?{query}&limit=200"), 200)["items"]
    assert made["id"] in [each["origin_id"] for each in register]


async def _rows(stack: Stack) -> list[tuple[str, str]]:
    """Every row of every table but what was sent, which holds ids alone and ages out."""
    found = []
    for service in stack.services:
        connection: Any = await stack.postgres.connect(service)
        try:
            for each in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
                if each["tablename"] not in {"outbox", "link", "webhook_delivery"}:
                    rows = await connection.fetch(f'SELECT t::text AS row FROM "{each["tablename"]}" AS t')
                    found += [(service, row["row"]) for row in rows]
        finally:
            await connection.close()
    return found
