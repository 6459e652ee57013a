"""Files that go with a request: attached in two steps, scanned, and had by a link that opens once."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import Path, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import ClientDisconnect

from connective.contracts.categories import Category
from connective.contracts.permissions import Permission
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import (
    BadRequest,
    KeyMissing,
    MatchRequired,
    Stale,
    StillRunning,
    TooLarge,
    Unavailable,
)
from connective.referrals.api.deps import SAFEGUARDING_NOTICE, PartsDep, guard
from connective.referrals.api.requests import EITHER
from connective.referrals.commands.attach_file import FileAsked, attach_file
from connective.referrals.commands.open_attachment import OpenedFile, make_link, open_attachment
from connective.referrals.commands.read_attachments import known_attachment, read_attachments
from connective.referrals.commands.refusals import InvalidDetails, LinkUsed, NotReady, SharingNotPermitted, UnfitFile
from connective.referrals.commands.remove_attachment import remove_attachment
from connective.referrals.commands.take_content import Upload, own_attachment, take_content
from connective.referrals.domain.attachments import (
    MEDIA_TYPES,
    SENTENCES,
    Attachment,
    Flaw,
    Kind,
    Stage,
    name_to_save,
)

routes = router(tags=["attachments"])
uploads = router(tags=["attachments"], takes_files=True)
_WRITE = Permission.REFERRALS_MESSAGE_WRITE
_READ = Permission.REFERRALS_REQUEST_READ
_INERT = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""A file is saved, never shown in the Hub's own name, whatever a browser makes of its content."""


_SENDING = operation(
    _WRITE,
    relation="own_organisation",
    refuses=(MatchRequired, Stale, NotReady, UnfitFile, TooLarge, Unavailable, InvalidDetails),
)
_SENDING["openapi_extra"]["requestBody"] = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


