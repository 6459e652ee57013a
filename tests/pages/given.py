"""What tests of the pages begin with: families who agreed to be helped, and requests that were sent for them."""

import random
from dataclasses import dataclass
from typing import Any

from pages_support import Site, Visitor, words_of

from connective.local.story.meeting_the_family import housing_consent
from connective.local.story.narrator import expect
from connective.local.story.referring import housing_ask


@dataclass(frozen=True, slots=True)
class Mother:
    """A family of one, known to the worker's school."""

    id: str
    family: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as its list shows it."""

    id: str
    reference: str
    version: int
    state: str

    @property
    def pick(self) -> str:
        """How the inbox names it when it is chosen."""
        return f"{self.id}:{self.version}:{self.reference}:{self.state}"


def a_name() -> str:
    """A name of nobody."""
    return "".join(random.choices("abcdefghiklmnoprstuvwy", k=9)).capitalize()  # noqa: S311 - names of nobody


async def a_mother(site: Site, *, agreed: bool = True) -> Mother:
    """A mother registered by the worker; told, and agreed to being helped and to housing advice, unless told not."""
    world = site.world
    worker = await world.person("worker")
    person = {"key": "mother", "given_names": a_name(), "family_name": a_name(), "date_of_birth": "1990-04-03"}
    family = expect(await worker.post("/families", {"people": [person], "relationships": []}), 201)
    mother = Mother(family["people"][0]["person"]["id"], family["id"])
    if agreed:
        told = {"person_ids": [mother.id], "how": "in_person", "told_on": str(world.today)}
        expect(await worker.post("/notices", told), 201)
        about = [{"person_id": mother.id, "authority": "own"}]
        said = {"kind": "agreement_to_engage", "state": "given", "given_by": mother.id, "about": about}
        expect(await worker.post("/consents", said | {"how": "in_person"}), 201)
        expect(
            await worker.post("/consents", housing_consent(world, {"mother": mother.id, "family": family["id"]})), 201
        )
    return mother


def an_ask(site: Site, mother: Mother, service: str) -> dict[str, Any]:
    """What one service is asked on her behalf: a parcel, or advice about her home."""
    service_id = site.world.cast.services[service]
    if service != "parcel":
        return {"service_id": service_id, **housing_ask(mother.id)}
    return {
        "service_id": service_id,
        "subjects": [mother.id],
        "contact_person_id": mother.id,
        "needs": [{"person_id": mother.id, "code": "food_or_fuel_poverty", "severity": 3}],
        "answers": {"how": "collect_today", "crisis_reason": "benefit_delay", "cooking_facilities": "full"},
    }


async def asked_for(site: Site, mother: Mother, *services: str) -> list[Sent]:
    """The worker asks these services in one referral."""
    worker = await site.world.person("worker")
    asks = [an_ask(site, mother, each) for each in services]
    check = {"answer": "no_concern"}
    body = {"family_id": mother.family, "safeguarding_check": check, "requests": asks}
    made = {each["service_id"]: each for each in expect(await worker.post("/referrals", body), 201)["requests"]}
    found = [made[each["service_id"]] for each in asks]
    return [Sent(each["id"], each["reference"], each["version"], each["state"]) for each in found]


async def act(visitor: Visitor, request_id: str, verb: str, fields: dict[str, Any] | None = None) -> Any:
    """Open a form of a request as its page leads to it, and send it."""
    page = await visitor.get(f"/requests/{request_id}")
    assert f'/requests/{request_id}/{verb}"' in page.text or f"/{verb}?version=" in page.text, words_of(page)
    if f'action="/requests/{request_id}/{verb}"' in page.text:
        return await visitor.send(page, action=f"/requests/{request_id}/{verb}")
    form = await visitor.get(f"/requests/{request_id}/{verb}?version={version_in(page.text)}")
    return await visitor.send(form, fields or {})


def version_in(text: str) -> str:
    """The version that a request's page was shown in."""
    return text.partition("?version=")[2].partition('"')[0]
