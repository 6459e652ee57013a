"""What happened to one request, without anybody's words: dates, states and codes are `progress`, which both may see."""

from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.referrals.domain.states import Party
from connective.referrals.storage.history import Entry, load_history
from connective.referrals.storage.requests import load
from connective.referrals.storage.seeing import parties_of


async def show_history(database: Database, actor: Actor, request_id: UUID) -> list[Entry]:
    """The entries the actor may know of, oldest first. Raises NotFound.

    A recipient sees what happened from the first sending on; that it was blocked before is not its business.
    """
    async with database.reading(actor) as connection:
        request = await load(connection, actor, request_id)
        entries = await load_history(connection, request_id)
    if Party.REFERRER in parties_of(request, actor):
        return list(entries)
    first = next((entry.version for entry in entries if entry.fact == "submitted"), request.version)
    return [entry for entry in entries if entry.version >= first and entry.fact != "blocked"]
