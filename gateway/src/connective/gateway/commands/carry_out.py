"""Carry out what was approved about somebody's way in: lost second factors go, and nothing of before stays open.

Approving commits with an administrator's rights, which open none of sign-in's own tables; this is the gateway's own
work. It finds what was approved and not done yet, so a process that stops in between leaves it to the job's next run.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from connective.gateway.commands.own_sessions import end_everything
from connective.gateway.domain.letters import Letter
from connective.gateway.domain.proposals import ProposalKind
from connective.gateway.storage.factors import approved_about_accounts, remove_factors
from connective.gateway.storage.letters import was_told, write_letter
from connective.kit.actor import service_actor
from connective.kit.database import Database

_ACTOR = service_actor("gateway")
_LOOKS_BACK = timedelta(days=1)
_LETTERS = {
    str(ProposalKind.ACCOUNT_FACTORS): Letter.FACTORS_RESET,
    str(ProposalKind.ACCOUNT_OPENED): Letter.ACCOUNT_OPENED,
}


async def carry_out(database: Database, now: datetime) -> None:
    """Do what was approved within the last day; doing it again changes nothing."""
    async with database.unit(_ACTOR) as unit:
        for row in await approved_about_accounts(unit, list(_LETTERS), now - _LOOKS_BACK):
            letter = _LETTERS[row.kind]
            if await was_told(unit, row.subject_id, letter, row.decided_at):
                continue
            if letter is Letter.FACTORS_RESET:
                await remove_factors(unit, row.subject_id, row.decided_at, now)
            await end_everything(unit, row.subject_id, now)
            await write_letter(unit, row.subject_id, row.place_id, letter, now)


def carrying_out(database: Database) -> Callable[[datetime], Awaitable[None]]:
    """The job that does what was left."""

    async def run(now: datetime) -> None:
        await carry_out(database, now)

    return run
