"""Opens the place: its register, organisations, directory, accounts, agreements and families.

Everything goes the way it would in life: the gateway's seed lets the first administrator in, and what follows is done
over HTTP by people with the role for it, or by the imports an operator runs.
"""

import asyncio
import os
import time
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from connective.local.story.agreements import bring_into_force, terms
from connective.local.story.cast import Cast
from connective.local.story.narrator import Narrator, expect
from connective.local.story.seeds import cast_seed, officers_seed, opening_seed, write_seed
from connective.local.story.signing_in import Asker, sign_in

FAMILIES = 240
_SIGNS = {
    "council": "council_signs",
    "trust": "trust_signs",
    "larder": "larder_dpo",
    "harbour": "harbour_dpo",
    "crossroads": "crossroads_dpo",
    "nhs": "nhs_signs",
}
_OFFICERS = {**_SIGNS, "council": "council_dpo", "trust": "trust_dpo", "nhs": "nhs_dpo"}
_EVENT_SECONDS = 60.0
_SIGNED_IN_SECONDS = 120.0


class Commands(Protocol):
    """Runs a command of a service as an operator does; raises when it fails."""

    async def run(self, service: str, *arguments: str) -> Any: ...  # noqa: ANN401, D102 - as the class says


class World:
    """The loaded place, and everybody who has signed in to it so far."""

    def __init__(self, base: str, cast: Cast, commands: Commands, folder: Path) -> None:
        self.base = base
        self.cast = cast
        self.commands = commands
        self.folder = folder
        self.today = datetime.now(UTC).date()
        self._askers: dict[str, Asker] = {}
        self._signed_in_at: dict[str, float] = {}
        self.consent_id = ""
        """The consent the housing charities rely on, once it is recorded."""

    async def person(self, key: str) -> Asker:
        """Somebody of the cast, signed in; anew when it is a while ago, as tokens live for five minutes."""
        known = self._askers.get(key)
        if known is not None and time.monotonic() - self._signed_in_at[key] < _SIGNED_IN_SECONDS:
            return known
        memberships = self.cast.raw["accounts"][key]["memberships"]
        organisation = self.cast.organisations.get(next(iter(memberships)))
        asker = await sign_in(self.base, self.cast.name(key), self.cast.credentials(key), organisation)
        self._signed_in_at[key] = time.monotonic()
        if known is None:
            self._askers[key] = asker
            return asker
        # Whoever holds the asker goes on with the new token.
        known.token = asker.token
        await asker.client.aclose()
        return known

    async def register_system(self, client: dict[str, Any]) -> dict[str, Any]:
        """One administrator registers a partner's system, another approves what it may do."""
        admin, second = await self.person("admin"), await self.person("second_admin")
        made: dict[str, Any] = expect(await admin.post("/clients", client), 201)
        expect(await second.post(f"/proposals/{made['proposal_id']}/approve", If_Match='"1"'), 200)
        return made

    async def sign_out(self, keys: Iterable[str]) -> None:
        """Let these people sign in anew, when what they may do has changed."""
        for key in keys:
            if asker := self._askers.pop(key, None):
                await asker.client.aclose()

    async def close(self) -> None:
        """Close every connection."""
        for asker in self._askers.values():
            await asker.client.aclose()


async def load_place(world: World, narrator: Narrator) -> None:
    """Open the place of the cast."""
    await _seed(world, "opening", opening_seed(world.cast))
    admin = await world.person("admin")
    await _register_entities(world, admin)
    await _register_organisations(world, admin)
    # None signed, no accounts: first those who bring the contracts about, and everybody else once they are signed.
    await _seed(world, "officers", officers_seed(world.cast))
    await _sign_processing_agreements(world)
    await _accept_prohibited_uses(world)
    await _seed(world, "cast", cast_seed(world.cast))
    await world.sign_out(_SIGNS.values())
    async with asyncio.TaskGroup() as group:
        group.create_task(_import_directory(world))
        group.create_task(_make_families(world))
        await _publish_services(world, admin)
        await _agree(world)
    _tell(world, narrator)


