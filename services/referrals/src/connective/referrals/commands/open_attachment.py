"""Have a file: a link for whoever asks, which opens it once, soon; its opening is decided and recorded as any reading.

A link alone is worth nothing: it opens for the session or client it was made for, and for nobody else. Deciding comes
before the link is used up, so that a room that cannot be asked costs nobody their link.
"""

import hashlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.contracts.categories import Purpose
from connective.contracts.permissions import BY_LINK
from connective.contracts.sharing import DisclosureAsked, Question
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.problems import NotAllowed, NotFound, Unavailable
from connective.referrals.clients.vault import LOST
from connective.referrals.commands.attach_file import side_of
from connective.referrals.commands.deciding import method_of, permitted_by
from connective.referrals.commands.delivering import delivering
from connective.referrals.commands.handing_over import handed_over
from connective.referrals.commands.open_request import closed
from connective.referrals.commands.ports import Files
from connective.referrals.commands.read_attachments import known_attachment
from connective.referrals.commands.refusals import LinkUsed, NotReady, unavailable_instead
from connective.referrals.commands.room import Room
from connective.referrals.domain.attachments import LINK_LIVES, Attachment, Stage, may_have
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import Party
from connective.referrals.domain.visible import ALWAYS, may_see
from connective.referrals.storage.attachments import load_attachment
from connective.referrals.storage.events import audited
from connective.referrals.storage.objects import add_link, find_link, use_link
from connective.referrals.storage.requests import load

_SPENT = "Links open once, within a minute, for whoever asked for them. Ask for a new one."


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link as it is shown once; None where the first answer showed it."""

    secret: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that may be had, and its content as it is read."""

    file: Attachment
    content: AsyncIterator[bytes]


async def make_link(room: Room, actor: Actor, attempt: Attempt, attachment_id: UUID) -> tuple[Done, NewLink]:
    """A link to a file the actor's side may have. Nothing is disclosed by it.

    Raises NotFound, NotReady, NotAllowed for whoever came by a link themselves, SharingNotPermitted.
    """
    if BY_LINK in actor.roles:
        raise NotAllowed("Files are not opened from a shared mailbox: sign in with an account of your own.")
    file, request = await known_attachment(room, actor, attachment_id)
    expires_at = room.clock() + LINK_LIVES
    async with room.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done, NewLink(None, expires_at)
        _refuse_unready(file, actor, request)
        secret = secrets.token_urlsafe(32)
        await add_link(unit, _digest(secret), file.id, _holder(actor), expires_at)
        return await remember(unit, attempt, Done(file.id, 201)), NewLink(secret, expires_at)


def _refuse_unready(file: Attachment, actor: Actor, request: Request) -> None:
    if file.stage is not Stage.AVAILABLE:
        raise NotReady("The file cannot be had: see its state.", state=str(file.stage), reason=file.reason)
    if not may_have(file, side_of(actor, request), request):
        raise NotFound


async def open_attachment(room: Room, files: Files, actor: Actor, attachment_id: UUID, secret: str) -> OpenedFile:
    """Decide, record, use the link up, and read.

    Raises NotFound, LinkUsed, SharingNotPermitted, and Unavailable when a room or the store cannot be asked.
    """
    file, request = await known_attachment(room, actor, attachment_id)
    digest = _digest(secret)
    async with room.database.unit(actor) as unit:
        if not await find_link(unit, digest, file.id, _holder(actor), room.clock()):
            raise LinkUsed(_SPENT)
    _refuse_unready(file, actor, request)
    revealed = file.categories - ALWAYS
    own = file.organisation_id == actor.organisation
    within = request.recipient_organisation_id == request.referrer_organisation_id
    if own or within or not revealed:
        return await _opened(room, files, actor, file, digest)
    asked = DisclosureAsked(
        question=_question(actor, file, request),
        request_id=request.id,
        request_version=request.version,
        disclosure_id=new_id(),
    )
    async with delivering(room, actor, asked) as delivery:
        with unavailable_instead():
            answer = await room.others.consent.disclose(actor, asked)
        delivery.recorded = answer.disclosure_id is not None
        permitted = {} if answer.permit is None else permitted_by(answer.decision)
        if not may_see(revealed, request.people.subjects, permitted):
            raise closed(request)
        return await _opened(room, files, actor, file, digest)


def _question(actor: Actor, file: Attachment, request: Request) -> Question:
    back = file.party is Party.RECIPIENT
    return Question(
        discloser_organisation_id=request.recipient_organisation_id if back else request.discloser_organisation_id,
        recipient_organisation_id=request.referrer_organisation_id if back else request.recipient_organisation_id,
        service_id=request.service_id,
        service_kind=request.service_kind,
        subjects=request.people.everyone,
        categories=file.categories - ALWAYS,
        purpose=Purpose.REFERRAL,
        method=method_of(actor),
    )


async def _opened(room: Room, files: Files, actor: Actor, file: Attachment, digest: bytes) -> OpenedFile:
    """Use the link up, in the transaction that sees that the file can still be had, and read its first piece."""
    assert file.kept is not None  # noqa: S101 - what is available is kept
    async with room.database.unit(actor) as unit:
        now = await load_attachment(unit.connection, actor, file.id)
        request = await load(unit.connection, actor, file.request_id)
        if request.hold is not None and side_of(actor, request) is Party.RECIPIENT:
            raise closed(request)
        _refuse_unready(now, actor, request)
        if not await use_link(unit, digest, file.id, _holder(actor), room.clock()):
            raise LinkUsed(_SPENT)
        if file.organisation_id == actor.organisation or side_of(actor, request) is Party.REFERRER:
            act = audited(actor, "attachment.read", room.clock(), family_id=file.family_id, request_id=request.id)
            unit.tell(act, version=1)
        pieces = files.vault.read(file.kept)
        try:
            first = await anext(pieces)
        except LOST as error:
            raise Unavailable("The file cannot be read at the moment; nothing was shown.") from error
    return OpenedFile(file, handed_over(room, actor, file, digest, (first, pieces)))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _holder(actor: Actor) -> str:
    """Whom a link is made for: one session of one person, or one client."""
    return f"{actor.id} {actor.session_id or ''}"
