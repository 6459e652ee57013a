"""Reading the items of a dossier: for its organisation, for who verifies them, and for the place's auditor."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.contracts.permissions import Role
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.partners.commands.refusals import NotYours
from connective.partners.domain.dossier import Item, ItemState
from connective.partners.storage.assurance import coordinates_a_hub_of, find_item, page_of_items
from connective.partners.storage.organisations import find_organisation

_WHOLE_PLACE = frozenset({Role.AUDITOR, Role.PLACE_ADMIN})


async def items_of_dossier(
    database: Database, actor: Actor, organisation_id: UUID, *, state: ItemState | None, after: UUID | None, limit: int
) -> list[Item]:
    """The items of a dossier, newest first. Raises NotFound and NotYours."""
    async with database.reading(actor) as connection:
        await _refuse_unless_concerned(connection, actor, organisation_id)
        return await page_of_items(connection, actor, organisation_id, state=state, after=after, limit=limit)


async def item_of_dossier(database: Database, actor: Actor, organisation_id: UUID, item_id: UUID) -> Item:
    """One item of a dossier. Raises NotFound and NotYours."""
    async with database.reading(actor) as connection:
        await _refuse_unless_concerned(connection, actor, organisation_id)
        return await find_item(connection, actor, organisation_id, item_id)


async def _refuse_unless_concerned(connection: AsyncConnection, actor: Actor, organisation_id: UUID) -> None:
    await find_organisation(connection, actor, organisation_id)
    if actor.roles & _WHOLE_PLACE or actor.organisation_id == organisation_id:
        return
    if not await coordinates_a_hub_of(connection, actor, organisation_id):
        raise NotYours
