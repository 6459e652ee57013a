"""Knowing the services asked for: from the copy where it is up to date, else from partners, and then kept."""

from collections.abc import Collection
from uuid import UUID

from connective.contracts.sharing import ServiceFacts
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.referrals.commands.ports import Directory
from connective.referrals.domain.request import Promise
from connective.referrals.storage.services import Known, keep_services, known_services


async def know_services(database: Database, directory: Directory, actor: Actor, service_ids: Collection[UUID]) -> Known:
    """Facts of these services (unknown ones are left out), and which organisations are suspended."""
    async with database.reading(actor) as connection:
        known = await known_services(connection, actor.place, service_ids)
    return await complete(database, directory, actor, service_ids, known)


async def complete(
    database: Database, directory: Directory, actor: Actor, service_ids: Collection[UUID], known: Known
) -> Known:
    """Fetch what the copy lacks, and keep it for the next one who asks."""
    missing = [service_id for service_id in dict.fromkeys(service_ids) if service_id not in known.services]
    if not missing:
        return known
    fetched = await directory.service_facts(actor, missing)
    if fetched:
        async with database.unit(actor) as unit:
            await keep_services(unit, fetched)
    return Known({**known.services, **{facts.service_id: facts for facts in fetched}}, known.suspended)


def promise_of(facts: ServiceFacts) -> Promise:
    """What a service promises today."""
    return Promise(facts.acknowledge_within_days, facts.decide_within_days, facts.contact_attempts_promised)
