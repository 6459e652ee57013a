"""What the gateway announces: for whom somebody works, and who may sign in no more."""

from typing import Any

from connective.contracts.gateway_events import AccountDisabled, MembershipsSet
from connective.kit.database import Unit
from connective.kit.inbox import Received
from connective.referrals.storage.assignments import keep_disabled, keep_memberships


async def memberships_set(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Work may be assigned to them there from now on; what they have elsewhere waits for another."""
    told = MembershipsSet.model_validate(dict(event.data))
    await keep_memberships(unit, event.place_id, told.account_id, list(told.organisation_ids), event.at)


async def account_disabled(unit: Unit, event: Received, _: Any) -> None:  # noqa: ANN401 - nothing was prepared
    """Whatever is their work shows as waiting for another."""
    told = AccountDisabled.model_validate(dict(event.data))
    await keep_disabled(unit, event.place_id, told.account_id, event.at)
