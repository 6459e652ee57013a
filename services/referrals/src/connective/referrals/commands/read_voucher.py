"""Read one voucher: to its recipient it shows counts and packing notes, so the reading is recorded first."""

from dataclasses import dataclass
from uuid import UUID

from connective.contracts.sharing import ServiceFacts
from connective.kit.actor import Actor
from connective.referrals.commands.room import Room
from connective.referrals.domain.vouchers import Voucher
from connective.referrals.storage.events import audited
from connective.referrals.storage.services import known_services
from connective.referrals.storage.vouchers import load_voucher


@dataclass(frozen=True, slots=True)
class VoucherRead:
    """A voucher, and what is known of its service now."""

    voucher: Voucher
    service: ServiceFacts | None


async def read_voucher(room: Room, actor: Actor, voucher_id: UUID) -> VoucherRead:
    """One voucher of the actor's organisation, issued or to be honoured. Raises NotFound."""
    async with room.database.unit(actor) as unit:
        voucher = await load_voucher(unit.connection, actor, voucher_id)
        known = await known_services(unit.connection, voucher.place_id, [voucher.service_id])
        act = audited(actor, "voucher.read", room.clock(), family_id=voucher.family_id, request_id=voucher.request_id)
        unit.tell(act, version=1)
    return VoucherRead(voucher, known.services.get(voucher.service_id))


async def show_voucher(room: Room, actor: Actor, voucher_id: UUID) -> VoucherRead:
    """The same after an act of the actor's own, which is recorded itself. Raises NotFound."""
    async with room.database.reading(actor) as connection:
        voucher = await load_voucher(connection, actor, voucher_id)
        known = await known_services(connection, voucher.place_id, [voucher.service_id])
    return VoucherRead(voucher, known.services.get(voucher.service_id))
