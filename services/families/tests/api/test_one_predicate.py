"""What may be read one by one is exactly what is listed: families, cases, merges; whoever asks, whatever restricts."""

from itertools import count
from typing import Any
from uuid import UUID

import asyncpg
from families_room import PLACE, Room
from hypothesis import strategies as st

from connective.kit.ids import new_id
from connective.local.comparing import Collection, Comparison, always

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
        self.comparison = Comparison(room.client)

    def headers(self, organisation: UUID, account: UUID, role: str = "support_worker") -> dict[str, str]:
        return self.room.worker(organisation, account=account, role=role)

    async def family(self, whose: dict[str, str]) -> dict[str, Any]:
        """A family of one adult, like nobody else."""
        number = next(self.numbers)
        name = f"Vale{chr(97 + number // 26)}{chr(97 + number % 26)}"
        born = f"19{60 + number % 40}-0{1 + number % 9}-1{number % 10}"
        adult = {"key": "adult", "given_names": f"Io{name}", "family_name": name, "date_of_birth": born}
        return await self.room.family(whose, people=[adult], relationships=[], address=None)

    async def person(self, organisation: UUID) -> str:
        """A person whom this organisation keeps."""
        family = await self.family(self.headers(organisation, new_id()))
        return str(family["people"][0]["person"]["id"])

    async def make(self, keeper: int, restriction: str | None, named: int, made: Made) -> None:
        """A family and its case, by the first worker of its keeper."""
        organisation, accounts = self.workers[keeper]
        whose = self.headers(organisation, accounts[0])
        family = await self.family(whose)
        opened = await self.room.post("/cases", {"family_id": family["id"]}, whose)
        made["/families"].append(family["id"])
        made["/cases"].append(opened.json()["id"])
        if restriction:
            body = {"kind": restriction, "named_account_ids": [str(accounts[named])]}
            lead = self.headers(organisation, new_id(), "safeguarding_lead")
            person = family["people"][0]["person"]["id"]
            placed = await self.room.post(f"/people/{person}/restrictions", body, lead)
            assert placed.status_code == 201, placed.text

    async def compare(self, plan: list[tuple[int, str | None, int]]) -> None:
        """Each of these is listed for exactly those who may read it."""
        made: Made = {"/families": [], "/cases": []}
        for keeper, restriction, named in plan:
            await self.make(keeper, restriction, named, made)
        for organisation, accounts in self.workers:
            for account in accounts:
                asker = self.headers(organisation, account)
                for path, ids in made.items():
                    await self.comparison.holds(Collection(path), asker, ids, who=(organisation, account))


async def test_a_family_and_its_case_are_read_by_exactly_those_who_find_them_listed(room: Room) -> None:
    readers = Readers(room)
    await readers.compare([(0, "own_record", 0), (0, None, 0), (1, "conflict", 1)])
    await always(PLANS, readers.compare, examples=3)
    readers.comparison.saw_both(Collection("/families"), Collection("/cases"))


_MERGE = """
INSERT INTO person_merge (id, place_id, organisation_id, merged_organisation_id, person_id, merged_person_id, state,
  likeness, shared, differs, proposed_by, proposed_organisation_id, proposed_at, agreed, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'likely_same', '{}', '{}', 'somebody', $3, now(), '{}', 1)
"""


async def test_a_merge_is_read_by_exactly_the_keepers_who_find_it_listed(room: Room, owner: asyncpg.Connection) -> None:
    readers, comparison, merges = Readers(room), Comparison(room.client), Collection("/people/merges")
    keepers = [organisation for organisation, _ in readers.workers]
    pairs = st.tuples(st.sampled_from(keepers), st.sampled_from(keepers), st.sampled_from(("proposed", "declined")))
    await owner.execute("SELECT set_config('app.place', $1, false)", str(PLACE))
    await owner.execute("SELECT set_config('app.kind', 'service', false)")

    async def compare(plan: list[tuple[UUID, UUID, str]]) -> None:
        made = {str(new_id()): pair for pair in plan}
        for merge, (*both, state) in made.items():
            people = [UUID(await readers.person(each)) for each in both]
            await owner.execute(_MERGE, merge, PLACE, *both, *people, state)
        for keeper in (*keepers, new_id()):
            seen = await comparison.holds(merges, room.worker(keeper), made, who=keeper)
            assert seen == {merge for merge, pair in made.items() if keeper in pair}

    await always(st.lists(pairs, min_size=1, max_size=3), compare, examples=5)
    comparison.saw_both(merges)
