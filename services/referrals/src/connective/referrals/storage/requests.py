"""Requests: loaded as somebody may see them, and saved together with what happened to them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import Unit
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
from connective.referrals.storage.seeing import request_seen_by
from connective.referrals.storage.tables import content, history, request


def _one(actor: Actor, request_id: UUID) -> Select[Any]:
    return select(request).where(request.c.id == request_id, request_seen_by(actor))


async def load(connection: AsyncConnection, actor: Actor, request_id: UUID) -> Request:
    """A request the actor may see. Raises NotFound, for one they may not see alike."""
    row = (await connection.execute(_one(actor, request_id))).one_or_none()
    if row is None:
        raise NotFound
    return request_from(row)


async def load_locked(unit: Unit, request_id: UUID) -> Request:
    """The same, kept from changing until the unit ends."""
    row = (await unit.connection.execute(_one(unit.actor, request_id).with_for_update())).one_or_none()
    if row is None:
        raise NotFound
    return request_from(row)


async def load_content(connection: AsyncConnection, actor: Actor, request_id: UUID) -> tuple[Request, Content]:
    """A request the actor may see, with what the referrer wrote last. Raises NotFound."""
    joined = select(request, content.c.answers, content.c.needs, content.c.words_text, content.c.words_categories).join(
        content, (content.c.request_id == request.c.id) & (content.c.version == request.c.content_version)
    )
    found = await connection.execute(joined.where(request.c.id == request_id, request_seen_by(actor)))
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return request_from(row), content_from(row)


async def save(unit: Unit, before: Request, after: Request, facts: Iterable[Fact] = ()) -> None:
    """Store the next version of a request, what happened, and its event; all or nothing.

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
        unit.tell(request_event(after, fact), version=fact.version, place_id=after.place_id)


async def add_request(unit: Unit, draft: Request) -> None:
    """Store one draft beside the others of its referral."""
    await unit.connection.execute(insert(request).values(request_row(draft)))


async def add_content(unit: Unit, after: Request, value: Content) -> None:
    """Store what the referrer wrote in a new version; earlier ones are kept."""
    await unit.connection.execute(insert(content).values(content_row(after, value)))
