"""What the families service listens to of referrals: one event, one command."""

from typing import Any

from connective.families.commands.write_chronology import enter_referral, enter_request
from connective.kit.database import Unit
from connective.kit.inbox import Handler, Received


async def _request(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - the kit passes what `prepare` gave
    await enter_request(unit, event)


async def _referral(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - the kit passes what `prepare` gave
    await enter_referral(unit, event)


HANDLERS = {"hub.referrals.request.*": Handler(_request), "hub.referrals.referral.made": Handler(_referral)}
