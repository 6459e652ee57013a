"""Webhooks in the database. Only the organisation that set one up sees it; the Hub's own work sees all."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound
from connective.partners.domain.webhooks import Webhook, WebhookState

_COLUMNS = """
id, place_id, organisation_id, url, description, notice_email, events, state, disabled_reason, disabled_at,
old_secret_until, last_success_at, failing_since, version, changed_at
"""
_OWN = "place_id = $1 AND organisation_id = $2"
_FIND = f"SELECT {_COLUMNS} FROM webhook WHERE {_OWN} AND id = $3"  # noqa: S608 - constants of this module
_PAGE = f"""
SELECT {_COLUMNS} FROM webhook WHERE {_OWN} AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4
"""  # noqa: S608 - constants of this module
_ADD = """
INSERT INTO webhook (id, place_id, organisation_id, url, description, notice_email, events, state, secret, version,
  changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_SAVE = """
UPDATE webhook SET url = $2, description = $3, notice_email = $4, events = $5, state = $6, disabled_reason = $7,
  disabled_at = $8, failing_since = $9, version = $10, changed_at = $11,
  notified_at = CASE WHEN $6 = 'active' THEN NULL ELSE notified_at END,
  not_before = CASE WHEN $6 = 'active' THEN NULL ELSE not_before END
WHERE id = $1
"""
_ROTATE = """
UPDATE webhook SET old_secret = CASE WHEN $3::timestamptz IS NULL THEN NULL ELSE secret END, old_secret_until = $3,
  secret = $2, version = version + 1, changed_at = $4
WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class SealedSecrets:
    """A webhook's secrets as they are stored."""

    current: bytes
    old: bytes | None


async def find_webhook(connection: AsyncConnection, actor: Actor, webhook_id: UUID, *, hold: bool = False) -> Webhook:
    """One webhook; `hold` keeps it until the transaction ends. Raises NotFound for another organisation's."""
    statement = _FIND + (" FOR UPDATE" if hold else "")
    row = await fetch_one(connection, statement, (actor.place, actor.organisation, webhook_id))
    if row is None:
        raise NotFound
    return webhook_of(row)


async def page_of_webhooks(
    connection: AsyncConnection, actor: Actor, *, after: UUID | None, limit: int
) -> list[Webhook]:
    """The organisation's next webhooks in the order they were set up, at most `limit`."""
    rows = await fetch(connection, _PAGE, (actor.place, actor.organisation, after, limit))
    return [webhook_of(row) for row in rows]


async def count_webhooks(unit: Unit, actor: Actor) -> int:
    """How many the organisation has."""
    statement = f"SELECT count(*) AS n FROM webhook WHERE {_OWN}"  # noqa: S608 - a constant of this module
    row = await unit.fetch_one(statement, (actor.place, actor.organisation))
    return int(row.n)


async def add_webhook(unit: Unit, webhook: Webhook, sealed_secret: bytes) -> None:
    """Store a new webhook with its sealed secret."""
    await unit.run(
        _ADD,
        (
            webhook.id,
            webhook.place_id,
            webhook.organisation_id,
            webhook.url,
            webhook.description,
            webhook.notice_email,
            list(webhook.events),
            str(webhook.state),
            sealed_secret,
            webhook.version,
            webhook.changed_at,
        ),
    )


async def save_webhook(unit: Unit, webhook: Webhook) -> None:
    """Store a webhook's next version; its secrets stay."""
    await unit.run(
        _SAVE,
        (
            webhook.id,
            webhook.url,
            webhook.description,
            webhook.notice_email,
            list(webhook.events),
            str(webhook.state),
            webhook.disabled_reason,
            webhook.disabled_at,
            webhook.failing_since,
            webhook.version,
            webhook.changed_at,
        ),
    )


async def save_new_secret(unit: Unit, webhook: Webhook, sealed: bytes) -> None:
    """Put a new secret in the place of the present one, which stays beside it until `old_secret_until`."""
    await unit.run(_ROTATE, (webhook.id, sealed, webhook.old_secret_until, webhook.changed_at))


async def remove_webhook(unit: Unit, webhook_id: UUID) -> None:
    """Remove a webhook with all its messages."""
    await unit.run("DELETE FROM webhook WHERE id = $1", (webhook_id,))


def webhook_of(row: Any) -> Webhook:  # noqa: ANN401 - a row of the columns above
    """A row as the domain knows it."""
    return Webhook(
        id=row.id,
        place_id=row.place_id,
        organisation_id=row.organisation_id,
        url=row.url,
        description=row.description,
        notice_email=row.notice_email,
        events=tuple(row.events),
        state=WebhookState(row.state),
        disabled_reason=row.disabled_reason,
        disabled_at=row.disabled_at,
        old_secret_until=row.old_secret_until,
        last_success_at=row.last_success_at,
        failing_since=row.failing_since,
        version=row.version,
        changed_at=row.changed_at,
    )
