"""Where one request stands: state, clocks, what may be done; nothing of what is in it."""

from dataclasses import dataclass
from uuid import UUID

from connective.contracts.sharing import ServiceFacts
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import Party
from connective.referrals.storage.requests import load
from connective.referrals.storage.seeing import parties_of
from connective.referrals.storage.services import known_services


@dataclass(frozen=True, slots=True)
class Status:
    """A request, the reader's capacity, and what is known of the service now."""

    request: Request
    party: Party
    service: ServiceFacts | None


async def request_status(database: Database, actor: Actor, request_id: UUID) -> Status:
    """The status as the actor may know it. Raises NotFound."""
    async with database.reading(actor) as connection:
        request = await load(connection, actor, request_id)
        known = await known_services(connection, request.place_id, [request.service_id])
    held = parties_of(request, actor)
    party = Party.REFERRER if Party.REFERRER in held else Party.RECIPIENT if held else Party.COORDINATOR
    return Status(request, party, known.services.get(request.service_id))
