"""In which requests the other side wrote something that nobody of the organisation has read; without any words."""

from typing import Any
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.referrals.storage.messages import load_unread


async def list_unread(database: Database, actor: Actor, after: UUID | None, limit: int) -> list[Any]:
    """Newest request first; one more than the limit, if there is one."""
    async with database.reading(actor) as connection:
        return list(await load_unread(connection, actor, after=after, limit=limit + 1))
