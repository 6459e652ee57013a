"""`/audit/access-copies`: the copy of their data that somebody asks for, held until an officer releases it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Path, Request, Response
from pydantic import Field, StringConstraints

from connective.consent.api.audit_exports import ZipFile
from connective.consent.api.audit_words import Pseudonym
from connective.consent.api.deps import Answer, Body, PartsDep, no_store, show_version
from connective.consent.api.words import HashHex
from connective.consent.commands.access_copies import Copy, ask_for_copy, put_together, release_copy
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.copied_files import GivenCopy, give_with_files, read_copied_file
from connective.consent.commands.refusals import NotNow, Unacceptable, translated
from connective.consent.commands.whom_it_names import Meant
from connective.consent.domain.access_copies import HELD_BACK, CopyItem, CopyState, Withheld, page_of_copy
from connective.consent.domain.audit_files import archive
from connective.consent.domain.canonical import canonical
from connective.consent.storage.access_copies import list_copies
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning, TooSlow, Unavailable

routes = router(tags=["audit"])
_ONE = "/audit/access-copies/{access_copy_id}"
_READ = operation(Permission.CONSENT_ACCESS_COPY_RELEASE, relation="own_entity", refuses=(NotNow, Unavailable, TooSlow))
_FILE = operation(
    Permission.CONSENT_ACCESS_COPY_RELEASE,
    relation="own_entity",
    refuses=(NotNow, Unavailable, TooSlow),
    step_up=True,
)
_ACT = operation(
    Permission.CONSENT_ACCESS_COPY_RELEASE,
    relation="own_entity",
    refuses=(KeyMissing, StillRunning, NotNow, Unacceptable, Unavailable, TooSlow),
)
_ItemKey = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
ItemKeyPath = Annotated[str, Path(max_length=64, description="The item's `key`.")]


class AskForCopy(Body):
    """Whose data, by id or pseudonym, and the request of the register that asks for it, which may name them instead."""

    person_id: UUID | None = None
    person: Pseudonym | None = None
    information_request_id: UUID | None = None


class ReleaseCopy(Body):
    """The hash of the copy that was read, what of it is not given and why, and what was cleared on review."""

    content_hash: HashHex
    withhold: Annotated[dict[_ItemKey, Withheld], Field(max_length=5000, default_factory=dict)]
    clear: Annotated[frozenset[_ItemKey], Field(max_length=5000)] = frozenset()


class CopyOut(Answer):
    """What is kept of a copy: none of its data."""

    id: UUID
    person: str
    information_request_id: UUID | None
    state: CopyState
    withheld: dict[str, Withheld]
    asked_by: str
    asked_at: datetime
    released_by: str | None
    released_at: datetime | None
    version: int


class ItemOut(Answer):
    """One thing that is held; `review` where it may be about somebody else too: withhold or clear it."""

    key: str
    service: str
    section: str
    data: dict[str, Any]
    review: bool
    has_file: bool
    """Its content is read at `…/items/{key}/file`, and goes into the person's archive unless it is withheld."""


class ReviewOut(CopyOut):
    """The copy as it is put together now, for review."""

    content_hash: str
    whereabouts_restricted: bool
    """What locates somebody is left out: give it by a way you know is safe, or not at all."""
    about: dict[str, list[str]]
    items: list[ItemOut]


def _shown(made: Copy) -> ReviewOut:
    return ReviewOut.model_validate(
        made.row
        | {
            "content_hash": made.content_hash,
            "whereabouts_restricted": made.hidden,
            "about": dict(made.about),
            "items": [
                {"key": i.key, "service": i.service, "section": i.section, "data": dict(i.data)}
                | {"review": i.review, "has_file": i.file_id is not None}
                for i in made.items
            ],
        }
    )


