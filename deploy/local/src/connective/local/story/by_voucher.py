"""The end of step 5: a request is blocked because the family was not asked yet, and its food goes by voucher today."""

from datetime import UTC, datetime, timedelta
from typing import Any

from connective.local.story.closing_the_loop import larder_system
from connective.local.story.loading import World
from connective.local.story.narrator import Narrator, expect
from connective.local.story.signing_in import Asker


async def feed_by_voucher(world: World, narrator: Narrator) -> None:
    """Domain rules, section 4, "Today": a reference, counts and packing notes go; a name does not."""
    narrator.say(
        "At the next school a grandmother needs food today. Nobody has asked her yet whether the food bank may have "
        "her name."
    )
    neighbour = await world.person("neighbour")
    request_id = await _blocked(world, neighbour, narrator)
    voucher = await _issued(neighbour, narrator, request_id)
    await _used(world, narrator, voucher, request_id)
    ended = expect(await neighbour.get(f"/vouchers/{voucher['id']}"), 200)
    narrator.check(ended["state"] == "used", f"{neighbour.name} sees that it was used: the family has been fed")


async def _blocked(world: World, neighbour: Asker, narrator: Narrator) -> str:
    """A request for food by name, which nobody agreed to."""
    listed = expect(await neighbour.get("/families"), 200)["items"][0]
    members = expect(await neighbour.get(f"/families/{listed['id']}"), 200)["people"]
    carer = next(each["person"]["id"] for each in members if each["person"]["given_names"] == "Lowen")
    ask = {
        "service_id": world.cast.services["parcel"],
        "subjects": [carer],
        "contact_person_id": carer,
        "needs": [{"person_id": carer, "code": "food_or_fuel_poverty", "severity": 3}],
        "answers": {"how": "collect_today", "crisis_reason": "benefit_delay", "cooking_facilities": "none"},
        "needed_by": (datetime.now(UTC) + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    body = {"family_id": listed["id"], "safeguarding_check": {"answer": "no_concern"}, "requests": [ask]}
    answer = await neighbour.post("/referrals", body)
    narrator.call(neighbour.name, "asks the food bank all the same", answer)
    request = expect(answer, 201)["requests"][0]
    narrator.check(request["state"] == "blocked", "blocked: nothing was sent")
    why = [missing["sentence"] for missing in request["missing"] if missing["code"] == "family_not_asked"]
    narrator.check(why, f"and it says why: {' '.join(why[:1])}")
    voucher = [today["sentence"] for today in request["today"] if "voucher" in today["sentence"]]
    narrator.check(voucher, f"and it says what can be done today: {' '.join(voucher)}")
    return str(request["id"])


async def _issued(neighbour: Asker, narrator: Narrator, request_id: str) -> dict[str, Any]:
    body = {"adults": 1, "children_by_age_band": {"5-11": 1}, "packing_notes": ["kettle_only"]}
    answer = await neighbour.post(f"/requests/{request_id}/vouchers", body)
    narrator.call(neighbour.name, "issues a voucher: how many to feed, what to pack, no name", answer)
    voucher: dict[str, Any] = expect(answer, 201)
    narrator.say(f"For the family to show: {voucher['words_for_the_family']}")
    return voucher


async def _used(world: World, narrator: Narrator, voucher: dict[str, Any], request_id: str) -> None:
    larder = await larder_system(world)
    answer = await larder.get(f"/vouchers?reference={voucher['reference']}")
    narrator.call(larder.name, "finds what the grandmother shows at the counter", answer)
    (found,) = expect(answer, 200)["items"]
    answer = await larder.get(f"/vouchers/{found['id']}")
    narrator.call(larder.name, "opens it", answer)
    opened = expect(answer, 200)
    counts = f"{opened['adults']} adult, children {opened['children_by_age_band']}, {opened['packing_notes']}"
    narrator.say(f"• sees: {voucher['reference']}, {counts}")
    named = {request_id, "Lowen", "Tegan", "Fernlea", "Silver Street", "TA19"}
    narrator.check(not [each for each in named if each in answer.text], "no name, no address, and not which request")
    answer = await larder.post(f"/vouchers/{found['id']}/use", None, If_Match=answer.headers["etag"])
    narrator.call(larder.name, "hands out the parcel, and says so", answer)
    expect(answer, 200)
    again = await larder.post(f"/vouchers/{found['id']}/use", None, If_Match=answer.headers["etag"])
    narrator.check(again.status_code == 409, "it feeds once: shown again, it is refused")
    await larder.client.aclose()
