"""Take a file's content as it streams in: sealed piece by piece, never whole in memory, never open on a disk.

Sent again, the same content answers as before: whoever lost the answer loses nothing, and other content is refused.
"""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.etags import refuse_stale
from connective.kit.problems import NotFound
from connective.referrals.commands.ports import Files
from connective.referrals.commands.refusals import NotReady, UnfitFile, translated
from connective.referrals.commands.room import Room
from connective.referrals.commands.stored_only import refuse_stored
from connective.referrals.domain.attachments import (
    SENTENCES,
    Attachment,
    Flaw,
    Kept,
    Kind,
    Stage,
    check_attaching,
    received,
)
from connective.referrals.storage.attachments import (
    announce,
    load_attachment,
    load_attachment_locked,
    save_attachment,
)
from connective.referrals.storage.objects import begin_object, finish_object
from connective.referrals.storage.requests import load, load_locked

HEAD_BYTES = 8192
"""How much of the beginning a file is judged by."""


@dataclass(frozen=True, slots=True)
class Upload:
    """Content on its way, for which version of which attachment."""

    attachment_id: UUID
    version: int
    content: AsyncIterable[bytes]


async def take_content(room: Room, files: Files, actor: Actor, upload: Upload) -> Attachment:
    """Keep it apart until it is looked at.

    Raises NotFound, Stale, NotReady for another content than it has, UnfitFile, TooLarge, and Unavailable when the
    store is away: then nothing was kept, and it can be sent again.
    """
    file = await own_attachment(room, actor, upload.attachment_id)
    if file.stage is not Stage.AWAITING_CONTENT:
        return await _sent_again(file, upload.content)
    refuse_stale(upload.version, file.version)
    async with room.database.unit(actor) as unit:
        object_id = await begin_object(unit, files.vault.most_pieces, room.clock())
    head, whole = await _head(upload.content)
    kind = files.judge(head)
    if kind is None:
        raise UnfitFile(SENTENCES[Flaw.UNKNOWN_KIND], reason=str(Flaw.UNKNOWN_KIND))
    kept = await files.vault.keep(object_id, whole)
    return await _store(room, actor, file, kind, kept)


async def own_attachment(room: Room, actor: Actor, attachment_id: UUID) -> Attachment:
    """One that the actor's organisation attached to a request it may see. Raises NotFound."""
    async with room.database.reading(actor) as connection:
        return await load_own(connection, actor, attachment_id)


async def load_own(connection: AsyncConnection, actor: Actor, attachment_id: UUID) -> Attachment:
    """The same, on a connection at hand."""
    file = await load_attachment(connection, actor, attachment_id)
    await load(connection, actor, file.request_id)
    if file.organisation_id != actor.organisation_id:
        raise NotFound
    return file


async def _sent_again(file: Attachment, content: AsyncIterable[bytes]) -> Attachment:
    digest = hashlib.sha256()
    async for piece in content:
        digest.update(piece)
    if digest.digest() != file.uploaded_digest:
        raise NotReady("This attachment has its content. Attach the other file as one of its own.")
    return file


async def _head(content: AsyncIterable[bytes]) -> tuple[bytes, AsyncIterator[bytes]]:
    """The beginning, to judge the file by, and the whole of it."""
    pieces = aiter(content)
    head = b""
    async for piece in pieces:
        head += piece
        if len(head) >= HEAD_BYTES:
            break

    async def whole() -> AsyncIterator[bytes]:
        yield head
        async for piece in pieces:
            yield piece

    return head[:HEAD_BYTES], whole()


async def _store(room: Room, actor: Actor, file: Attachment, kind: Kind, kept: Kept) -> Attachment:
    at = room.clock()
    async with room.database.unit(actor) as unit:
        request = await load_locked(unit, file.request_id)
        await refuse_stored(unit.connection, request)
        now = await load_attachment_locked(unit, file.id)
        if now is None:
            raise NotFound
        if now.stage is not Stage.AWAITING_CONTENT:
            raise NotReady("Its content came by another upload meanwhile.")
        with translated():
            check_attaching(request, file.party, attached=0)
        after = received(now, kind, kept, at)
        await save_attachment(unit, after)
        await finish_object(unit, kept.object_id)
        announce(unit, after, request, "received")
        return after
