"""Read one referral of one's own organisation: audited in the same transaction, so that no row means no data."""

from dataclasses import dataclass
from uuid import UUID

from connective.contracts.sharing import ServiceFacts
from connective.kit.actor import Actor
from connective.referrals.commands.room import Room
from connective.referrals.domain.referral import Referral
from connective.referrals.domain.request import Request
from connective.referrals.storage.events import audited
from connective.referrals.storage.referrals import load_referral
from connective.referrals.storage.services import known_services


@dataclass(frozen=True, slots=True)
class ReferralRead:
    """A referral, its requests, and what is known of the services now."""

    referral: Referral
    requests: tuple[Request, ...]
    services: dict[UUID, ServiceFacts]


async def read_referral(room: Room, actor: Actor, referral_id: UUID) -> ReferralRead:
    """Read and audit. Raises NotFound."""
    async with room.database.unit(actor) as unit:
        referral, requests = await load_referral(unit.connection, actor, referral_id)
        known = await known_services(unit.connection, actor.place, [each.service_id for each in requests])
        unit.tell(audited(actor, "referral.read", room.clock(), family_id=referral.family_id), version=1)
    return ReferralRead(referral, tuple(requests), known.services)
