"""Which legal entity stands behind an organisation, for what a family or another system is told of it."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.consent_export import Controller
from connective.consent.domain.receipt import Recipient
from connective.consent.storage.tables import legal_entity, organisation
from connective.kit.actor import Actor

_OF_ENTITY = (legal_entity.c.id, legal_entity.c.name, legal_entity.c.dpo_contact, legal_entity.c.ico_registration)


async def controllers(
    connection: AsyncConnection, actor: Actor, organisation_ids: Iterable[UUID]
) -> dict[UUID, Recipient]:
    """The legal entities behind these organisations of the actor's place; unknown ones are left out."""
    joined = organisation.join(legal_entity, legal_entity.c.id == organisation.c.legal_entity_id)
    wanted = (
        select(organisation.c.id.label("organisation_id"), organisation.c.kind.label("team"), *_OF_ENTITY)
        .select_from(joined)
        .where(organisation.c.id.in_(list(organisation_ids)), organisation.c.place_id == actor.place)
    )
    return {
        row.organisation_id: Recipient(Controller(row.id, row.name, row.dpo_contact, row.ico_registration), row.team)
        for row in (await connection.execute(wanted)).all()
    }
