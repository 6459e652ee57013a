"""Provider assurance dossiers in the database: their items, who may vouch, and what was announced."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import fetch, fetch_one
from connective.kit.problems import NotFound
from connective.partners.domain.assurance import ItemKind
from connective.partners.domain.dossier import Item, ItemState

LAPSED = -1
"""The stage of an announcement that says that an item has lapsed; others are days before its last day."""
_ADD = """
INSERT INTO assurance_item (id, place_id, organisation_id, kind, evidence, account_id, issued_on, expires_on,
  recorded_by, recorded_at, state, version, decided_by, decided_at, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""
_DECIDE = """
UPDATE assurance_item SET state = $2, version = $3, decided_by = $4, decided_at = $5, reason = $6 WHERE id = $1
"""
_ONE = "SELECT * FROM assurance_item WHERE place_id = $1 AND organisation_id = $2 AND id = $3"
_PAGE = """
SELECT * FROM assurance_item WHERE place_id = $1 AND organisation_id = $2 AND ($3::text IS NULL OR state = $3)
  AND ($4::uuid IS NULL OR id < $4) ORDER BY id DESC LIMIT $5
"""
_VERIFIED = "SELECT * FROM assurance_item WHERE place_id = $1 AND organisation_id = $2 AND state = 'verified'"
_COORDINATES = """
SELECT FROM hub WHERE place_id = $1 AND coordinator_account_id = $2 AND $3 = ANY(member_organisation_ids) LIMIT 1
"""
_NOTICE = """
INSERT INTO assurance_told (organisation_id, kind, until, stage, place_id, at)
SELECT o.id, h.kind, h.until, s.stage, o.place_id, $4
FROM organisation o, jsonb_to_recordset(o.assurance) AS h(kind text, until date), unnest($3::int[]) AS s(stage)
WHERE o.place_id = $1 AND o.legal_entity_id IS NOT NULL AND h.until <= $2::date + s.stage
ON CONFLICT DO NOTHING RETURNING organisation_id, kind, until, stage
"""


@dataclass(frozen=True, slots=True)
class Noticed:
    """One item that is near its end, or past it, and was not announced so before."""

    organisation_id: UUID
    kind: ItemKind
    until: date
    stage: int


async def add_items(connection: AsyncConnection, items: Iterable[Item]) -> None:
    """Store new items."""
    for item in items:
        what = [item.kind, item.evidence, item.account_id, item.issued_on, item.expires_on]
        decided = [item.state, item.version, item.decided_by, item.decided_at, item.reason]
        whose = [item.id, item.place_id, item.organisation_id]
        await fetch(connection, _ADD, [*whose, *what, item.recorded_by, item.recorded_at, *decided])


async def save_decision(connection: AsyncConnection, item: Item) -> None:
    """Store how an item was decided."""
    decided = [item.state, item.version, item.decided_by, item.decided_at, item.reason]
    await fetch(connection, _DECIDE, [item.id, *decided])


async def find_item(connection: AsyncConnection, actor: Actor, organisation_id: UUID, item_id: UUID) -> Item:
    """One item of an organisation's dossier. Raises NotFound."""
    row = await fetch_one(connection, _ONE, [actor.place, organisation_id, item_id])
    if row is None:
        raise NotFound
    return _item_of(row)


async def page_of_items(
    connection: AsyncConnection,
    actor: Actor,
    organisation_id: UUID,
    *,
    state: ItemState | None,
    after: UUID | None,
    limit: int,
) -> list[Item]:
    """The items of a dossier, newest first."""
    wanted = [actor.place, organisation_id, state, after, limit]
    return [_item_of(row) for row in await fetch(connection, _PAGE, wanted)]


async def verified_items(connection: AsyncConnection, place_id: UUID, organisation_id: UUID) -> list[Item]:
    """What of a dossier vouches, or did until it lapsed."""
    return [_item_of(row) for row in await fetch(connection, _VERIFIED, [place_id, organisation_id])]


async def coordinates_a_hub_of(connection: AsyncConnection, actor: Actor, organisation_id: UUID) -> bool:
    """Whether the actor coordinates a hub that the organisation is a member of."""
    if actor.account_id is None:
        return False
    found = await fetch(connection, _COORDINATES, [actor.place, actor.account_id, organisation_id])
    return bool(found)


async def notice_ends(
    connection: AsyncConnection, place_id: UUID, *, today: date, stages: Iterable[int], at: datetime
) -> list[Noticed]:
    """Items whose end came nearer than a stage, or passed, since this was last asked: each stage once."""
    rows = await fetch(connection, _NOTICE, [place_id, today, list(stages), at])
    return [Noticed(row.organisation_id, ItemKind(row.kind), row.until, row.stage) for row in rows]


def _item_of(row: Any) -> Item:  # noqa: ANN401 - a driver's row
    return Item(
        id=row.id,
        place_id=row.place_id,
        organisation_id=row.organisation_id,
        kind=ItemKind(row.kind),
        evidence=row.evidence,
        account_id=row.account_id,
        issued_on=row.issued_on,
        expires_on=row.expires_on,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
        state=ItemState(row.state),
        version=row.version,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
    )
