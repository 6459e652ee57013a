"""`/agreements/{id}/versions/{number}/comments`: what officers say about a clause or flow, in threads."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response
from pydantic import StringConstraints

from connective.consent.api.acting import REFUSES, ActingDep
from connective.consent.api.agreements import VersionNumber
from connective.consent.api.deps import Answer, Body, PartsDep
from connective.consent.api.words import Reasons
from connective.consent.commands.comment_on_agreement import comment_on_agreement
from connective.consent.commands.refusals import Unacceptable
from connective.consent.commands.resolve_comment import resolve_comment
from connective.consent.storage.agreements import load_version
from connective.consent.storage.comments import list_comments, load_comment
from connective.consent.storage.organisations import entity_of
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation

routes = router(tags=["agreements"])
_ALL = "/agreements/{agreement_id}/versions/{number}/comments"
_SPEAKING = operation(Permission.CONSENT_AGREEMENT_COMMENT, relation="own_entity", refuses=(*REFUSES, Unacceptable))
Pointer = Annotated[str, StringConstraints(pattern=r"^(/[a-z0-9_]{1,40}){0,4}$")]


class CommentBody(Body):
    """What is said, and of what: a JSON Pointer into the terms (`/flows/0`), or the thread it replies to."""

    text: Reasons
    pointer: Pointer = ""
    reply_to: UUID | None = None


class CommentOut(Answer):
    """A comment; `thread_id` is null for the one that opens a thread, which alone is resolved."""

    id: UUID
    thread_id: UUID | None
    pointer: str
    legal_entity_id: UUID
    author_id: str
    text: str
    at: datetime
    resolved_by: str | None
    resolved_at: datetime | None


async def _answer(agreement_id: UUID, number: int, comment_id: UUID, acting: ActingDep) -> CommentOut:
    async with acting.database.reading(acting.actor) as connection:
        entity_id = await entity_of(connection, acting.actor)
        await load_version(connection, entity_id, agreement_id, number)
        return CommentOut.model_validate(await load_comment(connection, agreement_id, number, comment_id))


@routes.get(
    _ALL,
    operation_id="consent_list_agreement_comments",
    **operation(Permission.CONSENT_AGREEMENT_READ, relation="own_entity"),
)
async def list_all(
    *,
    agreement_id: UUID,
    number: VersionNumber,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[CommentOut]:
    """The comments on a version, in the order they were made."""
    after = parts.cursors.after(cursor)
    async with parts.database.reading(actor) as connection:
        await load_version(connection, await entity_of(connection, actor), agreement_id, number)
        found = await list_comments(connection, agreement_id, number, after, limit + 1)
    shown = [CommentOut.model_validate(each) for each in found]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.post(_ALL, status_code=201, operation_id="consent_comment_on_agreement", **_SPEAKING)
async def comment(agreement_id: UUID, number: VersionNumber, body: CommentBody, acting: ActingDep) -> CommentOut:
    """Comment on a clause or flow, or reply in a thread. An open thread does not hold up a review."""
    done = await comment_on_agreement(
        acting.database,
        acting.actor,
        acting.attempt,
        agreement_id,
        number,
        pointer=body.pointer,
        reply_to=body.reply_to,
        words=body.text,
        now=acting.now(),
    )
    acting.show(done)
    return await _answer(agreement_id, number, done.resource_id, acting)


@routes.post(f"{_ALL}/{{comment_id}}/resolve", operation_id="consent_resolve_agreement_comment", **_SPEAKING)
async def resolve(agreement_id: UUID, number: VersionNumber, comment_id: UUID, acting: ActingDep) -> CommentOut:
    """Mark a thread as resolved: by whoever opened it, or the lead."""
    done = await resolve_comment(
        acting.database, acting.actor, acting.attempt, agreement_id, number, comment_id=comment_id, now=acting.now()
    )
    acting.show(done)
    return await _answer(agreement_id, number, comment_id, acting)
