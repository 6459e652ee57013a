"""Step 8: where a concern about harm goes, and where it never goes."""

from connective.local.story.loading import World
from connective.local.story.narrator import Narrator, expect
from connective.local.story.referring import housing_ask


async def report_a_concern(world: World, narrator: Narrator, family: dict[str, str]) -> None:
    """Step 8."""
    narrator.step(8, "When it is not early help")
    worker = await world.person("worker")
    ask = {"service_id": world.cast.services["homes"], **housing_ask(family["mother"])}
    body = {
        "family_id": family["family"],
        "safeguarding_check": {"answer": "reporting_now"},
        "requests": [ask],
    }
    answer = await worker.post("/referrals", body)
    narrator.call(worker.name, "says that she is reporting a concern right now", answer)
    problem = expect(answer, 422)
    narrator.check(problem["type"] == "/problems/report-concern-first", "nothing is sent, and she is told why")
    number = world.cast.place.safeguarding.front_door_number
    narrator.check(number in answer.text, f"the front door's number is there: {number}")
    drafts = expect(await worker.get(f"/referrals/{problem['referral_id']}"), 200)
    narrator.check({r["state"] for r in drafts["requests"]} == {"draft"}, "what she wrote is kept as a draft")
    to_the_door = {**ask, "service_id": world.cast.services["front_door"]}
    answer = await worker.post("/referrals", {**body, "safeguarding_check": _NONE, "requests": [to_the_door]})
    narrator.call(worker.name, "tries to send a request to the front door", answer)
    refused = expect(answer, 422)
    narrator.check(
        refused["type"] == "/problems/not-a-reporting-route", "refused: a concern is phoned, never typed here"
    )


_NONE = {"answer": "no_concern"}
