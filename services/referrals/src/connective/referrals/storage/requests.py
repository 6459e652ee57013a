"""Requests: loaded as somebody may see them, and saved together with what happened to them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.prepared import Prepared
from connective.kit.problems import NotFound, Stale
from connective.referrals.domain.request import Content, Fact, Request
from connective.referrals.storage.events import request_event
from connective.referrals.storage.mapping import (
    changing_columns,
    content_from,
    content_row,
    history_row,
    request_from,
    request_row,
)
from connective.referrals.storage.seeing import SEEN, Sight, asker, sight_of
from connective.referrals.storage.tables import content, history, request

_ONE = request.c.id == bindparam("request_id", type_=Uuid)
_WRITTEN = (content.c.request_id == request.c.id) & (content.c.version == request.c.content_version)
_BARE = {sight: select(request).where(_ONE, seen) for sight, seen in SEEN.items()}
_LOAD = {sight: Prepared(bare) for sight, bare in _BARE.items()}
_LOAD_LOCKED = {sight: Prepared(bare.with_for_update()) for sight, bare in _BARE.items()}
_LOAD_CONTENT = {
    sight: Prepared(
        bare.add_columns(
            content.c.answers, content.c.needs, content.c.words_text, content.c.words_categories
        ).join_from(request, content, _WRITTEN)
    )
    for sight, bare in _BARE.items()
}


async def _load(statements: dict[Sight, Prepared], connection: AsyncConnection, actor: Actor, request_id: UUID) -> Any:  # noqa: ANN401 - a row of any shape
    row = await statements[sight_of(actor)].fetch_one(connection, request_id=request_id, **asker(actor))
    if row is None:
        raise NotFound
    return row


async def load(connection: AsyncConnection, actor: Actor, request_id: UUID) -> Request:
    """A request the actor may see. Raises NotFound, for one they may not see alike."""
    return request_from(await _load(_LOAD, connection, actor, request_id))


async def load_locked(unit: Unit, request_id: UUID) -> Request:
    """The same, kept from changing until the unit ends."""
    return request_from(await _load(_LOAD_LOCKED, unit.connection, unit.actor, request_id))


async def load_content(connection: AsyncConnection, actor: Actor, request_id: UUID) -> tuple[Request, Content]:
    """A request the actor may see, with what the referrer wrote last. Raises NotFound."""
    row = await _load(_LOAD_CONTENT, connection, actor, request_id)
    return request_from(row), content_from(row)


async def load_content_alone(database: Database, actor: Actor, request_id: UUID) -> tuple[Request, Content]:
    """The same in a transaction of its own, for who opens a request: one round trip instead of three."""
    found = await _LOAD_CONTENT[sight_of(actor)].read_alone(database, actor, request_id=request_id, **asker(actor))
    if not found:
        raise NotFound
    return request_from(found[0]), content_from(found[0])


async def save(unit: Unit, before: Request, after: Request, facts: Iterable[Fact] = ()) -> None:
    """Store the next version of a request, what happened, and its event where it has one; all or nothing.

    Raises Stale when somebody else stored a version since `before` was read.
    """
    changed = await unit.connection.execute(
        update(request)
        .where(request.c.id == before.id, request.c.version == before.version)
        .values(changing_columns(after))
    )
    if changed.rowcount != 1:
        raise Stale("Read it again: somebody changed it since.")
    for fact in facts:
        await unit.connection.execute(insert(history).values(history_row(after, fact)))
        if fact.announced:
            unit.tell(request_event(after, fact), version=fact.version, place_id=after.place_id)


async def add_request(unit: Unit, draft: Request) -> None:
    """Store one draft beside the others of its referral."""
    await unit.connection.execute(insert(request).values(request_row(draft)))


async def add_content(unit: Unit, after: Request, value: Content) -> None:
    """Store what the referrer wrote in a new version; earlier ones are kept."""
    await unit.connection.execute(insert(content).values(content_row(after, value)))
