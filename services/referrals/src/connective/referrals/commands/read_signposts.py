"""Read what a family was told of: audited in the same transaction, so that no row means no data."""

from uuid import UUID

from connective.kit.actor import Actor
from connective.referrals.commands.room import Room
from connective.referrals.domain.signposts import Signpost
from connective.referrals.storage.events import audited
from connective.referrals.storage.signposts import list_signposts


async def read_signposts(room: Room, actor: Actor, family_id: UUID, after: UUID | None, limit: int) -> list[Signpost]:
    """One more than the limit, if there is one; a family that the organisation told of nothing has none."""
    async with room.database.unit(actor) as unit:
        found = await list_signposts(unit.connection, actor, family_id, after, limit)
        unit.tell(audited(actor, "signposts.read", room.clock(), family_id=family_id), version=1)
    return found
