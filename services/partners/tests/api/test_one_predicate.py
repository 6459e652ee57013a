"""What may be read one by one is exactly what is listed: the directory, sources, webhooks, the public surface."""

import json
from collections import defaultdict
from itertools import count
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from partners_room import LARDER, OTHER_PLACE, PLACE, Room

from connective.kit.ids import new_id
from connective.kit.testing import key_header
from connective.local.comparing import Collection, Comparison, always

PLACES = (PLACE, OTHER_PLACE)
FEED = "https://directory.example.org/v3"
ORGANISATIONS, HUBS = Collection("/organisations"), Collection("/hubs")
SERVICES = Collection("/services", ("", "status=inactive", "status=defunct"))
SOURCES, WEBHOOKS = Collection("/harvest-sources"), Collection("/webhooks")
DIRECTORY = ("support_worker", "place_admin")
KEEPING = ("partner_admin", "hub_coordinator", "place_admin")
READERS = {
    ORGANISATIONS: DIRECTORY,
    HUBS: DIRECTORY,
    SERVICES: DIRECTORY,
    SOURCES: KEEPING,
    WEBHOOKS: ("partner_admin",),
}
KINDS = (ORGANISATIONS, HUBS, SERVICES, SOURCES, WEBHOOKS)
STATES = ("active", "inactive", "defunct", "sensitive", "of_somebody_suspended")
"""What becomes of a service; the last two are never told to the public."""
RECORDS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.sampled_from((0, 1)), st.sampled_from((0, 1)), st.sampled_from(STATES)),
    min_size=2,
    max_size=6,
)
"""What is made, in which place, by which of its two organisations, and what becomes of it."""


