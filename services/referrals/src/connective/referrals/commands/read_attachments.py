"""What files go with a request. Names are people's data: a side reads those of its own files, and that is recorded."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.referrals.commands.attach_file import side_of
from connective.referrals.commands.open_request import closed
from connective.referrals.commands.room import Room
from connective.referrals.commands.stored_only import refuse_stored_to
from connective.referrals.domain.attachments import Attachment
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import FINAL, Party
from connective.referrals.storage.attachments import list_attachments, load_attachment
from connective.referrals.storage.events import audited
from connective.referrals.storage.requests import load


@dataclass(frozen=True, slots=True)
class Listed:
    """A part of the files of a request; one more than the limit, if there is one."""

    request: Request
    files: list[Attachment]


async def read_attachments(room: Room, actor: Actor, request_id: UUID, after: UUID | None, limit: int) -> Listed:
    """Its side's own files, and of the other side's those that can be had, by codes alone.

    Raises NotFound; SharingNotPermitted for the recipient of a request that is held.
    """
    async with room.database.unit(actor) as unit:
        request = await load(unit.connection, actor, request_id)
        party = await _admitted(unit.connection, actor, request)
        both = party is Party.REFERRER or request.state not in FINAL
        files = await list_attachments(unit.connection, actor, request_id, after, limit, both=both)
        if any(file.organisation_id == actor.organisation for file in files):
            act = audited(actor, "attachments.read", room.clock(), family_id=request.family_id, request_id=request.id)
            unit.tell(act, version=1)
    return Listed(request, files)


async def known_attachment(room: Room, actor: Actor, attachment_id: UUID) -> tuple[Attachment, Request]:
    """One file that the actor may know of, and its request. Raises NotFound, SharingNotPermitted as above."""
    async with room.database.reading(actor) as connection:
        file = await load_attachment(connection, actor, attachment_id)
        request = await load(connection, actor, file.request_id)
        await _admitted(connection, actor, request)
    return file, request


async def _admitted(connection: AsyncConnection, actor: Actor, request: Request) -> Party:
    party = side_of(actor, request)
    if party is Party.RECIPIENT and request.hold is not None:
        raise closed(request)
    await refuse_stored_to(connection, request, party)
    return party
