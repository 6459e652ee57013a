"""Step 9: a safeguarding override and a decision not to share, their review, and reading that an officer asks about."""

from typing import Any

from connective.local.story.loading import World
from connective.local.story.narrator import Narrator, expect

_SHARED: dict[str, Any] = {
    "categories": ["identity", "needs"],
    "share": True,
    "reason": "What the child said of bedtime was phoned to the front door; early help must know today.",
    "risk_of_not_sharing": "Whoever visits tomorrow would not know what to look for.",
    "family_told": False,
    "family_told_note": "The front door asked us to wait until they have spoken to the child.",
}
_NOT_SHARED: dict[str, Any] = {
    "categories": ["identity", "health"],
    "share": False,
    "reason": "A call from somebody who says they are the therapy team, from a number that is not theirs.",
    "risk_of_not_sharing": "None that we know of: the team can ask through the Hub.",
    "family_told": True,
}


async def override_and_review(world: World, narrator: Narrator, family: dict[str, str]) -> None:
    """Step 9; one decision waits for its review, and an account for an officer's question."""
    narrator.step(9, "An override, its review, and what an officer asks about")
    worker, lead, officer = await world.person("worker"), await world.person("lead"), await world.person("officer")
    organisations = world.cast.organisations
    about = {"person_ids": [family["youngest"]]}
    body = {**about, "recipient_organisation_id": organisations["early_help"], **_SHARED}
    answer = await worker.post("/overrides", body)
    narrator.call(worker.name, "shares by a safeguarding override: least data, and why", answer)
    used = expect(answer, 201)
    body = {**about, "recipient_organisation_id": organisations["salt"], **_NOT_SHARED}
    answer = await worker.post("/overrides", body)
    narrator.call(worker.name, "records a decision not to share", answer)
    expect(answer, 201)
    queue = expect(await lead.get("/overrides?state=awaiting_review"), 200)["items"]
    narrator.check(len(queue) == 2, f"both wait for {lead.name}, the school's safeguarding lead, within a working day")
    review = {"upheld": True, "note": "Right, and the least that would do."}
    answer = await lead.post(f"/overrides/{used['id']}/review", review)
    narrator.call(lead.name, "reviews the first of them", answer)
    expect(answer, 200)
    seen = expect(await officer.get("/audit/overrides"), 200)["items"]
    waits = [each for each in seen if each["reviewed_at"] is None]
    narrator.check((len(seen), len(waits)) == (2, 1), f"{officer.name} sees who reviewed, how soon, and that one waits")
    narrator.check("bedtime" not in str(seen), "and nothing of why: the reasons are the lead's to read")
    await _look_about(world, narrator, family)


async def _look_about(world: World, narrator: Narrator, family: dict[str, str]) -> None:
    """Somebody opens records without any work on them: within five minutes that is a finding."""
    worker = await world.person("worker")
    listed = expect(await worker.get("/families?limit=4"), 200)["items"]
    others = [each["id"] for each in listed if each["id"] != family["family"]][:3]
    for each in others:
        expect(await worker.get(f"/families/{each}"), 200)
    narrator.check(len(others) == 3, f"{worker.name} opens three records of her school without doing anything in them")
    narrator.say(
        "That is a question for an officer, never an accusation: it stands under /audit/findings within five minutes."
    )
