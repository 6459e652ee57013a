"""A place's new number stands in what every service says, within seconds and without a restart.

On the Hub that the matrix shares: the number of before is put back.
"""

from typing import Any

from connective.kit.testing import eventually
from connective.local.story.loading import World
from connective.local.story.narrator import expect

_NEW = "01632 960919"


async def _agree(world: World, numbers: dict[str, str]) -> None:
    """One administrator proposes the numbers, and another approves them."""
    admin, second = await world.person("admin"), await world.person("second_admin")
    made = expect(await admin.post("/proposals", {"kind": "place_safeguarding", "safeguarding": numbers}), 201)
    expect(await second.post(f"/proposals/{made['id']}/approve", If_Match='"1"'), 200)


async def test_every_service_tells_a_new_number(loaded_hub: Any) -> None:
    world: World = loaded_hub.world
    worker = await world.person("worker")
    shown = expect(await worker.get(f"/places/{world.cast.place.id}"), 200)["safeguarding"]
    before = {name: value for name, value in shown.items() if name != "sentence"}
    forms = expect(await worker.get("/forms"), 200)["safeguarding"]
    assert before["front_door_number"] in forms
    family = expect(await worker.get("/families"), 200)["items"][0]["id"]
    await _agree(world, before | {"front_door_number": _NEW})
    try:
        assert _NEW in expect(await worker.get(f"/places/{world.cast.place.id}"), 200)["safeguarding"]["sentence"]

        async def told() -> bool:
            return _NEW in expect(await worker.get("/forms"), 200)["safeguarding"]

        async def noticed() -> bool:
            return _NEW in expect(await worker.get(f"/families/{family}"), 200)["safeguarding_notice"]

        await eventually("the new number in a form of referrals", told)
        await eventually("the new number in a family's record", noticed)
    finally:
        await _agree(world, before)
