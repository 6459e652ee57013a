"""Comments on agreement versions, and which threads are resolved; both are only ever added to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.comments import Comment
from connective.consent.storage.columns import key, number, table, text, uuid, when
from connective.kit.actor import Actor
from connective.kit.problems import NotFound

agreement_comment = table(
    "agreement_comment",
    key(),
    uuid("place_id"),
    uuid("agreement_id"),
    number("number"),
    uuid("thread_id", null=True),
    text("pointer"),
    uuid("legal_entity_id"),
    text("author_id"),
    text("text"),
    when("at"),
)
comment_resolution = table(
    "comment_resolution", key("comment_id"), uuid("place_id"), text("resolved_by"), when("resolved_at")
)
_JOINED = agreement_comment.outerjoin(comment_resolution, comment_resolution.c.comment_id == agreement_comment.c.id)


def _comment(row: Row[tuple[object, ...]]) -> Comment:
    return Comment(
        row.id,
        row.thread_id,
        row.pointer,
        row.legal_entity_id,
        row.author_id,
        row.text,
        row.at,
        row.resolved_by,
        row.resolved_at,
    )


def _of(agreement_id: UUID, version: int) -> Select[tuple[object, ...]]:
    columns = (agreement_comment, comment_resolution.c.resolved_by, comment_resolution.c.resolved_at)
    wanted = select(*columns).select_from(_JOINED)
    return wanted.where(agreement_comment.c.agreement_id == agreement_id, agreement_comment.c.number == version)


async def add_comment(
    connection: AsyncConnection, actor: Actor, agreement_id: UUID, version: int, comment: Comment
) -> None:
    """Add a comment to a version that the caller may see."""
    values = {
        "id": comment.id,
        "place_id": actor.place,
        "agreement_id": agreement_id,
        "number": version,
        "thread_id": comment.thread_id,
        "pointer": comment.pointer,
        "legal_entity_id": comment.legal_entity_id,
        "author_id": comment.author_id,
        "text": comment.text,
        "at": comment.at,
    }
    await connection.execute(insert(agreement_comment).values(values))


async def load_comment(connection: AsyncConnection, agreement_id: UUID, version: int, comment_id: UUID) -> Comment:
    """One comment of a version that the caller may see. Raises NotFound."""
    row = (await connection.execute(_of(agreement_id, version).where(agreement_comment.c.id == comment_id))).first()
    if row is None:
        raise NotFound
    return _comment(row)


async def list_comments(
    connection: AsyncConnection, agreement_id: UUID, version: int, after: UUID | None, limit: int
) -> list[Comment]:
    """The comments on a version that the caller may see, in the order they were made."""
    wanted = _of(agreement_id, version)
    if after is not None:
        wanted = wanted.where(agreement_comment.c.id > after)
    return [_comment(row) for row in await connection.execute(wanted.order_by(agreement_comment.c.id).limit(limit))]


async def add_resolution(connection: AsyncConnection, actor: Actor, comment_id: UUID, at: datetime) -> None:
    """Mark a thread as resolved. Raises IntegrityError when it is already."""
    values = {"comment_id": comment_id, "place_id": actor.place, "resolved_by": actor.id, "resolved_at": at}
    await connection.execute(insert(comment_resolution).values(values))
