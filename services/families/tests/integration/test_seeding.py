from datetime import timedelta

import asyncpg
from families_room import NOW, PLACE, Room

from connective.families.commands.seed_families import seed_families
from connective.families.storage.mapping import Keeper

_SEARCH = {"purpose": "referral"}


async def test_seeding_twice_changes_nothing(room: Room, owner: asyncpg.Connection) -> None:
    means = room.running.composition.parts.means
    keeper = Keeper(PLACE, room.school)
    assert await seed_families(means, keeper, count=2, seed=1, now=NOW) == 2
    assert await seed_families(means, keeper, count=120, seed=1, now=NOW) == 118
    facts = await owner.fetchval("SELECT count(*) FROM outbox")
    assert await seed_families(means, keeper, count=120, seed=1, now=NOW + timedelta(days=1)) == 0
    assert await owner.fetchval("SELECT count(*) FROM outbox") == facts == 120


async def test_seeded_families_are_read_listed_and_found_like_any_other(room: Room) -> None:
    means = room.running.composition.parts.means
    await seed_families(means, Keeper(PLACE, room.school), count=20, seed=1, now=NOW)
    worker = room.worker()
    listed = (await room.get("/families", worker)).json()["items"]
    assert len(listed) == 20
    for item in listed:
        family = (await room.get(f"/families/{item['id']}", worker)).json()
        assert len(family["people"]) == item["people"]
    person = family["people"][0]["person"]
    search = {k: person[k] for k in ("given_names", "family_name", "date_of_birth")} | _SEARCH
    found = (await room.client.post("/people/searches", json=search, headers=worker)).json()["items"]
    assert person["id"] in {hit["person_id"] for hit in found}
