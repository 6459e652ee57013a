"""Announce hubs that an upgrade left unannounced: the other services learn from it who coordinates whom."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.partners.commands.telling import tell_hub_changed
from connective.partners.storage.hubs import take_unannounced


async def announce_hubs(database: Database, places: Iterable[UUID], _: datetime) -> None:
    """Announce each at its present version: whoever keeps that version already changes nothing."""
    for place in places:
        async with database.unit(service_actor("partners", place)) as unit:
            for hub in await take_unannounced(unit.connection, place):
                tell_hub_changed(unit, hub)
