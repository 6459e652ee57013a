"""Requests that an organisation has taken on, with what was written in them: what today's list is made of."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.referrals.domain.request import Content, Request
from connective.referrals.domain.today import AT_WORK
from connective.referrals.storage.mapping import content_from, request_from
from connective.referrals.storage.seeing import received_by
from connective.referrals.storage.tables import content, request


async def list_at_work(connection: AsyncConnection, actor: Actor) -> list[tuple[Request, Content]]:
    """Those sent to the actor's organisation and accepted or in progress, oldest first."""
    written = (content.c.request_id == request.c.id) & (content.c.version == request.c.content_version)
    columns = (content.c.answers, content.c.needs, content.c.words_text, content.c.words_categories)
    wanted = (
        select(request, *columns)
        .join_from(request, content, written)
        .where(received_by(actor), request.c.state.in_([str(state) for state in AT_WORK]))
        .order_by(request.c.id)
    )
    return [(request_from(row), content_from(row)) for row in await connection.execute(wanted)]