async def _seed(world: World, name: str, seed: dict[str, Any]) -> None:
    """Run the gateway's seed; the facts of organisations and contracts take milliseconds to reach it, not none."""
    path = write_seed(world.folder / f"{name}.json", seed)
    await world.commands.run("gateway", "seed", str(path), "--wait", str(_EVENT_SECONDS))


async def _register_entities(world: World, admin: Asker) -> None:
    next_year = str(world.today + timedelta(days=300))
    for key, entry in world.cast.raw["entities"].items():
        body = {
            "name": entry["name"],
            "kind": entry["kind"],
            "ico_registration": entry["ico"],
            "ico_registered_until": next_year,
            "training_valid_until": next_year,
            "dpo_contact": f"dpo@{key}.example.org",
        }
        world.cast.entities[key] = expect(await admin.post("/legal-entities", body), 201)["id"]


async def _register_organisations(world: World, admin: Asker) -> None:
    cast = world.cast
    for key, entry in cast.raw["organisations"].items():
        body = {
            "name": entry["name"],
            "kind": entry["kind"],
            "telephone": entry["telephone"],
            "legal_entity_id": cast.entities[entry["entity"]],
            "assurance_level": "named_accounts",
        }
        cast.organisations[key] = expect(await admin.post("/organisations", body), 201)["id"]
    hub = {
        "name": cast.raw["hub"]["name"],
        "outward_postcodes": ["TA19", "TA20"],
        "coordinator_account_id": str(cast.accounts[cast.raw["hub"]["coordinator"]]),
        "member_organisation_ids": list(cast.organisations.values()),
    }
    expect(await admin.post("/hubs", hub), 201)


async def _publish_services(world: World, admin: Asker) -> None:
    for key, entry in world.cast.raw["services"].items():
        body = {
            "organisation_id": world.cast.organisations[entry["organisation"]],
            "areas": [{"kind": "outward_postcode", "code": code} for code in entry["areas"]],
            "locations": [{"kind": "physical", "postcode": entry["postcode"]}],
            "assured_on": str(world.today - timedelta(days=20)),
            **{name: value for name, value in entry.items() if name in _AS_THEY_ARE},
        }
        service = expect(await admin.post("/services", body), 201)
        world.cast.services[key] = service["id"]
        read = await admin.get(f"/services/{service['id']}")
        room = {"available": entry["free"], "unit": "families"}
        path = f"/services/{service['id']}/capacity"
        expect(await admin.send("PUT", path, room, If_Match=read.headers["etag"]), 200)


_AS_THEY_ARE = frozenset(
    ["name", "kind", "needs", "description", "telephone", "minimum_age", "maximum_age", "same_day", "takes_requests"]
)


async def _sign_processing_agreements(world: World) -> None:
    parts = ["audit", "breach", "instructions", "location", "return", "sub_processors"]
    uses = ["debt_recovery", "immigration_enforcement", "marketing", "recruitment", "rent_enforcement", "research"]
    for entity, account in _SIGNS.items():
        signatory = await world.person(account)
        path = f"/legal-entities/{world.cast.entities[entity]}"
        read = await _until_known(signatory, path)
        body = {"document_reference": f"PA-2026-{entity}", "confirms": parts, "refrains_from": uses}
        answer = await signatory.post(f"{path}/processing-agreement", body, If_Match=read.headers["etag"])
        expect(answer, 200)


async def _accept_prohibited_uses(world: World) -> None:
    """Each organisation accepts them, by the signatory of its legal entity: then its people may have accounts."""
    for key, entry in world.cast.raw["organisations"].items():
        signatory = await world.person(_SIGNS[entry["entity"]])
        organisation = world.cast.organisations[key]
        text = await _until_listed(signatory, organisation)
        body = {"organisation_id": organisation, "version": text["version"], "accepts": sorted(text["uses"])}
        expect(await signatory.post("/accounts/prohibited-uses/acceptances", body), 201)


