"""The whole story, from an empty deployment to a proved ledger."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from connective.local.story.by_voucher import feed_by_voucher
from connective.local.story.cast import Cast, new_cast
from connective.local.story.closing_the_loop import close_the_loop
from connective.local.story.loading import Commands, World
from connective.local.story.meeting_the_family import ask_what_help_is_here, meet_the_family, open_the_place
from connective.local.story.narrator import Narrator
from connective.local.story.overriding import override_and_review
from connective.local.story.proving import prove_it
from connective.local.story.referring import make_the_referral
from connective.local.story.reporting import report_a_concern
from connective.local.story.withdrawing import withdraw_consent

Tamper = Callable[[], AbstractAsyncContextManager[str]]
"""Alters one entry of the ledger as the database's owner could, answers its id, and puts it back at the end."""


async def tell(base: str, commands: Commands, folder: Path, tamper: Tamper, narrator: Narrator) -> Cast:
    """Tell the story on a running Hub that holds nothing yet. Raises StoryDiffers where an answer differs."""
    world = World(base, new_cast(), commands, folder)
    try:
        await open_the_place(world, narrator)
        family = await meet_the_family(world, narrator)
        await ask_what_help_is_here(world, narrator)
        requests = await make_the_referral(world, narrator, family)
        await close_the_loop(world, narrator, family, requests)
        await feed_by_voucher(world, narrator)
        await withdraw_consent(world, narrator, requests)
        await prove_it(world, narrator, tamper)
        await report_a_concern(world, narrator, family)
        await override_and_review(world, narrator, family)
    finally:
        await world.close()
    return world.cast
