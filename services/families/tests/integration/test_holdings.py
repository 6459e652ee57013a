"""What families tells consent for the copy somebody asks for: their own data, and nothing that locates the hidden."""

from typing import Any

from families_room import PLACE, Room, person_called

from connective.kit.ids import new_id
from connective.kit.testing import key_header


async def held(room: Room, person_id: str, organisation: Any = None) -> dict[str, Any]:
    body = {"place_id": str(PLACE), "organisation_ids": [str(organisation or room.school)], "person_ids": [person_id]}
    caller = room.identities.caller("consent", "families")
    answer = await room.client.post("/internal/holdings", json=body, headers=caller | key_header())
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_everything_of_one_person_and_nothing_that_names_another(room: Room) -> None:
    worker, lead = room.worker(), room.worker(role="safeguarding_lead")
    family = await room.family(worker)
    asha, ben, efan = (person_called(family, name)["id"] for name in ("Asha", "Ben", "Efan"))
    found = await held(room, asha)
    text = str(found)
    for own in ("Asha", "Drake Surgery", "07700900123", "food_or_fuel_poverty", "1 Drake Way"):
        assert own in text, own
    assert not [
        name for name in ("Ben", "Cai", "Dilys", "Efan", ben, efan, family["id"]) if name in str(found["items"])
    ]
    assert {item["section"] for item in found["items"]} >= {"identity", "contact_details", "needs", "relationships"}
    assert (found["person_ids"], found["family_ids"], found["hidden"]) == ([asha], [family["id"]], False)
    assert "1 Drake Way" not in str(await held(room, ben)), "he lives elsewhere: it is the others' home"
    assert (await held(room, asha, new_id()))["items"] == [], "another organisation's officers are told nothing"
    await room.post(f"/people/{efan}/restrictions", {"kind": "whereabouts"}, lead)
    hidden = await held(room, asha)
    assert hidden["hidden"] is True
    for located in ("1 Drake Way", "Drake Surgery", "07700900123"):
        assert located not in str(hidden), located
    assert "Asha" in str(hidden)
