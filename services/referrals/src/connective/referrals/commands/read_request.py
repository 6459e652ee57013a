"""Read one request as whichever party the reader is: the referrer's reading is audited, the recipient's disclosed."""

from uuid import UUID

from connective.kit.actor import Actor
from connective.referrals.commands.loading import load_whole
from connective.referrals.commands.open_request import Opened, Tombstone, open_request
from connective.referrals.commands.read_own_request import OwnRequest, read_own_request
from connective.referrals.commands.room import Room
from connective.referrals.domain.states import Party
from connective.referrals.storage.seeing import parties_of


async def read_request(room: Room, actor: Actor, request_id: UUID) -> OwnRequest | Opened | Tombstone:
    """An organisation that asked itself reads as the referrer it also is. Raises NotFound for strangers."""
    loaded = await load_whole(room, actor, request_id)
    if Party.REFERRER in parties_of(loaded.request, actor):
        return await read_own_request(room, actor, loaded)
    return await open_request(room, actor, loaded)
