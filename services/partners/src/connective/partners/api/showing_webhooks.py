"""From webhooks and their messages to what is answered: allow-lists, without secrets."""

from connective.partners.api.webhook_schemas import DeliveryOut, WebhookOut
from connective.partners.domain.webhooks import Webhook, WebhookState
from connective.partners.storage.deliveries import Delivery


def show_webhook(webhook: Webhook) -> WebhookOut:
    """A webhook as its organisation sees it."""
    possible = ["disable", "replay", "test"] if webhook.state is WebhookState.ACTIVE else ["enable"]
    return WebhookOut(
        id=webhook.id,
        url=webhook.url,
        events=list(webhook.events),
        description=webhook.description,
        notice_email=webhook.notice_email,
        state=webhook.state,
        disabled_reason=webhook.disabled_reason,
        disabled_at=webhook.disabled_at,
        old_secret_until=webhook.old_secret_until,
        last_success_at=webhook.last_success_at,
        failing_since=webhook.failing_since,
        version=webhook.version,
        changed_at=webhook.changed_at,
        allowed_actions=sorted([*possible, "change", "remove", "rotate_secret"]),
    )


def show_delivery(delivery: Delivery) -> DeliveryOut:
    """A message as its organisation sees it."""
    return DeliveryOut(
        id=delivery.id,
        webhook_id=delivery.webhook_id,
        message_id=delivery.event_id,
        type=delivery.type,
        state=delivery.state,
        tries=delivery.tries,
        created_at=delivery.created_at,
        next_try_at=delivery.next_at,
        ended_at=delivery.ended_at,
    )
