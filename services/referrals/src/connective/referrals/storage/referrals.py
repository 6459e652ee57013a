"""Referrals: a new one with all its requests in one statement; an old one with those the actor may see."""

from collections.abc import Sequence
from uuid import UUID

import pydantic_core
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.idempotency import CLAIMED, Attempt, Done, claim, claim_sql
from connective.kit.outbox import OUTBOX_COLUMNS, fact_arrays
from connective.kit.problems import NotFound
from connective.referrals.domain.referral import Referral
from connective.referrals.domain.request import Content, Fact, Request
from connective.referrals.domain.safeguarding import SafeguardingCheck
from connective.referrals.storage.events import referral_made, request_event
from connective.referrals.storage.mapping import (
    check_row,
    content_row,
    history_row,
    referral_from,
    referral_row,
    request_from,
    request_row,
)
from connective.referrals.storage.seeing import referral_seen_by
from connective.referrals.storage.tables import content, history, referral, request

New = tuple[Request, Content, tuple[Fact, ...]]
"""A new request, what was written in it, and what happened to it already."""


def _columns(table_columns: Sequence[str]) -> str:
    return ", ".join(table_columns)


def _insert(table: str, names: Sequence[str], parameter: int) -> str:
    listed = _columns(names)
    return (
        f"INSERT INTO {table} ({listed}) SELECT {listed} "  # noqa: S608 - names of our own tables and columns
        f"FROM jsonb_populate_recordset(NULL::{table}, ${parameter}::jsonb) WHERE EXISTS (SELECT FROM {CLAIMED})"
    )


_WRITE = f"""
WITH {claim_sql(13)},
     a AS ({_insert("referral", referral.c.keys(), 1)}),
     b AS ({_insert("request", request.c.keys(), 2)}),
     c AS ({_insert("request_content", content.c.keys(), 3)}),
     d AS ({_insert("request_history", history.c.keys(), 4)})
INSERT INTO outbox ({OUTBOX_COLUMNS}) SELECT * FROM unnest(
    $5::uuid[], $6::text[], $7::text[], $8::uuid[], $9::int[], $10::uuid[], $11::text[], $12::text[])
WHERE EXISTS (SELECT FROM {CLAIMED})
"""  # noqa: S608 - constants only
"""One round trip, because making a referral is what the Hub does most: rows go as one JSON document per table."""


def _json(rows: list[dict[str, object]]) -> str:
    return pydantic_core.to_json(rows).decode()


async def add_referral(unit: Unit, value: Referral, new: Sequence[New], attempt: Attempt, done: Done) -> bool:
    """Store a referral, its requests, their content and history, the events and the attempt: one statement.

    False when an earlier attempt has claimed the key: then nothing is stored.
    """
    unit.tell(referral_made(value, [item[0] for item in new]), version=1, place_id=value.place_id)
    for made, _, facts in new:
        for fact in facts:
            unit.tell(request_event(made, fact), version=fact.version, place_id=made.place_id)
    parameters = (
        _json([referral_row(value)]),
        _json([request_row(made) for made, _, _ in new]),
        _json([content_row(made, written) for made, written, _ in new]),
        _json([history_row(made, fact) for made, _, facts in new for fact in facts]),
        *fact_arrays(unit.take_facts()),
        *claim(unit, attempt, done),
    )
    return await unit.run(_WRITE, parameters) > 0


async def load_referral(connection: AsyncConnection, actor: Actor, referral_id: UUID) -> tuple[Referral, list[Request]]:
    """A referral of the actor's organisation and its requests in the order they were asked. Raises NotFound."""
    found = await connection.execute(select(referral).where(referral.c.id == referral_id, referral_seen_by(actor)))
    row = found.one_or_none()
    if row is None:
        raise NotFound
    rows = await connection.execute(select(request).where(request.c.referral_id == referral_id).order_by(request.c.id))
    return referral_from(row), [request_from(each) for each in rows]


async def load_check(connection: AsyncConnection, referral_id: UUID) -> SafeguardingCheck:
    """The safeguarding answer of a referral, for whoever may see one of its requests as its referrer."""
    found = await connection.execute(select(referral).where(referral.c.id == referral_id))
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return referral_from(row).check


async def keep_check(unit: Unit, referral_id: UUID, check: SafeguardingCheck) -> None:
    """Note the safeguarding answer given when a draft is sent later."""
    await unit.connection.execute(update(referral).where(referral.c.id == referral_id).values(check_row(check)))
