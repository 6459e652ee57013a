"""List the families of the asker's organisation, or those they registered themselves; the look is logged."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from connective.families.commands.means import Means
from connective.families.storage.acts import Act, audit
from connective.families.storage.lists import Listed, families_kept
from connective.kit.actor import Actor


async def list_families(
    means: Means,
    actor: Actor,
    *,
    before: UUID | None,
    mine: bool,
    only: Sequence[UUID] | None,
    limit: int,
    now: datetime,
) -> Sequence[Listed]:
    """The newest first, at most `limit`, that come before the given id; of `only` these, where they are named."""
    async with means.database.unit(actor) as unit:
        found = await families_kept(unit.connection, actor, before=before, mine=mine, only=only, limit=limit)
        shown = tuple(each.id for each in found if each.name is not None)
        audit(unit, actor, Act("families.listed", hits=len(found), family_ids=shown), now)
    return found
