"""Take a file back. Whoever had it keeps what they had; what was shown stands in the ledger."""

from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.problems import NotFound
from connective.referrals.commands.refusals import NotReady
from connective.referrals.commands.room import Room
from connective.referrals.commands.take_content import load_own
from connective.referrals.domain.attachments import Stage, removed
from connective.referrals.storage.attachments import announce, load_attachment_locked, save_attachment
from connective.referrals.storage.objects import replace_object
from connective.referrals.storage.requests import load_locked


async def remove_attachment(room: Room, actor: Actor, attempt: Attempt, attachment_id: UUID, version: int) -> Done:
    """Forget its name and its content, at any time. Raises NotFound, Stale, NotReady when it was taken back."""
    at = room.clock()
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        file = await load_own(unit.connection, actor, attachment_id)
        request = await load_locked(unit, file.request_id)
        now = await load_attachment_locked(unit, attachment_id)
        if now is None:
            raise NotFound
        refuse_stale(version, now.version)
        if now.stage is Stage.REMOVED:
            raise NotReady("It was taken back before.")
        after = removed(now, at)
        await replace_object(unit, now.kept, at)
        await save_attachment(unit, after)
        announce(unit, after, request, "removed")
        return await remember(unit, attempt, Done(attachment_id, 200))
