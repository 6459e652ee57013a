"""Organisations in the database. Everybody who is signed in to a place may see all of its organisations."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Select, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.problems import NotFound
from connective.partners.domain.codes import OrganisationKind, OrganisationState
from connective.partners.domain.organisations import Organisation
from connective.partners.storage.mapping import of_organisation, organisation_of
from connective.partners.storage.published import publish_organisation
from connective.partners.storage.tables import organisation as table
from connective.partners.storage.tables import organisation_state


def visible(actor: Actor) -> ColumnElement[bool]:
    """The one predicate of what an asker may see: the organisations of their place."""
    return table.c.place_id == actor.place


async def find_organisation(connection: AsyncConnection, actor: Actor, organisation_id: UUID) -> Organisation:
    """One organisation. Raises NotFound for one that is not there for the actor."""
    return await _one(connection, select(table).where(table.c.id == organisation_id, visible(actor)))


async def lock_organisation(connection: AsyncConnection, actor: Actor, organisation_id: UUID) -> Organisation:
    """One organisation, held until the transaction ends, so that two changes follow one another. Raises NotFound."""
    wanted = select(table).where(table.c.id == organisation_id, visible(actor)).with_for_update()
    return await _one(connection, wanted)


async def organisations_by_id(
    connection: AsyncConnection, actor: Actor, ids: Iterable[UUID]
) -> dict[UUID, Organisation]:
    """Those of the wanted organisations that are there for the actor."""
    rows = await connection.execute(select(table).where(table.c.id.in_(list(ids)), visible(actor)))
    return {row.id: organisation_of(row) for row in rows}


async def organisations_of_entities(connection: AsyncConnection, actor: Actor, ids: Iterable[UUID]) -> list[UUID]:
    """The ids of the place's organisations that belong to these legal entities."""
    wanted = select(table.c.id).where(visible(actor), table.c.legal_entity_id.in_(list(ids)))
    return [row.id for row in await connection.execute(wanted)]


async def page_of_organisations(
    connection: AsyncConnection,
    actor: Actor,
    *,
    kind: OrganisationKind | None,
    state: OrganisationState | None,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[Organisation]:
    """The next organisations by name after a position, at most `limit`."""
    wanted = select(table).where(visible(actor)).order_by(table.c.name, table.c.id).limit(limit)
    if kind is not None:
        wanted = wanted.where(table.c.kind == str(kind))
    if state is not None:
        wanted = wanted.where(table.c.state == str(state))
    if after is not None:
        wanted = wanted.where(tuple_(table.c.name, table.c.id) > tuple_(*after))
    return [organisation_of(row) for row in await connection.execute(wanted)]


async def add_organisation(connection: AsyncConnection, organisation: Organisation) -> None:
    """Store a new organisation."""
    await connection.execute(insert(table).values(of_organisation(organisation)))


async def save_organisation(connection: AsyncConnection, organisation: Organisation) -> None:
    """Store an organisation's next version; the public reads it with each of its services."""
    await connection.execute(update(table).where(table.c.id == organisation.id).values(of_organisation(organisation)))
    await publish_organisation(connection, organisation.id)


async def keep_state_change(connection: AsyncConnection, actor: Actor, organisation: Organisation, reason: str) -> None:
    """Keep who suspended or reinstated an organisation, when and why; such rows are never altered."""
    await connection.execute(
        insert(organisation_state).values(
            organisation_id=organisation.id,
            version=organisation.version,
            place_id=organisation.place_id,
            state=str(organisation.state),
            reason=reason,
            actor=actor.id,
            at=organisation.changed_at,
        )
    )


async def _one(connection: AsyncConnection, wanted: Select[tuple[object, ...]]) -> Organisation:
    row = (await connection.execute(wanted)).first()
    if row is None:
        raise NotFound
    return organisation_of(row)
