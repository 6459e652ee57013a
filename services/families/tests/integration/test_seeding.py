import asyncio
import os
import sys
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


async def seed_by_command(room: Room, **changes: str) -> tuple[int, str]:
    settings = room.running.settings
    environment = {
        "FAMILIES_DATABASE_URL": settings.database_url,
        "FAMILIES_READER_URL": settings.reader_url,
        "FAMILIES_NATS_URL": settings.nats_url,
        "FAMILIES_TRUSTED_KEYS": str(settings.trusted_keys),
        "FAMILIES_SIGNING_KEY": str(settings.signing_key),
        "FAMILIES_SECRET": settings.secret.get_secret_value(),
        "FAMILIES_PLACES": str(settings.places),
        "FAMILIES_CONSENT_URL": str(settings.consent_url),
        "FAMILIES_SYNTHETIC_PEOPLE": "true",
    }
    arguments = ["seed", "--families", "7", "--place", "chard-and-ilminster", "--organisation", str(room.school)]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "connective.families",
        *arguments,
        env={**os.environ, **environment, **changes},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, error = await process.communicate()
    return process.returncode or 0, (out + error).decode()


async def test_the_command_seeds_and_what_it_wrote_is_found_by_the_running_service(room: Room) -> None:
    assert await seed_by_command(room) == (0, "7 families written, 0 were there already.\n")
    assert await seed_by_command(room) == (0, "0 families written, 7 were there already.\n")
    assert len((await room.get("/families", room.worker())).json()["items"]) == 7


async def test_nobody_is_invented_where_people_are_real(room: Room) -> None:
    code, words = await seed_by_command(room, FAMILIES_SYNTHETIC_PEOPLE="false")
    assert code == 2
    assert "refused" in words
