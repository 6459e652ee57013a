"""What the clock does for webhooks: tells organisations of those that were disabled, and forgets old messages."""

from datetime import datetime, timedelta

from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.logs import log
from connective.kit.mail import Mail, Post
from connective.partners.storage.deliveries import forget_ended
from connective.partners.storage.sending import mark_told, untold

KEPT = timedelta(days=35)
"""How long an ended message and its log are kept: as long as the events themselves."""
_AT_ONCE = 5000
_WORKER = service_actor("partners")
_TEXT = """\
Nothing more is sent to one of your webhooks: {reason}.

Webhook: {webhook_id}

What was not delivered is kept for 35 days. Mend the receiver, enable the webhook, and replay what was set aside; or
read what you missed from the feed of changes. The partner's guide says how.
"""
_REASONS = {
    "gone": "its address answered that it is gone (410)",
    "no_success_for_three_days": "no message arrived there for three days",
}


async def tell_of_disabled(database: Database, post: Post, now: datetime) -> None:
    """Write to whoever is named at a webhook that was disabled without anybody's wish.

    Mail that cannot be sent now is sent at the next turn; two workers may write twice.
    """
    async with database.unit(_WORKER) as unit:
        waiting = await untold(unit)
    for webhook in waiting:
        text = _TEXT.format(reason=_REASONS.get(str(webhook.disabled_reason), "it failed"), webhook_id=webhook.id)
        try:
            await post.send(Mail(str(webhook.notice_email), "A webhook of yours was disabled", text))
        except OSError as error:
            log().warning("notice_not_sent", error=type(error).__name__)
            continue
        async with database.unit(_WORKER) as unit:
            await mark_told(unit, webhook.id, now)


async def forget_old_messages(database: Database, now: datetime) -> None:
    """Remove messages that ended 35 days ago, in short transactions."""
    removed = _AT_ONCE
    while removed == _AT_ONCE:
        async with database.unit(_WORKER) as unit:
            removed = await forget_ended(unit, now - KEPT, _AT_ONCE)