class AttachmentIn(BaseModel):
    """A file about to be attached. Tick all categories it reveals: the other side has it only if all are permitted."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=255, description="As it should be saved; folders are dropped.")]
    categories: Annotated[list[Category], Field(min_length=1, max_length=len(Category))]
    answers: Annotated[
        str | None, Field(pattern=r"^[a-z0-9_]{1,60}$", description="The field of the form that it answers.")
    ] = None


class AttachmentItem(BaseModel):
    """One file. Its name is shown in the list, to its own side; the other side has it with the file."""

    id: UUID
    request_id: UUID
    party: str
    state: Stage
    reason: str | None
    detail: str | None
    name: str | None
    kind: Kind | None
    media_type: str | None
    size: int | None
    sha256: str | None
    uploaded_sha256: str | None
    categories: list[Category]
    answers: str | None
    attached_at: datetime
    version: int


class AttachmentOut(AttachmentItem):
    """The same, with whom to phone about a concern."""

    safeguarding: str


class LinkOut(BaseModel):
    """Where the file is had, once, before it expires, by whoever asked. A repeat shows no `path`."""

    path: str | None
    expires_at: datetime


def _item(file: Attachment, *, name: str | None = None) -> AttachmentItem:
    kept, sent = file.kept, file.uploaded_digest
    flaw = file.reason if file.stage is Stage.REFUSED else None
    return AttachmentItem(
        id=file.id,
        request_id=file.request_id,
        party=str(file.party),
        state=file.stage,
        reason=file.reason,
        detail=None if flaw is None else SENTENCES[Flaw(flaw)],
        name=name,
        kind=file.kind,
        media_type=None if file.kind is None else MEDIA_TYPES[file.kind],
        size=None if kept is None else kept.size,
        sha256=None if kept is None else kept.digest.hex(),
        uploaded_sha256=None if sent is None else sent.hex(),
        categories=sorted(file.categories),
        answers=file.answers,
        attached_at=file.attached_at,
        version=file.version,
    )


def _whole(parts: PartsDep, actor: Actor, file: Attachment, response: Response) -> AttachmentOut:
    guard(response, file.version)
    sentence = parts.room.safeguarding(actor).sentence
    return AttachmentOut(**_item(file).model_dump(), safeguarding=sentence)


@routes.post(
    "/requests/{request_id}/attachments",
    operation_id="referrals_attach_file",
    status_code=201,
    response_model=AttachmentOut,
    description=f"Say that a file goes with a request; its content follows by PUT. {SAFEGUARDING_NOTICE}",
    **operation(_WRITE, relation=EITHER, refuses=(KeyMissing, StillRunning, InvalidDetails)),
)
async def attach(
    *, request_id: UUID, body: AttachmentIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> AttachmentOut:
    """It awaits its content for a day."""
    asked = FileAsked(body.name, frozenset(body.categories), body.answers)
    done = await attach_file(parts.room, actor, attempt, request_id, asked)
    show_done(response, done)
    return _whole(parts, actor, await own_attachment(parts.room, actor, done.resource_id), response)


@uploads.put(
    "/attachments/{attachment_id}/content",
    operation_id="referrals_send_content",
    response_model=AttachmentOut,
    description=(
        "The content, as it is: a PDF, a JPEG, PNG or WebP picture, or plain text, of 20 MiB at most, judged by what "
        "it is. It is kept apart until it was scanned. Sent again after a lost answer, it answers as before."
    ),
    **_SENDING,
)
async def send_content(
    *, attachment_id: UUID, request: Request, version: VersionDep, actor: ActorDep, parts: PartsDep, response: Response
) -> AttachmentOut:
    """Taken as it streams in."""
    file = await take_content(parts.room, parts.files, actor, Upload(attachment_id, version, _content(request)))
    return _whole(parts, actor, file, response)


async def _content(request: Request) -> AsyncIterator[bytes]:
    try:
        async for piece in request.stream():
            yield piece
    except ClientDisconnect as error:
        raise BadRequest("The connection ended before the whole file had come. Send it again.") from error


@routes.get(
    "/requests/{request_id}/attachments",
    operation_id="referrals_list_attachments",
    response_model=Page[AttachmentItem],
    **operation(_READ, relation=EITHER, refuses=(SharingNotPermitted,)),
)
async def list_them(
    *,
    request_id: UUID,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[AttachmentItem]:
    """Your side's files, and the other side's that can be had. Names of your own are shown, and that is recorded."""
    listed = await read_attachments(parts.room, actor, request_id, parts.cursors.after(cursor), limit)
    guard(response)

    def show(file: Attachment) -> AttachmentItem:
        own = file.organisation_id == actor.organisation_id
        return _item(file, name=file.name if own else None)

    return page_of(request, response, parts.cursors, listed.files, limit=limit, show=show)


@routes.get(
    "/attachments/{attachment_id}",
    operation_id="referrals_show_attachment",
    response_model=AttachmentOut,
    **operation(_READ, relation=EITHER, refuses=(SharingNotPermitted,)),
)
async def show_one(attachment_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> AttachmentOut:
    """How it stands, by codes: discloses nothing."""
    file, _ = await known_attachment(parts.room, actor, attachment_id)
    return _whole(parts, actor, file, response)


@routes.post(
    "/attachments/{attachment_id}/remove",
    operation_id="referrals_remove_attachment",
    response_model=AttachmentOut,
    **operation(
        _WRITE, relation="own_organisation", refuses=(KeyMissing, StillRunning, NotReady, MatchRequired, Stale)
    ),
)
async def remove(
    *,
    attachment_id: UUID,
    actor: ActorDep,
    attempt: AttemptDep,
    version: VersionDep,
    parts: PartsDep,
    response: Response,
) -> AttachmentOut:
    """Take your own file back: its name and content go. What was fetched before stays with whoever fetched it."""
    done = await remove_attachment(parts.room, actor, attempt, attachment_id, version)
    show_done(response, done)
    file, _ = await known_attachment(parts.room, actor, attachment_id)
    return _whole(parts, actor, file, response)


@routes.post(
    "/attachments/{attachment_id}/links",
    operation_id="referrals_link_attachment",
    status_code=201,
    response_model=LinkOut,
    **operation(_READ, relation=EITHER, refuses=(KeyMissing, StillRunning, NotReady, SharingNotPermitted)),
)
async def link(
    *, attachment_id: UUID, request: Request, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> LinkOut:
    """A link that opens the file once, within a minute, in your own session. Nothing is disclosed until it does."""
    done, made = await make_link(parts.room, actor, attempt, attachment_id)
    show_done(response, done)
    guard(response)
    public = request.headers.get("hub-public-path", request.url.path)
    base = public.removesuffix("/links")
    return LinkOut(path=made.secret and f"{base}/downloads/{made.secret}", expires_at=made.expires_at)


@routes.get(
    "/attachments/{attachment_id}/downloads/{secret}",
    operation_id="referrals_open_attachment",
    response_class=Response,
    description="The file itself. For the other side it is a disclosure: decided and recorded before the first byte.",
    **operation(_READ, relation=EITHER, refuses=(LinkUsed, NotReady, SharingNotPermitted, Unavailable)),
)
async def download(
    *,
    attachment_id: UUID,
    secret: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,64}$")],
    actor: ActorDep,
    parts: PartsDep,
) -> Response:
    """Saved under its name, never shown in the Hub's own."""
    opened = await open_attachment(parts.room, parts.files, actor, attachment_id, secret)
    return StreamingResponse(opened.content, headers=_headers(opened))


def _headers(opened: OpenedFile) -> dict[str, str]:
    file = opened.file
    assert file.kept is not None  # noqa: S101 - what is opened is kept
    assert file.kind is not None  # noqa: S101 - and was judged
    name = name_to_save(file)
    return {
        **_INERT,
        "Content-Type": MEDIA_TYPES[file.kind],
        "Content-Length": str(file.kept.size),
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
    }


def takes_files(method: str, path: str, most: int) -> int | None:
    """How large a body may be: a file's is larger than any other's."""
    return most if method == "PUT" and path.startswith("/attachments/") and path.endswith("/content") else None
