"""What no row stands for goes: content begun and never finished, replaced, taken back or erased; and links past use.

Openings of which nobody told how they ended are settled first, as their links are how they are known.
"""

from datetime import datetime, timedelta

from connective.kit.actor import service_actor
from connective.referrals.commands.handing_over import settle_untold
from connective.referrals.commands.ports import Files
from connective.referrals.commands.room import Room
from connective.referrals.domain.attachments import WAITS_FOR_CONTENT
from connective.referrals.storage.attachments import give_up_waiting
from connective.referrals.storage.objects import due_objects, finish_object, forget_links

_SELF = service_actor("referrals")
_LINKS_KEPT = timedelta(hours=1)


async def tidy_files(room: Room, files: Files, at: datetime) -> int:
    """Remove what is due; a store that is away is asked again at the next turn. Answers how many objects went."""
    await settle_untold(room, at)
    async with room.database.unit(_SELF) as unit:
        await give_up_waiting(unit, at - WAITS_FOR_CONTENT)
        await forget_links(unit, at - _LINKS_KEPT)
        due = await due_objects(unit, at)
    for object_id, pieces in due:
        await files.vault.drop(object_id, pieces)
        async with room.database.unit(_SELF) as unit:
            await finish_object(unit, object_id)
    return len(due)
