"""The copy consent keeps of organisations, as partners tell it; it says which legal entity an asker acts for."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.storage.tables import organisation
from connective.contracts.partner_events import OrganisationEvent
from connective.kit.actor import Actor
from connective.kit.problems import NotAllowed


async def entity_of(connection: AsyncConnection, actor: Actor) -> UUID:
    """The legal entity the actor's organisation belongs to. Raises NotAllowed while it is not registered here."""
    wanted = select(organisation.c.legal_entity_id).where(organisation.c.id == actor.organisation)
    found: UUID | None = (await connection.execute(wanted)).scalar_one_or_none()
    if found is None:
        raise NotAllowed("Your organisation is not on the register yet; try again in a moment.")
    return found


async def entity_of_organisation(connection: AsyncConnection, organisation_id: UUID) -> UUID | None:
    """The legal entity of any organisation of the place."""
    wanted = select(organisation.c.legal_entity_id).where(organisation.c.id == organisation_id)
    found: UUID | None = (await connection.execute(wanted)).scalar_one_or_none()
    return found


async def keep_organisation(
    connection: AsyncConnection, place_id: UUID, event: OrganisationEvent, version: int
) -> None:
    """Take over what an event says, unless something newer is kept already."""
    values = {
        "id": event.organisation_id,
        "place_id": place_id,
        "legal_entity_id": event.legal_entity_id,
        "kind": event.kind,
        "state": event.state,
        "assurance_level": event.assurance_level.value,
        "version": version,
    }
    adding = insert(organisation).values(values)
    newer = {name: adding.excluded[name] for name in values if name not in {"id", "place_id"}}
    await connection.execute(
        adding.on_conflict_do_update(
            index_elements=["id"], set_=newer, where=organisation.c.version < adding.excluded.version
        )
    )