class World:
    """Two places with two organisations each, what they make, and everybody who may ask for it."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.numbers = count()
        self.organisations: list[list[dict[str, Any]]] = []
        self.comparison = Comparison(room.client)

    async def settle(self) -> None:
        for place in PLACES:
            names = [f"Organisation {next(self.numbers)}" for _ in range(2)]
            self.organisations.append([await self.organisation(place, name) for name in names])

    async def post(self, path: str, body: Any, who: dict[str, str]) -> dict[str, Any]:
        answer = await self.room.post(path, body, who)
        assert answer.is_success, answer.text
        made: dict[str, Any] = answer.json()
        return made

    async def organisation(self, place: UUID, name: str) -> dict[str, Any]:
        body = {"name": name, "kind": "food_bank", "legal_entity_id": str(new_id())}
        return await self.post(
            "/organisations", body | {"assurance_level": "named_accounts"}, self.room.place_admin(place)
        )

    async def service(self, place: UUID, owner: dict[str, Any], name: str, state: str) -> str:
        whose = await self.organisation(place, f"Owner of {name}") if state == "of_somebody_suspended" else owner
        kind = {"kind": "domestic_abuse_support", "same_day": None} if state == "sensitive" else {}
        admin = self.room.headers("partner_admin", organisation=whose["id"], place=place)
        made = await self.post("/services", LARDER | {"organisation_id": whose["id"], "name": name} | kind, admin)
        if state in {"inactive", "defunct"}:
            assert (await self.room.patch(f"/services/{made['id']}", {"status": state}, admin, 1)).status_code == 200
        if state == "of_somebody_suspended":
            headers = self.room.place_admin(place) | {"If-Match": '"1"'}
            await self.post(f"/organisations/{whose['id']}/suspend", {"reason": "It is being looked into."}, headers)
        return str(made["id"])

    async def make(self, kind: Collection, place: UUID, owner: dict[str, Any], state: str) -> dict[Collection, str]:
        """One record of this kind, and what it holds that is listed by itself."""
        number, place_admin = next(self.numbers), self.room.place_admin(place)
        admin = self.room.headers("partner_admin", organisation=owner["id"], place=place)
        if kind is ORGANISATIONS:
            return {kind: (await self.organisation(place, f"Team {number}"))["id"]}
        if kind is SERVICES:
            return {kind: await self.service(place, owner, f"Service {number}", state)}
        if kind is HUBS:
            return {kind: (await self.post("/hubs", {"name": f"Hub {number}"}, place_admin))["id"]}
        if kind is SOURCES:
            body = {"code": f"code{number}", "name": f"Directory {number}", "url": FEED}
            source = (await self.post("/harvest-sources", body, place_admin))["id"]
            runs = Collection(f"/harvest-sources/{source}/runs")
            return {kind: source, runs: (await self.post(runs.path, None, place_admin))["id"]}
        body = {"url": "https://hook.example.org/", "events": ["hub.partners.service.*"]}
        webhook = (await self.post("/webhooks", body, admin))["id"]
        deliveries = Collection(f"/webhooks/{webhook}/deliveries")
        return {kind: webhook, deliveries: (await self.post(f"/webhooks/{webhook}/test", {}, admin))["id"]}

    async def compare(self, records: list[tuple[Collection, int, int, str]]) -> None:
        """Make these, and hold what each asker's lists show against what answers them one by one."""
        made: defaultdict[Collection, list[str]] = defaultdict(list)
        within: dict[Collection, tuple[Collection, str]] = {}
        for kind, place, owner, state in records:
            found = await self.make(kind, PLACES[place], self.organisations[place][owner], state)
            made[kind].append(found.pop(kind))
            within |= {inner: (kind, each) for inner, each in found.items()}
        for place, organisations in zip(PLACES, self.organisations, strict=True):
            for whose in organisations:
                await self.ask(place, whose["id"], made, within)
        await self.ask_as_the_public(made[SERVICES])

    async def ask(self, place: UUID, whose: str, made: Any, within: Any) -> None:
        for kind, ids in made.items():
            for role in READERS[kind]:
                headers, who = self.room.headers(role, organisation=whose, place=place), f"{role} {whose} {place}"
                seen = await self.comparison.holds(kind, headers, ids, who=who)
                for inner, (_, record) in ((k, v) for k, v in within.items() if v[0] is kind):
                    if inner.path.split("/")[2] in seen:
                        assert await self.comparison.holds(inner, headers, [record], who=who) == {record}
                    else:
                        for path in (inner.path, f"{inner.path}/{record}"):
                            assert (await self.room.get(path, headers)).status_code == 404, path

    async def public(self, path: str) -> list[dict[str, Any]]:
        answer = await self.room.client.get(f"/open-referral/v3/{path}?format=ndjson")
        return [json.loads(line) for line in answer.text.splitlines()]

    async def ask_as_the_public(self, services: list[str]) -> None:
        """Services, and what they bring with them: their organisations, and where they are."""
        for path, records in (
            ("services", services),
            ("organizations", [each["id"] for pair in self.organisations for each in pair]),
            ("service_at_locations", []),
        ):
            shown = {each["id"] for each in await self.public(path)}
            for each in [*records, *sorted(shown)[:2]]:
                answer = await self.room.client.get(f"/open-referral/v3/{path}/{each}")
                assert (answer.status_code == 200) is (each in shown), (path, answer.text)
                self.comparison.answers.add((path, each in shown))


async def test_a_record_of_the_directory_is_read_by_exactly_those_who_find_it_listed(room: Room) -> None:
    world = World(room)
    await world.settle()
    every = [(kind, place, place, state) for kind in KINDS for place in (0, 1) for state in STATES[:1]]
    await world.compare([*every, *((SERVICES, 0, 0, state) for state in STATES[1:])])
    await always(RECORDS, world.compare, examples=4)
    world.comparison.saw_both(*KINDS)
    assert {("services", seen) for seen in (True, False)} <= world.comparison.answers
    for path in ("taxonomies", "taxonomy_terms"):
        shown = [each["id"] for each in await world.public(path)]
        for each, status in ((shown[0], 200), (shown[-1], 200), (str(new_id()), 404)):
            answer = await room.client.get(f"/open-referral/v3/{path}/{each}", headers=key_header())
            assert answer.status_code == status
