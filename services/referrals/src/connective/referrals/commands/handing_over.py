"""How the handing over of a file ended: whole, or cut off on the way. Either is an act of its own in the ledger.

A disclosure is recorded before the first byte goes, and stays recorded when the connection breaks: what was had of the
file by then, only its reader knows. So the record says that it was begun, and beside it whether it was completed.
Where this process ends in between, neither is told, and the record errs on the side of having shown.
"""

import asyncio
from collections.abc import AsyncIterator

from connective.kit.actor import Actor
from connective.kit.logs import log
from connective.kit.problems import Refusal
from connective.referrals.commands.room import Room
from connective.referrals.domain.attachments import Attachment
from connective.referrals.storage.events import audited

DELIVERED, CUT_OFF = "attachment.delivered", "attachment.cut_off"
_telling: set[asyncio.Task[None]] = set()
"""Held until they are done: a task that nobody holds may be thrown away."""


async def handed_over(
    room: Room, actor: Actor, file: Attachment, pieces: tuple[bytes, AsyncIterator[bytes]]
) -> AsyncIterator[bytes]:
    """The first piece and the rest, and then how it ended."""
    first, rest = pieces
    act = CUT_OFF
    try:
        yield first
        async for piece in rest:
            yield piece
        act = DELIVERED
    finally:
        # Whoever was cut off is cancelled at each wait, so the telling is a task of its own.
        telling = asyncio.get_running_loop().create_task(_tell(room, actor, file, act))
        _telling.add(telling)
        telling.add_done_callback(_telling.discard)
        if act == DELIVERED:
            await telling


async def _tell(room: Room, actor: Actor, file: Attachment, act: str) -> None:
    """In a transaction of its own; the reader has the file by now, so a failure here is logged and no more."""
    try:
        async with room.database.unit(actor) as unit:
            told = audited(actor, act, room.clock(), family_id=file.family_id, request_id=file.request_id)
            unit.tell(told, version=1)
    except Refusal as away:
        log().error("handing_over_not_told", act=act, error=type(away).__name__)
