"""What the sender reads and writes: whose queue is due, its next messages, and how each try went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.kit.database import Unit
from connective.partners.domain.webhooks import Webhook
from connective.partners.storage.deliveries import Delivery, delivery_of
from connective.partners.storage.webhooks import SealedSecrets, webhook_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one try went, and what follows from it."""

    delivery: Delivery
    at: datetime
    outcome: str
    status: int | None
    took_ms: int
    delivered: bool
    next_at: datetime | None
    """When to try again; None when it was delivered, or was tried for the last time."""
    pause_until: datetime | None = None
    gone: bool = False

    @property
    def given_up(self) -> bool:
        """Whether no further try follows although it was not delivered."""
        return not self.delivered and self.next_at is None


_DUE = """
SELECT w.id FROM webhook w
WHERE w.state = 'active' AND NOT w.held AND (w.not_before IS NULL OR w.not_before <= $1) AND w.id <> ALL($2::uuid[])
  AND EXISTS (SELECT FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'pending' AND d.next_at <= $1)
ORDER BY w.id LIMIT $3
"""
_WEBHOOK = """
SELECT * FROM webhook WHERE id = $1 AND state = 'active' AND NOT held AND (not_before IS NULL OR not_before <= $2)
"""
_NEXT = """
SELECT id, webhook_id, event_id, type, body, state, tries, created_at, next_at, ended_at FROM webhook_delivery
WHERE webhook_id = $1 AND state = 'pending' AND next_at <= $2 ORDER BY next_at, id LIMIT $3
"""
_LOG = """
INSERT INTO webhook_try (delivery_id, number, place_id, organisation_id, at, outcome, status, took_ms)
SELECT t.delivery_id, 1 + coalesce((SELECT max(number) FROM webhook_try WHERE delivery_id = t.delivery_id), 0),
  d.place_id, d.organisation_id, t.at, t.outcome, t.status, t.took_ms
FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::int[], $5::int[])
  AS t (delivery_id, at, outcome, status, took_ms)
JOIN webhook_delivery d ON d.id = t.delivery_id
"""
_END = """
UPDATE webhook_delivery d SET tries = d.tries + 1, state = t.state, next_at = t.next_at,
  ended_at = CASE WHEN t.state = 'pending' THEN NULL ELSE $4::timestamptz END
FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS t (id, state, next_at)
WHERE d.id = t.id AND d.state = 'pending'
"""
_HEALTH = """
UPDATE webhook SET last_success_at = CASE WHEN $2::boolean THEN $4::timestamptz ELSE last_success_at END,
  failing_since = CASE
    WHEN $2 AND NOT $3::boolean THEN NULL WHEN $3 THEN coalesce(failing_since, $4) ELSE failing_since END,
  not_before = $5::timestamptz
WHERE id = $1
"""
_DISABLE = """
UPDATE webhook SET state = 'disabled', disabled_reason = $2, disabled_at = $3, notified_at = NULL,
  version = version + 1, changed_at = $3
WHERE id = $1 AND state = 'active' RETURNING *
"""
_SET_ASIDE = """
UPDATE webhook_delivery SET state = 'set_aside', next_at = NULL, ended_at = $2
WHERE webhook_id = $1 AND state = 'pending'
"""
_UNTOLD = """
SELECT * FROM webhook WHERE state = 'disabled' AND disabled_reason <> 'by_request' AND notified_at IS NULL
  AND notice_email IS NOT NULL ORDER BY id LIMIT 100
"""
_HOLD = """
UPDATE webhook SET held = $4, organisation_version = $3
WHERE place_id = $1 AND organisation_id = $2 AND organisation_version < $3
"""


async def due_webhooks(unit: Unit, now: datetime, busy: Sequence[UUID], limit: int) -> list[UUID]:
    """Webhooks whose queue has something to send and that nobody works off at the moment."""
    return [row.id for row in await unit.fetch(_DUE, (now, list(busy), limit))]


async def next_messages(
    unit: Unit, webhook_id: UUID, now: datetime, limit: int
) -> tuple[Webhook, SealedSecrets, list[Delivery]] | None:
    """A webhook with its secrets and its next due messages; None when it is not to be sent to now."""
    row = await unit.fetch_one(_WEBHOOK, (webhook_id, now))
    if row is None:
        return None
    found = await unit.fetch(_NEXT, (webhook_id, now, limit))
    overlaps = row.old_secret_until is not None and row.old_secret_until > now
    secrets = SealedSecrets(row.secret, row.old_secret if overlaps else None)
    return webhook_of(row), secrets, [delivery_of(each) for each in found]


async def keep_outcomes(unit: Unit, webhook_id: UUID, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Keep how a batch of tries went: the log, what follows for each message, and the webhook's health."""
    ids = [each.delivery.id for each in outcomes]
    log = [
        [each.at for each in outcomes],
        [each.outcome for each in outcomes],
        [each.status for each in outcomes],
        [each.took_ms for each in outcomes],
    ]
    await unit.run(_LOG, (ids, *log))
    await unit.run(_END, (ids, [_state(each) for each in outcomes], [each.next_at for each in outcomes], now))
    succeeded, failed = (any(each.delivered is wanted for each in outcomes) for wanted in (True, False))
    pauses = [each.pause_until for each in outcomes if each.pause_until is not None]
    await unit.run(_HEALTH, (webhook_id, succeeded, failed, now, max(pauses, default=None)))


def _state(outcome: Outcome) -> str:
    if outcome.delivered:
        return "delivered"
    return "set_aside" if outcome.given_up else "pending"


async def disable_webhook(unit: Unit, webhook_id: UUID, reason: str, now: datetime) -> Webhook | None:
    """Disable it, with what waits set aside; None when somebody else has done so already."""
    row = await unit.fetch_one(_DISABLE, (webhook_id, reason, now))
    if row is None:
        return None
    await unit.run(_SET_ASIDE, (webhook_id, now))
    return webhook_of(row)


async def set_aside_waiting(unit: Unit, webhook_id: UUID, now: datetime) -> int:
    """Set aside whatever waits for a webhook."""
    return await unit.run(_SET_ASIDE, (webhook_id, now))


async def untold(unit: Unit) -> list[Webhook]:
    """Webhooks that were disabled without anybody's wish, and whose organisation was not written to yet."""
    return [webhook_of(row) for row in await unit.fetch(_UNTOLD)]


async def mark_told(unit: Unit, webhook_id: UUID, now: datetime) -> None:
    """Keep that the notice was sent."""
    await unit.run("UPDATE webhook SET notified_at = $2 WHERE id = $1", (webhook_id, now))


async def hold_webhooks(unit: Unit, place_id: UUID, organisation_id: UUID, version: int, *, held: bool) -> None:
    """Send nothing to an organisation's webhooks while it is suspended; an older fact changes nothing."""
    await unit.run(_HOLD, (place_id, organisation_id, version, held))
