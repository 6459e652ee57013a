"""The main job, end to end over HTTP on real servers: the same story that the demo tells."""

from pathlib import Path

import pytest

from connective.local.demo import OF_A_DEMO, leave_open, tampering
from connective.local.description import PUBLISHED, read_published
from connective.local.services import EVERYTHING, GATEWAY, PORTS
from connective.local.stack import Stack
from connective.local.story.narrator import Narrator
from connective.local.story.telling import tell
from connective.local.text_catcher import Catcher


async def test_one_familys_need_goes_to_four_agencies_and_comes_back_closed(
    quick_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    narrator = Narrator(quiet=True)
    async with Catcher(0, 0) as catcher:
        environment = OF_A_DEMO | catcher.environment()
        ports = dict.fromkeys(PORTS, 0)
        stack = Stack(quick_folder / "story", services=EVERYTHING, ports=ports, console=None, environment=environment)
        await stack.start()
        try:
            owner = stack.databases("consent").owner
            cast = await tell(stack.addresses[GATEWAY], stack, stack.state.folder, tampering(owner), narrator)
            described = await read_published(stack.addresses[GATEWAY])
            await leave_open(stack, cast, catcher)
        finally:
            await stack.stop()
    assert f"connective.local code {cast.email('worker')}" in capsys.readouterr().out
    assert narrator.checks >= 40
    written = (Path(__file__).parents[2] / PUBLISHED).read_text(encoding="utf-8")
    assert described == written, "The API changed: run `make openapi`, and look at what changed in docs/openapi.json."