async def _answer(copy_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ReviewOut:
    made = await put_together(parts.database, parts.keepers, actor, copy_id, now=parts.clock())
    no_store(response)
    show_version(response, made.row["version"])
    return _shown(made)


@routes.post("/audit/access-copies", status_code=201, operation_id="consent_ask_for_access_copy", **_ACT)
async def ask(body: AskForCopy, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response) -> ReviewOut:
    """Put together what the Hub holds about a person (Article 15); it is held until you release it."""
    meant = Meant(**body.model_dump())
    done = await ask_for_copy(parts.database, parts.keepers, actor, attempt, meant=meant, now=parts.clock())
    show_done(response, done)
    response.headers["Location"] = f"/audit/access-copies/{done.resource_id}"
    return await _answer(done.resource_id, actor, parts, response)


@routes.get("/audit/access-copies", operation_id="consent_list_access_copies", **_READ)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[CopyOut]:
    """Copies that people asked your legal entity for, newest first; none of their data."""
    before = parts.cursors.after(cursor)
    async with looking(parts.database, actor, "access_copies_listed", parts.clock()) as look:
        rows = await list_copies(look, before, limit + 1)
    no_store(response)
    shown = [CopyOut.model_validate(row) for row in rows]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get(_ONE, operation_id="consent_read_access_copy", **_READ)
async def read(access_copy_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ReviewOut:
    """One copy as it is now, for review: items that may be about somebody else too are marked."""
    return await _answer(access_copy_id, actor, parts, response)


@routes.post(f"{_ONE}/release", operation_id="consent_release_access_copy", **_ACT)
async def release(
    *,
    access_copy_id: UUID,
    body: ReleaseCopy,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> ReviewOut:
    """Release the copy that you read, by its hash, without what you withhold; every marked item is decided."""
    with translated():
        done = await release_copy(
            parts.database,
            parts.keepers,
            actor,
            attempt,
            access_copy_id,
            hash_seen=body.content_hash,
            withheld=body.withhold,
            cleared=body.clear,
            now=parts.clock(),
        )
    show_done(response, done)
    return await _answer(access_copy_id, actor, parts, response)


@routes.get(f"{_ONE}/file", operation_id="consent_give_access_copy", response_class=ZipFile, **_FILE)
async def file(access_copy_id: UUID, actor: ActorDep, parts: PartsDep) -> ZipFile:
    """The released copy for the person: a page in plain English, the same as JSON, and files."""
    made = await give_with_files(parts.database, parts.keepers, actor, access_copy_id, now=parts.clock())
    headers = {"Content-Disposition": 'attachment; filename="copy.zip"', "Cache-Control": "no-store"}
    return ZipFile(archive(_files(made)), headers=headers)


@routes.get(
    f"{_ONE}/items/{{item_key}}/file", operation_id="consent_read_copied_file", response_class=Response, **_FILE
)
async def item_file(access_copy_id: UUID, item_key: ItemKeyPath, actor: ActorDep, parts: PartsDep) -> Response:
    """A file of the copy, to be reviewed before you clear or withhold it. An export in the ledger."""
    file = await read_copied_file(parts.database, parts.keepers, actor, access_copy_id, item_key, now=parts.clock())
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


def _files(made: GivenCopy) -> Mapping[str, bytes]:
    paths = {key: f"files/{n:02}-{made.files[key].name}" for n, key in enumerate(made.files, 1)}
    given = [replace(item, data=dict(item.data) | _where(item, paths)) for item in made.copy.given]
    about = dict(made.copy.about) | {"What is held back": [_held_back(made.copy)]}
    items = [{"section": item.section, "data": dict(item.data)} for item in given]
    return {
        "what-we-hold-about-you.html": page_of_copy(about, given).encode(),
        "what-we-hold-about-you.json": canonical({"about": about, "items": items}),
        **{path: made.files[key].content for key, path in paths.items()},
    }


def _where(item: CopyItem, paths: Mapping[str, str]) -> dict[str, str]:
    """Where a file is in the archive, or why it is not in it."""
    if item.section != "files":
        return {}
    if item.key in paths:
        return {"file": paths[item.key]}
    return {"file": "Too large for this archive: given apart." if item.file_id else "Its content cannot be given."}


def _held_back(made: Copy) -> str:
    """That something is held back, never which or on what ground: to say so may itself disclose it, or do the harm."""
    return HELD_BACK if {item.key for item in made.items} & made.row["withheld"].keys() else "Nothing."