async def _until_listed(asker: Asker, organisation: str) -> dict[str, Any]:
    """The text in force, once the organisation's registration has reached the gateway."""
    deadline = asyncio.get_running_loop().time() + _EVENT_SECONDS
    while True:
        read = expect(await asker.get("/accounts/prohibited-uses"), 200)
        known = any(each["organisation_id"] == organisation for each in read["items"])
        if known or asyncio.get_running_loop().time() > deadline:
            text: dict[str, Any] = read["current"]
            return text
        await asyncio.sleep(0.1)


async def _until_known(asker: Asker, path: str) -> Any:  # noqa: ANN401 - an HTTP answer
    """Read until the organisation's registration has reached the service: an event takes milliseconds, not none."""
    deadline = asyncio.get_running_loop().time() + _EVENT_SECONDS
    while True:
        answer = await asker.get(path)
        if answer.status_code == 200 or asyncio.get_running_loop().time() > deadline:
            expect(answer, 200)
            return answer
        await asyncio.sleep(0.1)


async def _agree(world: World) -> None:
    manager = await world.person("manager")
    for key, entry in world.cast.raw["agreements"].items():
        body = {"reference": f"DSA-2026-{key.upper()}", "terms": terms(world.cast, key, world.today)}
        agreement = expect(await manager.post("/agreements", body), 201)
        world.cast.agreements[key] = agreement["id"]
        officers, signatories = await parties(world, entry["to"])
        version = await bring_into_force(manager, agreement["id"], 1, officers, signatories)
        if version["state"] != "active":
            raise AssertionError(f"{key} is {version['state']}")


async def parties(world: World, partner: str) -> tuple[list[Asker], list[Asker]]:
    """The officers and the signatories of the schools' trust and of one partner."""
    officers = [await world.person(_OFFICERS[each]) for each in ("trust", partner)]
    signatories = [await world.person(_SIGNS[each]) for each in ("trust", partner)]
    return officers, signatories


async def _import_directory(world: World) -> None:
    place = ("--place", world.cast.place.code)
    await world.commands.run("partners", "import-hsds", *place)
    await world.commands.run("partners", "import-organisations", *place)
    for verb, path in _reference_files():
        await world.commands.run("partners", verb, str(path), *place)


def _reference_files() -> list[tuple[str, Path]]:
    """Real services to list beside the invented ones, from the folder that REFERENCE_DATA names."""
    reference = os.environ.get("REFERENCE_DATA")
    if reference is None:
        return []
    folder = Path(reference).resolve()
    services = [("import-hsds", path) for path in sorted(folder.glob("open-referral/**/service_full.json"))]
    return services + [("import-organisations", path) for path in sorted(folder.glob("directory/*.csv"))]


async def _make_families(world: World) -> None:
    cast = world.cast
    await world.commands.run(
        "families",
        "seed",
        "--families",
        str(FAMILIES),
        "--place",
        str(cast.place.id),
        "--organisation",
        cast.organisations["oaklands"],
    )


def _tell(world: World, narrator: Narrator) -> None:
    cast, raw = world.cast, world.cast.raw
    narrator.say(
        f"{cast.place.name} is open: {len(raw['entities'])} legal entities, each of which signed its "
        "processing agreement before it had accounts; "
        f"{len(raw['organisations'])} organisations in one hub; {len(raw['services'])} services that take requests, "
        f"beside those read from an Open Referral file and an organisations sheet; {len(raw['agreements'])} "
        f"data-sharing agreements in force; {FAMILIES} invented families."
    )
    narrator.say(cast.place.safeguarding.sentence)


def in_days(today: date, days: int) -> str:
    """A date on the wire."""
    return str(today + timedelta(days=days))
