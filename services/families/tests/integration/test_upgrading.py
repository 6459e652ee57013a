"""What an upgrade carries over: cards of those whose data were only stored before there were cards without a name."""

from typing import Any

import asyncpg
from families_room import PLACE, Room, person_called

from connective.kit.ids import new_id
from connective.kit.migrations import migrate
from connective.local.testing import MakeDatabase

_AS_THE_SERVICE = "SELECT set_config('app.kind', 'service', false)"
_PERSON = """
INSERT INTO person (id, place_id, organisation_id, given_names, family_name, previous_family_names, sex,
  processing_restricted) VALUES ($1, $2, $3, 'Io', 'Vale', '{}', 'female', $4)
"""
_CARD = """
INSERT INTO search_card (person_id, place_id, organisation_id, name, birth_year) VALUES ($1, $2, $3, 'Io Vale', 1985)
"""
_CARDS = "SELECT person_id, name, birth_year, stored_only FROM search_card"


async def before_nameless_cards(owner_url: str) -> None:
    await migrate("families", owner_url, to="0012")


async def test_an_upgrade_takes_the_name_off_the_card_of_whoever_was_restricted_before(
    service_database: MakeDatabase,
) -> None:
    database = await service_database("families", before_nameless_cards, variant="before-nameless-cards")
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute(_AS_THE_SERVICE)
    restricted, free, school = new_id(), new_id(), new_id()
    for person in (restricted, free):
        await owner.execute(_PERSON, person, PLACE, school, person == restricted)
        await owner.execute(_CARD, person, PLACE, school)
    for _ in range(2):
        await migrate("families", database.owner_url)
        cards = {row["person_id"]: tuple(row)[1:] for row in await owner.fetch(_CARDS)}
        assert cards == {restricted: ("", None, True), free: ("Io Vale", 1985, False)}
        await migrate("families", database.owner_url, to="0012", down=True)
    await owner.close()


async def test_cards_that_older_releases_left_named_or_took_away_are_made_anew(
    room: Room, owner: asyncpg.Connection
) -> None:
    worker, elsewhere = room.worker(), room.worker(new_id())
    family = await room.family(worker)
    named, gone, hidden = (person_called(family, name) for name in ("Efan", "Cai", "Ben"))
    lead = room.worker(role="safeguarding_lead")
    assert (await room.post(f"/people/{hidden['id']}/restrictions", {"kind": "whereabouts"}, lead)).status_code == 201
    await owner.execute(_AS_THE_SERVICE)
    people = [each["id"] for each in (named, gone, hidden)]
    await owner.execute("UPDATE person SET processing_restricted = true WHERE id = ANY($1::uuid[])", people)
    await owner.execute("DELETE FROM search_token WHERE person_id = $1", gone["id"])
    await owner.execute("DELETE FROM search_card WHERE person_id = $1", gone["id"])
    before = {str(row["person_id"]): row["name"] for row in await owner.fetch(_CARDS)}
    assert before[named["id"]] == "Efan Hart"

    for _ in range(2):
        await room.running.scheduler.run_once("renew-cards")
        cards = {str(row["person_id"]): tuple(row)[1:] for row in await owner.fetch(_CARDS)}
        assert [cards.pop(each["id"]) for each in (named, gone)] == [("", None, True)] * 2
        assert hidden["id"] not in cards, "whoever must not be found has no card at all"
        assert {name for name, _, _ in cards.values()} == {"Asha Hart", "Dilys Hart"}
    facts = ("given_names", "family_name", "date_of_birth")
    for each in (named, gone):
        anew: dict[str, Any] = {"people": [{"key": "one"} | {fact: each[fact] for fact in facts}], "relationships": []}
        warned = await room.post("/families", anew, elsewhere)
        assert (warned.status_code, warned.json()["type"]) == (409, "/problems/likely-duplicate"), warned.text
        (found,) = warned.json()["candidates"]
        assert (found["person_id"], found["processing_restricted"], found["name"]) == (each["id"], True, None)
