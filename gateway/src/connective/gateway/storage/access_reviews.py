"""Accounts as officers review them, and the training recorded of their holders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.domain.access_review import (
    CONFIRMED_FOR,
    DORMANT_AFTER,
    AccessOutcome,
    Confirmation,
    Reviewed,
    Training,
)
from connective.gateway.domain.accounts import Account
from connective.gateway.storage.reviews_due import DUE, NEWEST
from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch

_ADD = """
INSERT INTO training_record (id, place_id, account_id, course, completed_on, valid_until, recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_TRAINED = """
SELECT DISTINCT ON (account_id) account_id, course, completed_on, valid_until FROM training_record
WHERE account_id = ANY($1::uuid[]) ORDER BY account_id, valid_until DESC
"""
_OURS = """m.place_id = $1 AND ($2::uuid IS NULL OR m.organisation_id IN (
  SELECT o.organisation_id FROM organisation_state AS asker
  JOIN organisation_state AS o ON o.legal_entity_id = asker.legal_entity_id WHERE asker.organisation_id = $2))"""
"""Rows of `membership AS m`: of the organisations of the asker's legal entity, or of the place where none is given."""
_RUNS_THE_PLACE = """
SELECT EXISTS (
  SELECT FROM organisation_state AS asker JOIN organisation_state AS o ON o.legal_entity_id = asker.legal_entity_id
  JOIN membership AS m ON m.organisation_id = o.organisation_id JOIN account AS a ON a.id = m.account_id
  WHERE asker.organisation_id = $2 AND m.place_id = $1 AND 'place_admin' = ANY (m.roles)
    AND a.disabled_at IS NULL) AS so
"""
_ADD_CONFIRMATION = """
INSERT INTO access_confirmation (id, place_id, account_id, organisation_id, roles, outcome, reviewed_by, reviewed_at)
VALUES ($1, $2, $3, $4, $5::text[], $6, $7, $8)
"""
_LONGEST = """
LEFT JOIN LATERAL (SELECT course, completed_on, valid_until FROM training_record AS r WHERE r.account_id = a.id
  ORDER BY valid_until DESC LIMIT 1) AS t ON true
"""
_UNTRAINED = """(a.last_sign_in_at IS NOT NULL AND NOT EXISTS (
  SELECT FROM training_record AS r WHERE r.account_id = a.id
    AND a.last_sign_in_at::date BETWEEN r.completed_on AND r.valid_until))"""
_COUNT = f"""
SELECT m.organisation_id, min(m.organisation_name) AS organisation_name, count(*) AS accounts,
  count(*) FILTER (WHERE a.disabled_at IS NULL) AS open,
  count(*) FILTER (WHERE a.disabled_at IS NOT NULL) AS disabled,
  count(*) FILTER (WHERE a.left_on < a.disabled_at::date) AS closed_after_leaving,
  count(*) FILTER (WHERE a.disabled_at IS NULL AND (a.last_sign_in_at IS NULL OR a.last_sign_in_at < $4)) AS dormant,
  count(*) FILTER (WHERE a.disabled_at IS NULL AND $3 BETWEEN t.completed_on AND t.valid_until) AS training_in_date,
  count(*) FILTER (WHERE a.disabled_at IS NULL AND {_UNTRAINED}) AS untrained_at_last_sign_in,
  count(*) FILTER (WHERE a.disabled_at IS NULL AND {DUE.format(half_a_year_ago="$5")}) AS review_due,
  count(*) FILTER (WHERE a.disabled_at IS NULL AND c.outcome = 'remove') AS to_be_removed
FROM membership AS m JOIN account AS a ON a.id = m.account_id {_LONGEST} {NEWEST}
WHERE {_OURS} GROUP BY m.organisation_id ORDER BY m.organisation_id
"""  # noqa: S608 - constants only
_LISTED = f"""
SELECT a.id, a.name, m.organisation_id, m.roles, a.last_sign_in_at, a.disabled_at, a.left_on, t.course, t.completed_on,
  t.valid_until, {_UNTRAINED} AS untrained, c.outcome, c.roles AS confirmed_roles, c.reviewed_by, c.reviewed_at
FROM membership AS m JOIN account AS a ON a.id = m.account_id {_LONGEST} {NEWEST}
WHERE {_OURS} AND {{which}}
"""  # noqa: S608 - constants only
_ONE = _LISTED.format(which="a.id = $3 AND m.organisation_id = $4")
_PAGE = _LISTED.format(
    which=f"""($3::uuid IS NULL OR (a.id, m.organisation_id) > ($3, $4::uuid))
  AND ($7::uuid IS NULL OR a.id = $7)
  AND ($6::timestamptz IS NULL OR (a.disabled_at IS NULL AND {DUE.format(half_a_year_ago="$6")}))
ORDER BY a.id, m.organisation_id LIMIT $5"""
)


@dataclass(frozen=True, slots=True)
class Window:
    """Which of the accounts are read: after which, how many, whether only those due at an instant, or of one person."""

    after: tuple[UUID, UUID] | None
    limit: int
    due_at: datetime | None = None
    account_id: UUID | None = None


async def add_training(unit: Unit, record_id: UUID, account: Account, training: Training, at: datetime) -> None:
    """Keep a record of training; there is no way to change or remove one."""
    what = (training.course, training.completed_on, training.valid_until)
    await unit.run(_ADD, (record_id, account.place_id, account.id, *what, unit.actor.id, at))


async def training_of_accounts(connection: AsyncConnection, account_ids: Sequence[UUID]) -> dict[UUID, Training]:
    """Of each of these accounts the training that counts longest, which is the one an officer reviews."""
    rows = await fetch(connection, _TRAINED, (list(account_ids),))
    return {row.account_id: Training(row.course, row.completed_on, row.valid_until) for row in rows}


async def runs_the_place(unit: Unit, actor: Actor) -> bool:
    """Whether the actor's legal entity is the host: whoever administers the place works for it."""
    return bool((await unit.fetch_one(_RUNS_THE_PLACE, (actor.place, actor.organisation))).so)


async def add_confirmation(unit: Unit, record_id: UUID, of: Reviewed, said: Confirmation) -> None:
    """Keep what was said; there is no way to change or remove it."""
    whose = (record_id, unit.actor.place, of.account_id, of.organisation_id, list(said.roles))
    await unit.run(_ADD_CONFIRMATION, (*whose, said.outcome.value, said.reviewed_by, said.reviewed_at))


async def count_accounts(unit: Unit, actor: Actor, organisation_id: UUID | None, now: datetime) -> list[dict[str, Any]]:
    """The figures of each organisation of one's legal entity, or of the place."""
    since = (now - DORMANT_AFTER, now - CONFIRMED_FOR)
    rows = await unit.fetch(_COUNT, (actor.place, organisation_id, now.date(), *since))
    return [dict(row) for row in rows]


async def page_of_accounts(unit: Unit, actor: Actor, organisation_id: UUID | None, window: Window) -> list[Reviewed]:
    """Their accounts, by account and organisation."""
    since = window.due_at - CONFIRMED_FOR if window.due_at else None
    position = (*(window.after or (None, None)), window.limit + 1)
    rows = await unit.fetch(_PAGE, (actor.place, organisation_id, *position, since, window.account_id))
    return [_reviewed(row) for row in rows]


async def one_account(
    unit: Unit, actor: Actor, organisation_id: UUID | None, account_id: UUID, where: UUID
) -> Reviewed | None:
    """One account in one organisation, of those."""
    rows = await unit.fetch(_ONE, (actor.place, organisation_id, account_id, where))
    return _reviewed(rows[0]) if rows else None


def _reviewed(row: Any) -> Reviewed:  # noqa: ANN401 - a driver's row
    trained = row.course is not None
    return Reviewed(
        account_id=row.id,
        name=row.name,
        organisation_id=row.organisation_id,
        roles=tuple(sorted(row.roles)),
        last_sign_in_at=row.last_sign_in_at,
        disabled_at=row.disabled_at,
        left_on=row.left_on,
        training=Training(row.course, row.completed_on, row.valid_until) if trained else None,
        untrained_at_last_sign_in=row.untrained,
        confirmation=None
        if row.outcome is None
        else Confirmation(AccessOutcome(row.outcome), tuple(row.confirmed_roles), row.reviewed_by, row.reviewed_at),
    )
