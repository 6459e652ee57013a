"""Step 7: the council's officer proves what was shared, and an alteration of the ledger is named."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from connective.local.story.loading import World
from connective.local.story.narrator import Narrator, expect
from connective.local.story.signing_in import Asker

_SEALING_SECONDS = 60.0


async def prove_it(world: World, narrator: Narrator, tamper: Callable[[], AbstractAsyncContextManager[str]]) -> None:
    """Step 7."""
    narrator.step(7, "The officer proves what was shared")
    officer = await world.person("officer")
    answer = await officer.get("/agreements?limit=50")
    narrator.call(officer.name, "lists the agreements that she may audit", answer)
    agreements = expect(answer, 200)["items"]
    narrator.check(len(agreements) == len(world.cast.agreements), f"{len(agreements)} agreements, each with its state")
    await _disclosures(officer, narrator)
    whole = await _verified(officer, narrator)
    narrator.check(whole["whole"], f"the ledger is whole: {whole['size']} entries sealed under a signed checkpoint")
    async with tamper() as entry_id:
        narrator.say("Now one entry is altered, as only the owner of the database could.")
        answer = await officer.post("/ledger/verify")
        narrator.call(officer.name, "verifies the ledger again", answer)
        broken = expect(answer, 200)
        narrator.check(not broken["whole"], "the ledger is no longer whole")
        narrator.check(broken["fault"]["entry_id"] == entry_id, f"and the altered entry is named: {entry_id}")
    answer = await officer.post("/ledger/verify")
    narrator.check(expect(answer, 200)["whole"], "put back, it is whole again")


async def _disclosures(officer: Asker, narrator: Narrator) -> None:
    answer = await officer.get("/disclosures?limit=50")
    narrator.call(officer.name, "looks at every disclosure, with the decision it stood on", answer)
    found = expect(answer, 200)["items"]
    for each in found:
        categories = ", ".join(each["categories"])
        when = each["disclosed_at"][:16].replace("T", " ")
        narrator.say(f"• {when} under {each['agreement_reference']} v{each['agreement_version']}: {categories}")
    narrator.check(len(found) >= 4, f"{len(found)} disclosures, each under an agreement")
    narrator.check("Fernlea" not in answer.text, "no name among them: people are pseudonyms to an auditor")
    decision = expect(await officer.get(f"/decisions/{found[0]['decision_id']}"), 200)
    narrator.check(
        {rule["rule"] for rule in decision["rules"]} == set(range(1, 8)),
        "each decision shows what all seven rules said",
    )


async def _verified(officer: Asker, narrator: Narrator) -> dict[str, Any]:
    """The ledger's health, once all that a first look found is sealed and signed for: each look is an entry itself."""
    deadline = asyncio.get_running_loop().time() + _SEALING_SECONDS
    before = -1
    while True:
        answer = await officer.post("/ledger/verify")
        found: dict[str, Any] = expect(answer, 200)
        settled = found["checkpoint"] and 0 <= before <= found["checkpoint"]["size"]
        if settled or not found["whole"] or asyncio.get_running_loop().time() > deadline:
            narrator.call(officer.name, "verifies the ledger", answer)
            return found
        before = found["size"] if before < 0 else before
        await asyncio.sleep(0.7)
