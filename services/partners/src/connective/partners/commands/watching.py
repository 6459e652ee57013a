"""Watching a listing: workers who rely on it are told that something happened to it, and read it themselves."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from connective.contracts.directory_events import ListingNoticed
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.problems import NotAllowed
from connective.partners.commands.means import Means
from connective.partners.domain.services import Service
from connective.partners.storage.services import find_service
from connective.partners.storage.watching import give_notice, unwatch, watch


async def watch_listing(means: Means, actor: Actor, service_id: UUID, now: datetime) -> None:
    """Watch it from now on; watching it again says that what was new is seen.

    Raises NotFound, and NotAllowed for an asker who is not a person.
    """
    account = person(actor)
    async with means.database.unit(actor) as unit:
        await find_service(unit.connection, actor, service_id)
        await watch(unit.connection, service_id, account, actor.place, now)


async def stop_watching(means: Means, actor: Actor, service_id: UUID) -> None:
    """Watch it no longer; not having watched it is no fault. Raises NotFound and NotAllowed."""
    account = person(actor)
    async with means.database.unit(actor) as unit:
        await find_service(unit.connection, actor, service_id)
        await unwatch(unit.connection, service_id, account)


async def tell_watchers(unit: Unit, services: Sequence[Service], reason: str) -> None:
    """Leave each watcher a notice, and announce that; it says that there is something to read, and nothing else."""
    watchers = await give_notice(unit.connection, [each.id for each in services], reason)
    for service in services:
        if service.id in watchers:
            event = ListingNoticed(service_id=service.id, account_ids=watchers[service.id], reason_code=reason)
            unit.tell(event, version=service.version, place_id=service.place_id)


def person(actor: Actor) -> UUID:
    """The account of the person who asks. Raises NotAllowed for clients and services."""
    if actor.account_id is None:
        raise NotAllowed("Only a person watches or reports a listing.")
    return actor.account_id
