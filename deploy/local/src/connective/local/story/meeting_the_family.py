"""Steps 1 to 3: the place opens, the worker registers a family, and asks what help is here."""

from datetime import date, timedelta
from typing import Any

from connective.local.story.family import NEEDS, POSTCODE, STRENGTHS, the_family, the_namesake
from connective.local.story.loading import World, load_place
from connective.local.story.narrator import Narrator, expect
from connective.local.story.signing_in import Asker


async def open_the_place(world: World, narrator: Narrator) -> None:
    """Step 1."""
    narrator.step(1, "A place opens")
    await load_place(world, narrator)
    neighbour = await world.person("neighbour")
    expect(await neighbour.post("/families", the_namesake(world.today)), 201)


async def meet_the_family(world: World, narrator: Narrator) -> dict[str, str]:
    """Step 2; answers the ids of the family (`family`) and of each person by key."""
    narrator.step(2, "A family support worker meets a family")
    worker = await world.person("worker")
    narrator.say(f"{worker.name}, of Oaklands Primary School, has signed in (authorization code with PKCE).")
    await _search_first(worker, narrator, world.today)
    ids = await _register(worker, narrator, world.today)
    await _record_needs(worker, narrator, ids)
    await _ask_the_family(world, worker, narrator, ids)
    return ids


async def _search_first(worker: Asker, narrator: Narrator, today: date) -> None:
    body = {
        "given_names": "Tegan",
        "family_name": "Fernlea",
        "date_of_birth": str(date(today.year - 7, 1, 23)),
        "purpose": "early_help_coordination",
    }
    answer = await worker.post("/people/searches", body)
    narrator.call(worker.name, "searches before creating: a name, a birth date and a purpose", answer)
    hits = expect(answer, 200)["items"]
    narrator.check(len(hits) == 1, "one child of that name and birth date is known in the place")
    shown = set(hits[0])
    narrator.check(not shown & {"address", "postcode", "education_setting"}, "the answer does not say where she is")


async def _register(worker: Asker, narrator: Narrator, today: date) -> dict[str, str]:
    body = the_family(today, today - timedelta(days=3 * 365 + 120))
    answer = await worker.post("/families", body)
    narrator.call(worker.name, "registers two adults and three children", answer)
    warning = expect(answer, 409)
    narrator.check(warning["type"] == "/problems/likely-duplicate", "she is warned of a likely duplicate")
    seen = [candidate["person_id"] for candidate in warning["candidates"]]
    narrator.say("She has looked: that Tegan lives with her grandmother and goes to another school. She goes on.")
    answer = await worker.post("/families", {**body, "duplicates_seen": seen})
    narrator.call(worker.name, "registers the family, saying whom she has looked at", answer)
    family = expect(answer, 201)
    narrator.check(len(family["people"]) == 5, "the family of five has a record")
    by_name = {member["person"]["given_names"]: member["person"]["id"] for member in family["people"]}
    keys = {person["given_names"]: person["key"] for person in body["people"]}
    return {"family": family["id"], **{keys[name]: person_id for name, person_id in by_name.items()}}


async def _record_needs(worker: Asker, narrator: Narrator, ids: dict[str, str]) -> None:
    for key, code, severity in NEEDS:
        answer = await worker.post(
            f"/people/{ids[key]}/needs", {"code": code, "severity": severity, "source": "family"}
        )
        narrator.call(worker.name, f"records a need of the {key}: {code.replace('_', ' ')}", answer)
        expect(answer, 201)
    for key, code in STRENGTHS:
        answer = await worker.post(f"/people/{ids[key]}/strengths", {"code": code, "source": "family"})
        narrator.call(worker.name, f"records what goes well for the {key}: {code.replace('_', ' ')}", answer)
        expect(answer, 201)


async def _ask_the_family(world: World, worker: Asker, narrator: Narrator, ids: dict[str, str]) -> None:
    everyone = [ids[key] for key in ("mother", "father", "eldest", "middle", "youngest")]
    notice = {
        "family_id": ids["family"],
        "person_ids": everyone,
        "how": "in_person",
        "document_reference": "Early help privacy notice, version 3",
        "told_on": str(world.today),
    }
    answer = await worker.post("/notices", notice)
    narrator.call(worker.name, "notes that the family was given the privacy notice", answer)
    expect(answer, 201)
    for key in ("mother", "father"):
        subjects = [ids[key], *(ids[child] for child in ("eldest", "middle", "youngest") if key == "mother")]
        answer = await worker.post("/consents", engagement(ids, key, subjects))
        narrator.call(worker.name, f"records that the {key} agrees to be helped by these kinds of service", answer)
        expect(answer, 201)
    world.consent_id = await _record_consent(world, worker, narrator, ids)


async def _record_consent(world: World, worker: Asker, narrator: Narrator, ids: dict[str, str]) -> str:
    answer = await worker.post("/consents", housing_consent(world, ids))
    narrator.call(worker.name, "records the mother's consent for the housing charities, whose basis is consent", answer)
    consent: dict[str, Any] = expect(answer, 201)
    narrator.say("Agreeing to be helped and consenting to data being shared are two records, never one.")
    return str(consent["id"])


def engagement(ids: dict[str, str], by: str, subjects: list[str]) -> dict[str, Any]:
    """Agreement to engage, as said by one parent for themself and, where they are named, the children."""
    kinds = ["early_help", "food_bank", "housing_advice", "speech_and_language_therapy"]
    authority = {person: "own" if person == ids[by] else "parental_responsibility" for person in subjects}
    return {
        "kind": "agreement_to_engage",
        "state": "given",
        "family_id": ids["family"],
        "given_by": ids[by],
        "about": [{"person_id": person, "authority": held} for person, held in authority.items()],
        "scope": {"service_kinds": kinds},
        "how": "in_person",
    }


def housing_consent(world: World, ids: dict[str, str]) -> dict[str, Any]:
    """Consent to share with both housing charities, which rely on it."""
    cast = world.cast
    return {
        "kind": "consent",
        "state": "given",
        "family_id": ids["family"],
        "given_by": ids["mother"],
        "about": [{"person_id": ids["mother"], "authority": "own"}],
        "scope": {
            "recipient_organisation_ids": [cast.organisations["harbour"], cast.organisations["crossroads"]],
            "purposes": ["referral"],
            "categories": ["communication", "contact_details", "finance", "household", "housing", "identity", "needs"],
        },
        "how": "in_person",
    }


async def ask_what_help_is_here(world: World, narrator: Narrator) -> None:
    """Step 3."""
    narrator.step(3, "What help is here?")
    worker = await world.person("worker")
    body = {
        "needs": [code for _, code, _ in NEEDS],
        "ages": [3, 7, 10],
        "postcode": POSTCODE,
        "radius_km": 15,
    }
    answer = await worker.post("/services/searches", body)
    narrator.call(worker.name, "asks for services by need, age, distance and room", answer)
    found = expect(answer, 200)
    for match in found["items"][:7]:
        reasons = "; ".join(reason["sentence"] for reason in match["reasons"][:3])
        narrator.say(f"• {match['name']} ({match['organisation_name']}): {reasons}")
    ids = {match["service_id"] for match in found["items"]}
    promised = {world.cast.services[key] for key in ("parcel", "housing", "homes", "therapy", "family_help")}
    narrator.check(promised <= ids, "all five services of the partnership are offered, each with its reasons")
    listed = [match for match in found["items"] if not match["takes_requests"]]
    narrator.check(listed, "services read from files are listed too, as signposts")
