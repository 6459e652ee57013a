"""What a hub's members offer and where there is no room, as its coordinator may read it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.partners.commands.authority import refuse_unless_coordinating
from connective.partners.domain.assurance import lapsed, local_day
from connective.partners.domain.boards import Offer, Supply, supplies
from connective.partners.domain.hubs import Hub
from connective.partners.storage.hub_members import services_of_members
from connective.partners.storage.hubs import find_hub
from connective.partners.storage.organisations import organisations_by_id
from connective.partners.storage.reference_data import assurance_rules


@dataclass(frozen=True, slots=True)
class Board:
    """A hub, what its members offer, and with whom something lapsed."""

    hub: Hub
    supplies: tuple[Supply, ...]
    lapsed_organisation_ids: tuple[UUID, ...]


async def read_board(database: Database, actor: Actor, hub_id: UUID, now: datetime) -> Board:
    """The board of one hub. Raises NotFound, and NotYours for others than its coordinator and the place's admin."""
    async with database.reading(actor) as connection:
        hub = await find_hub(connection, actor, hub_id)
        refuse_unless_coordinating(actor, hub.coordinator_account_id)
        offers = [Offer(**row) for row in await services_of_members(connection, actor, hub)]
        members = await organisations_by_id(connection, actor, hub.member_organisation_ids)
    today, rules = local_day(now), assurance_rules()
    late = sorted(key for key, each in members.items() if lapsed(each.held, rules, today))
    return Board(hub, supplies(offers, now), tuple(late))
