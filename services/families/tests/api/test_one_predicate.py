"""What may be read one by one is exactly what is listed: families and cases, whoever asks and whatever restricts."""

import asyncio
from itertools import count
from uuid import UUID

from families_room import Room
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from connective.kit.ids import new_id

KEEPERS = (0, 1)
"""The school and another one; a third organisation keeps nothing here."""
RESTRICTIONS = (None, "own_record", "conflict")
PLANS = st.lists(
    st.tuples(st.sampled_from(KEEPERS), st.sampled_from(RESTRICTIONS), st.sampled_from((0, 1))), min_size=1, max_size=2
)
"""Families: who keeps one, what restricts one of its people, and which of the keeper's two workers that names."""
Made = dict[str, list[str]]


class Readers:
    """Two workers each of three organisations, and the families and cases that some of them make."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.workers = [(each, (new_id(), new_id())) for each in (room.school, new_id(), new_id())]
        self.numbers = count()
        self.answers: set[tuple[str, bool]] = set()

    def headers(self, organisation: UUID, account: UUID, role: str = "support_worker") -> dict[str, str]:
        return self.room.worker(organisation, account=account, role=role)

    async def make(self, keeper: int, restriction: str | None, named: int, made: Made) -> None:
        """A family and its case, by the first worker of its keeper."""
        organisation, accounts = self.workers[keeper]
        number = next(self.numbers)
        name = f"Vale{chr(97 + number // 26)}{chr(97 + number % 26)}"
        born = f"19{60 + number % 40}-0{1 + number % 9}-1{number % 10}"
        adult = {"key": "adult", "given_names": f"Io{name}", "family_name": name, "date_of_birth": born}
        whose = self.headers(organisation, accounts[0])
        family = await self.room.family(whose, people=[adult], relationships=[], address=None)
        opened = await self.room.post("/cases", {"family_id": family["id"]}, whose)
        made["/families"].append(family["id"])
        made["/cases"].append(opened.json()["id"])
        if restriction:
            body = {"kind": restriction, "named_account_ids": [str(accounts[named])]}
            lead = self.headers(organisation, new_id(), "safeguarding_lead")
            person = family["people"][0]["person"]["id"]
            placed = await self.room.post(f"/people/{person}/restrictions", body, lead)
            assert placed.status_code == 201, placed.text

    async def shown(self, path: str, asker: dict[str, str]) -> set[str]:
        """Everything that the list shows, a page at a time."""
        found: set[str] = set()
        cursor: str | None = ""
        while cursor is not None:
            answer = (await self.room.get(f"{path}?limit=50" + (f"&cursor={cursor}" if cursor else ""), asker)).json()
            found |= {each["id"] for each in answer["items"]}
            cursor = answer["next_cursor"]
        return found

    async def compare(self, plan: list[tuple[int, str | None, int]]) -> None:
        """Each of these is listed for exactly those who may read it."""
        made: Made = {"/families": [], "/cases": []}
        for keeper, restriction, named in plan:
            await self.make(keeper, restriction, named, made)
        for organisation, accounts in self.workers:
            for account in accounts:
                asker = self.headers(organisation, account)
                for path, ids in made.items():
                    shown = await self.shown(path, asker)
                    for each in ids:
                        status = (await self.room.get(f"{path}/{each}", asker)).status_code
                        assert status in {200, 404}
                        assert (status == 200) is (each in shown), (path, organisation, account)
                        self.answers.add((path, status == 200))


async def test_a_family_and_its_case_are_read_by_exactly_those_who_find_them_listed(room: Room) -> None:
    loop, readers = asyncio.get_running_loop(), Readers(room)

    @settings(max_examples=3, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @example([(0, "own_record", 0), (0, None, 0), (1, "conflict", 1)])
    @given(PLANS)
    def property_holds(plan: list[tuple[int, str | None, int]]) -> None:
        asyncio.run_coroutine_threadsafe(readers.compare(plan), loop).result(timeout=60)

    await asyncio.to_thread(property_holds)
    assert len(readers.answers) == 4, "families and cases alike were shown to some and not to others"
