"""How the handing over of a file ended: whole, or cut off on the way. Either is an act of its own in the ledger.

A disclosure is recorded before the first byte goes, and stays recorded when the connection breaks: what was had of the
file by then, only its reader knows. So the record says that it was begun, and beside it whether it was completed.
Where this process ends in between, neither is told; the link was used up before the first byte, so the opening is
found again, and entered as one of which it is not known how it ended (`settle_untold`).
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from connective.kit.actor import Actor, service_actor
from connective.kit.logs import log
from connective.kit.problems import Refusal
from connective.referrals.commands.room import Room
from connective.referrals.domain.attachments import Attachment
from connective.referrals.storage.events import audited, audited_of
from connective.referrals.storage.objects import end_link, end_untold

DELIVERED, CUT_OFF, NOT_KNOWN = "attachment.delivered", "attachment.cut_off", "attachment.end_not_known"
UNTOLD_FOR = timedelta(hours=1)
"""Longer than any download: what nobody told of by then, nobody will."""
_SELF = service_actor("referrals")
_telling: set[asyncio.Task[None]] = set()
"""Held until they are done: a task that nobody holds may be thrown away."""


async def handed_over(
    room: Room, actor: Actor, file: Attachment, digest: bytes, pieces: tuple[bytes, AsyncIterator[bytes]]
) -> AsyncIterator[bytes]:
    """The first piece and the rest, and then how it ended; `digest` is of the link that opened the file."""
    first, rest = pieces
    act = CUT_OFF
    try:
        yield first
        async for piece in rest:
            yield piece
        act = DELIVERED
    finally:
        # Whoever was cut off is cancelled at each wait, so the telling is a task of its own.
        telling = asyncio.get_running_loop().create_task(_tell(room, actor, file, digest, act))
        _telling.add(telling)
        telling.add_done_callback(_telling.discard)
        if act == DELIVERED:
            await telling


async def _tell(room: Room, actor: Actor, file: Attachment, digest: bytes, act: str) -> None:
    """In a transaction of its own; the reader has the file by now, so a failure is logged, and settled later."""
    try:
        async with room.database.unit(actor) as unit:
            await end_link(unit, digest, act)
            told = audited(actor, act, room.clock(), family_id=file.family_id, request_id=file.request_id)
            unit.tell(told, version=1)
    except Refusal as away:
        log().error("handing_over_not_told", act=act, error=type(away).__name__)


async def settle_untold(room: Room, at: datetime) -> int:
    """Enter openings whose end nobody told: their process died, or could not tell. Answers how many there were."""
    async with room.database.unit(_SELF) as unit:
        found = await end_untold(unit, at - UNTOLD_FOR, NOT_KNOWN)
        for each in found:
            unit.tell(audited_of(each, NOT_KNOWN, at), version=1, place_id=each.place_id)
    if found:
        log().warning("handing_over_not_known", count=len(found))
    return len(found)
