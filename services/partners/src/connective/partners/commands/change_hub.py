"""Change a hub's area, coordinator or members."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.etags import refuse_stale
from connective.partners.commands.authority import refuse_unless_coordinating
from connective.partners.commands.means import Means
from connective.partners.commands.set_up_hub import refuse_broken_hub
from connective.partners.commands.telling import tell_hub_changed
from connective.partners.domain.hubs import Hub, canonical_hub
from connective.partners.storage.hub_members import keep_members
from connective.partners.storage.hubs import find_hub, save_hub


async def change_hub(
    means: Means, actor: Actor, hub_id: UUID, *, based_on: int, changes: Mapping[str, Any], now: datetime
) -> Hub:
    """Apply the changes to the version they are based on. Raises NotFound, NotYours, Stale and RulesBroken."""
    async with means.database.unit(actor) as unit:
        before = await find_hub(unit.connection, actor, hub_id, hold=True)
        refuse_unless_coordinating(actor, before.coordinator_account_id)
        refuse_stale(based_on, before.version)
        wanted = replace(before, **changes)
        await refuse_broken_hub(unit, actor, wanted)
        wanted = canonical_hub(wanted)
        if wanted == before:
            return before
        after = replace(wanted, version=before.version + 1, changed_at=now)
        await save_hub(unit.connection, after)
        members = frozenset(before.member_organisation_ids)
        await keep_members(unit.connection, members, after, by=actor.id, at=now)
        tell_hub_changed(unit, after)
        return after
