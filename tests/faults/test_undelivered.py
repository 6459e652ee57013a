"""Families dies between the recording of a disclosure and its delivery: in the end the record says so, and why.

Consent is killed as well before it can have heard, so that only what waits in the outbox can tell it.
"""

import asyncio
from typing import Any

import invariants
from fault_reading import Reading


async def test_families_is_killed_after_consent_recorded(ground: Any) -> None:
    reading = Reading(ground)
    larder, request = await reading.prepare()
    await invariants.settled(reading.stack)
    await reading.stack.kill_service("families")
    opened = await reading.ask("partner_worker", larder, "referrals", "GET", f"/requests/{request}")
    assert opened.status_code in {503, 504}, opened.text
    assert opened.headers["content-type"] == "application/problem+json"
    await reading.stack.kill_service("consent")
    for service in ("families", "consent"):
        await reading.stack.start_service(service)
    await asyncio.gather(*(reading.stack.wait_until_ready(service) for service in ("families", "consent")))
    await invariants.settled(reading.stack)
    (mark,) = await reading.marks()
    assert (str(mark["request_id"]), mark["entries"]) == (request, 1)
    assert mark["reason_code"] in {"unavailable", "too_slow"}
    assert await invariants.broken(reading.stack) == []
    again = await reading.ask("partner_worker", larder, "referrals", "GET", f"/requests/{request}")
    assert again.status_code == 200, again.text
    await reading.worker.close()
