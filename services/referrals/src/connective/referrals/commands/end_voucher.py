"""A voucher ends: the recipient honoured it, its issuer took it back, or its last day passed."""

from datetime import datetime
from uuid import UUID

from connective.kit.actor import Actor, service_actor
from connective.kit.database import Database
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.problems import NotAllowed
from connective.referrals.commands.refusals import translated
from connective.referrals.commands.room import Room
from connective.referrals.domain.vouchers import VoucherState, end
from connective.referrals.storage.events import audited
from connective.referrals.storage.vouchers import due_to_expire, load_voucher, save_ended

BATCH = 100


async def end_voucher(
    room: Room, actor: Actor, attempt: Attempt, target: tuple[UUID, int], state: VoucherState
) -> Done:
    """Mark version `target[1]` used (its recipient alone) or cancelled (its issuer alone), into the ledger too.

    Raises NotFound, NotAllowed for the other party, Stale, and VoucherNotUsable for one that stands no longer.
    """
    at = room.clock()
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        voucher = await load_voucher(unit.connection, actor, target[0], lock=True)
        party = voucher.recipient_organisation_id if state is VoucherState.USED else voucher.issuer_organisation_id
        if party != actor.organisation:
            raise NotAllowed("Only the other party to this voucher does that.")
        refuse_stale(target[1], voucher.version)
        with translated():
            after = end(voucher, state, at)
        await save_ended(unit, voucher, after, at)
        act = audited(actor, f"voucher.{state}", at, family_id=voucher.family_id, request_id=voucher.request_id)
        unit.tell(act, version=1)
        return await remember(unit, attempt, Done(voucher.id, 200))


async def expire_vouchers(database: Database, at: datetime) -> int:
    """End those whose last day is over, in batches; answers how many. May run late, twice, or on two machines."""
    ended = 0
    while True:
        async with database.unit(service_actor("referrals")) as unit:
            due = await due_to_expire(unit, at, BATCH)
            for voucher in due:
                await save_ended(unit, voucher, end(voucher, VoucherState.EXPIRED, at), at)
        ended += len(due)
        if len(due) < BATCH:
            return ended
