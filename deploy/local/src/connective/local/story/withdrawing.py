"""Step 6: the mother withdraws her consent; the view closes, the request is held, the record stands."""

import asyncio
from typing import Any

from connective.local.story.loading import World
from connective.local.story.narrator import Narrator, expect
from connective.local.story.referring import Requests
from connective.local.story.signing_in import Asker

_EVENT_SECONDS = 60.0


async def withdraw_consent(world: World, narrator: Narrator, requests: Requests) -> None:
    """Step 6."""
    narrator.step(6, "The mother withdraws her consent")
    worker, adviser = await world.person("worker"), await world.person("crossroads_dpo")
    body = {"note": "Said by telephone: she would rather not for now."}
    answer = await worker.post(f"/consents/{world.consent_id}/withdraw", body)
    narrator.call(worker.name, "records that she withdrew it, by telephone", answer)
    expect(answer, 200)
    answer = await adviser.get(f"/requests/{requests['homes']}")
    narrator.call(adviser.name, "opens the request again", answer)
    closed = expect(answer, 403)
    narrator.check("Fernlea" not in answer.text, f"closed at the next read: {closed['detail']}")
    found = await _held(worker, requests["homes"])
    narrator.check(found["state"] == "on_hold", f"the request is on hold ({', '.join(found['hold_reasons'])})")
    history = expect(await worker.get(f"/requests/{requests['homes']}/history"), 200)
    narrator.check(len(history) >= 3, "what was shared before stays on record")


async def _held(worker: Asker, request_id: str) -> dict[str, Any]:
    deadline = asyncio.get_running_loop().time() + _EVENT_SECONDS
    while True:
        found: dict[str, Any] = expect(await worker.get(f"/requests/{request_id}"), 200)["status"]
        if found["state"] == "on_hold" or asyncio.get_running_loop().time() > deadline:
            return found
        await asyncio.sleep(0.1)
