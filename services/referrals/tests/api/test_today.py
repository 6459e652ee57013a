"""Today's list: a volunteer packs by reference, first name and packing notes, and may not open the request."""

from datetime import timedelta
from typing import Any

from connective.contracts.categories import Category
from connective.referrals.domain.today import first_name

ANSWERS = {
    "how": "collect_today",
    "crisis_reason": "benefit_delay",
    "cooking_facilities": "limited",
    "allergies": "no nuts",
    "baby_items": ["wipes"],
}


async def test_a_volunteer_sees_what_to_pack_and_opens_nothing(world: Any) -> None:
    food = world.service()
    made = await world.make(world.ask(food, answers=ANSWERS), world.ask(world.service(), answers=ANSWERS))
    request = next(each for each in made["requests"] if each["service_id"] == str(food.service_id))
    place, organisation = world.place, food.organisation_id
    volunteer = world.identities.person(place=place, organisation=organisation, roles=["partner_volunteer"])
    nothing = (await world.client.get("/requests/today", headers=volunteer)).json()
    assert (nothing["items"], world.consent.disclosed) == ([], []), "only what was accepted is packed"
    partner = world.partner(food)
    await world.act(request, "receive", partner)
    await world.act(request, "accept", partner)
    answer = await world.client.get("/requests/today", headers=volunteer)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert answer.json()["items"] == [
        {
            "request_id": request["id"],
            "reference": request["reference"],
            "first_name": "Mara",
            "packing_notes": ["Kettle or microwave only", "no nuts", "Wipes"],
            "slot": "Collects today",
            "needed_by": None,
            "withheld": [],
        }
    ]
    for never in ("Test", "07700 900123", "benefit", "TA20"):
        assert never not in str(answer.json()["items"])
    (asked,) = world.consent.disclosed
    assert asked.question.categories == {Category.IDENTITY, Category.HOUSING, Category.HEALTH, Category.HOUSEHOLD}
    assert world.families.read == [["person.full_name"]]
    for path in (f"/requests/{request['id']}", "/requests"):
        assert (await world.client.get(path, headers=volunteer)).status_code == 403
    world.consent.refused[organisation] = {Category.HEALTH: "not_in_agreement"}
    (line,) = (await world.client.get("/requests/today", headers=volunteer)).json()["items"]
    assert (line["packing_notes"], line["withheld"]) == (["Kettle or microwave only", "Wipes"], ["allergies"])
    world.consent.refused[organisation] = dict.fromkeys(Category, "consent_withdrawn")
    (line,) = (await world.client.get("/requests/today", headers=volunteer)).json()["items"]
    assert (line["first_name"], line["packing_notes"], "first_name" in line["withheld"]) == (None, [], True)
    world.consent.away = True
    assert (await world.client.get("/requests/today", headers=volunteer)).status_code == 503
    world.consent.away = False
    world.clock.move(timedelta(days=1))
    assert (await world.client.get("/requests/today", headers=volunteer)).json()["items"] == []


def test_a_first_name_is_the_first_word() -> None:
    assert [first_name(name) for name in ("Mara Test", "", None)] == ["Mara", None, None]
