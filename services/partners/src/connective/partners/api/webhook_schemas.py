"""What is taken and given about webhooks over HTTP."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, with_config
from typing_extensions import TypedDict

from connective.partners.api.parts import Body, ShortText
from connective.partners.domain.webhooks import DeliveryState, WebhookState

WebhookUrl = Annotated[str, StringConstraints(min_length=10, max_length=400, pattern=r"^https?://[!-~]+$")]
EventKind = Annotated[
    str, StringConstraints(pattern=r"^hub(\.[a-z_]{1,40}){2}(\.[a-z_]{1,40}\.v1|\.\*)$", max_length=120)
]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s<>,;:\"]{1,64}@[A-Za-z0-9.-]{1,180}$", max_length=250)]
Events = Annotated[list[EventKind], Field(min_length=1, max_length=60)]


class SetUpWebhook(Body):
    """Where messages go, and of what."""

    url: WebhookUrl
    """HTTPS, on port 443 or 8443, on the public internet."""
    events: Events
    """Types of events, such as `hub.referrals.request.submitted.v1`; or kinds, such as `hub.referrals.request.*`."""
    description: ShortText | None = None
    notice_email: Email | None = None
    """Whom to write to when the webhook is disabled: a mailbox of the system's keepers, not a person's own."""


@with_config(ConfigDict(extra="forbid"))
class ChangeWebhook(TypedDict, total=False):
    """A merge patch (RFC 7396) of a webhook: what is absent stays, null takes a value away."""

    url: WebhookUrl
    events: Events
    description: ShortText | None
    notice_email: Email | None


class RotateSecret(Body):
    """How long the former secret goes on signing beside the new one; 0 where it leaked."""

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24


class ReplaySince(Body):
    """From when on what was set aside is sent again."""

    since: AwareDatetime


class WebhookOut(BaseModel):
    """A webhook; its secret is shown once, when it is made."""

    id: UUID
    url: str
    events: list[str]
    description: str | None
    notice_email: str | None
    state: WebhookState
    disabled_reason: str | None
    disabled_at: datetime | None
    old_secret_until: datetime | None
    """Until then two signatures go with every message, the second under the former secret."""
    last_success_at: datetime | None
    failing_since: datetime | None
    version: int
    changed_at: datetime
    allowed_actions: list[str]


class WebhookWithSecretOut(WebhookOut):
    """A webhook with its new secret: shown now and never again, and null in the answer to a repetition."""

    secret: str | None


class DeliveryOut(BaseModel):
    """One message and what became of it."""

    id: UUID
    webhook_id: UUID
    message_id: UUID
    """What `webhook-id` says: the event's id, the same over every try and replay."""
    type: str
    state: DeliveryState
    tries: int
    """Since it was queued, or replayed."""
    created_at: datetime
    next_try_at: datetime | None
    ended_at: datetime | None


class TryOut(BaseModel):
    """One try. `outcome` says what went wrong; nothing of an answer is kept but its status."""

    number: int
    at: datetime
    outcome: str
    status: int | None
    took_ms: int


class DeliveryWithTriesOut(DeliveryOut):
    """One message with what was sent, and every try."""

    payload: str
    log: list[TryOut]
