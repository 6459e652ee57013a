"""What partners announces of webhooks: which one ended, and the fact that stands for a test."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from connective.contracts.event import Event


class WebhookDisabled(Event):
    """Nothing more is sent to a webhook: its receiver was silent for three days, or said that it is gone."""

    subject: ClassVar[str] = "hub.partners.webhook.disabled"
    about: ClassVar[str] = "webhook_id"
    webhook_id: UUID
    organisation_id: UUID
    reason_code: str
    at: datetime


class WebhookTested(Event):
    """Somebody asked for a message that means nothing, to see that it arrives."""

    subject: ClassVar[str] = "hub.partners.webhook.tested"
    about: ClassVar[str] = "webhook_id"
    webhook_id: UUID
    organisation_id: UUID
    at: datetime
