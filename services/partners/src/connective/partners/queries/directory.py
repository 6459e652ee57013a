"""Reading the directory: single records, lists, and the facts that referrals asks for."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from connective.contracts.sharing import AssuranceEnd, OrganisationFacts, ServiceFacts
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.partners.domain.assurance import ItemKind, words_of_lapse
from connective.partners.domain.codes import OrganisationKind, OrganisationState
from connective.partners.domain.hubs import Hub
from connective.partners.domain.organisations import Organisation
from connective.partners.domain.services import assured_until
from connective.partners.storage.hub_members import After as AfterMember
from connective.partners.storage.hub_members import page_of_members
from connective.partners.storage.hubs import find_hub, page_of_hubs
from connective.partners.storage.organisations import find_organisation, page_of_organisations
from connective.partners.storage.reference_data import assurance_rules
from connective.partners.storage.services import Owned, ServiceFilter, find_service, page_of_services, services_by_id

After = tuple[str, UUID] | None
"""Where a page begins: after this name and id."""


async def organisation(database: Database, actor: Actor, organisation_id: UUID) -> Organisation:
    """One organisation of the actor's place. Raises NotFound."""
    async with database.reading(actor) as connection:
        return await find_organisation(connection, actor, organisation_id)


async def organisation_facts(database: Database, actor: Actor, organisation_id: UUID) -> OrganisationFacts:
    """The facts of one organisation of the asker's place. Raises NotFound."""
    found = await organisation(database, actor, organisation_id)
    return OrganisationFacts(
        organisation_id=found.id,
        version=found.version,
        name=found.profile.name,
        active=found.is_active,
        reporting_route=found.is_reporting_route,
        identifiers={str(each.scheme): each.value for each in found.profile.identifiers},
    )


async def organisations(
    database: Database,
    actor: Actor,
    *,
    kind: OrganisationKind | None,
    state: OrganisationState | None,
    after: After,
    limit: int,
) -> list[Organisation]:
    """A page of the place's organisations by name."""
    async with database.reading(actor) as connection:
        return await page_of_organisations(connection, actor, kind=kind, state=state, after=after, limit=limit)


async def service(database: Database, actor: Actor, service_id: UUID) -> Owned:
    """One service of the actor's place. Raises NotFound."""
    async with database.reading(actor) as connection:
        return await find_service(connection, actor, service_id)


async def services(
    database: Database, actor: Actor, narrowed: ServiceFilter, *, after: After, limit: int
) -> list[Owned]:
    """A page of the place's services by name."""
    async with database.reading(actor) as connection:
        return await page_of_services(connection, actor, narrowed, after=after, limit=limit)


async def hub(database: Database, actor: Actor, hub_id: UUID) -> Hub:
    """One hub of the actor's place. Raises NotFound."""
    async with database.reading(actor) as connection:
        return await find_hub(connection, actor, hub_id)


async def hubs(database: Database, actor: Actor, *, after: After, limit: int) -> list[Hub]:
    """A page of the place's hubs by name."""
    async with database.reading(actor) as connection:
        return await page_of_hubs(connection, actor, after=after, limit=limit)


async def hub_members(
    database: Database, actor: Actor, hub_id: UUID, *, former: bool, after: AfterMember, limit: int
) -> list[Any]:
    """A page of a hub's members by name, those who left too where asked for. Raises NotFound."""
    async with database.reading(actor) as connection:
        await find_hub(connection, actor, hub_id)
        return await page_of_members(connection, actor, hub_id, former=former, after=after, limit=limit)


async def service_facts(database: Database, actor: Actor, service_ids: Iterable[UUID]) -> list[ServiceFacts]:
    """The facts of those services that exist in the asker's place, in the order asked, each once."""
    wanted = list(dict.fromkeys(service_ids))
    async with database.reading(actor) as connection:
        found = {each.service.id: each for each in await services_by_id(connection, actor, wanted)}
    return [_facts(found[each]) for each in wanted if each in found]


def _facts(owned: Owned) -> ServiceFacts:
    service, owner = owned.service, owned.organisation
    listing, terms = service.listing, service.terms
    return ServiceFacts(
        service_id=service.id,
        version=service.version,
        organisation_id=owner.id,
        organisation_name=owner.profile.name,
        name=listing.name,
        kind=listing.kind,
        status=str(listing.status),
        organisation_active=owner.is_active,
        takes_requests=terms.takes_requests,
        reporting_route=owner.is_reporting_route,
        sensitive=listing.sensitive,
        confidential_to_young_person=listing.confidential_to_young_person,
        telephone=listing.telephone or owner.profile.telephone,
        acknowledge_within_days=terms.acknowledge_within_days,
        decide_within_days=terms.decide_within_days,
        contact_attempts_promised=terms.contact_attempts_promised,
        same_day=terms.same_day,
        minimum_age=listing.minimum_age,
        maximum_age=listing.maximum_age,
        assured_until=assured_until(listing),
        assurance=tuple(AssuranceEnd(kind=str(k), until=day, sentence=said) for k, day, said in _ends(owner)),
    )


def _ends(organisation: Organisation) -> Iterable[tuple[ItemKind, date, str]]:
    rules = assurance_rules()
    return ((each.kind, each.until, words_of_lapse(each, rules)) for each in organisation.held if each.until)
