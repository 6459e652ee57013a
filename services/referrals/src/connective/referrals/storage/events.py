"""From what happened to what is announced: thin events, never a name or a word of anybody's."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.contracts.referral_events import (
    REQUEST_EVENTS,
    MessagePosted,
    ReferralMade,
    ReferralsAudited,
    RequestEvent,
)
from connective.kit.actor import Actor
from connective.kit.database import fetch
from connective.kit.ids import new_id
from connective.referrals.domain.attachments import Attachment
from connective.referrals.domain.referral import Referral
from connective.referrals.domain.request import Fact, Request
from connective.referrals.storage.objects import Untold

SUBMITTED = REQUEST_EVENTS["submitted"].subject
"""While this fact of a request waits in the outbox, its recipient has not been told: the referrer sees it as queued."""
_IS_QUEUED = "SELECT FROM outbox WHERE aggregate_id = $1 AND subject = $2 AND published_at IS NULL LIMIT 1"
MESSAGE_POSTED = "message_posted"
"""A fact of the request's history that is announced as one of the thread, for those who listen to that alone."""


def request_event(request: Request, fact: Fact) -> RequestEvent:
    """The event of one fact about one request, as it stands after it."""
    kind = MessagePosted if fact.name == MESSAGE_POSTED else REQUEST_EVENTS[fact.name]
    return kind(
        request_id=request.id,
        referral_id=request.referral_id,
        family_id=request.family_id,
        referrer_organisation_id=request.referrer_organisation_id,
        recipient_organisation_id=request.recipient_organisation_id,
        service_id=request.service_id,
        service_kind=request.service_kind,
        sensitive=request.sensitive,
        state=str(request.state),
        by_organisation_id=fact.by.organisation_id,
        reason_code=fact.reason_code,
        reference=request.reference,
        at=fact.at,
        sent=request.submitted_at is not None,
        escalated_to=fact.escalated_to,
    )


async def is_queued(connection: AsyncConnection, request_id: UUID) -> bool:
    """Whether the request was sent and the broker has not taken that yet."""
    return bool(await fetch(connection, _IS_QUEUED, (request_id, SUBMITTED)))


def referral_made(referral: Referral, requests: Sequence[Request]) -> ReferralMade:
    """The event of a referral, whatever became of its requests."""
    return ReferralMade(
        referral_id=referral.id,
        family_id=referral.family_id,
        organisation_id=referral.organisation_id,
        request_ids=tuple(request.id for request in requests),
    )


def audited(
    actor: Actor, act: str, at: datetime, *, family_id: UUID | None, request_id: UUID | None = None
) -> ReferralsAudited:
    """Somebody read a record of their own organisation: consent enters it into the ledger."""
    return ReferralsAudited(
        act_id=new_id(),
        act=act,
        actor_id=actor.id,
        organisation_id=actor.organisation,
        family_id=family_id,
        request_id=request_id,
        at=at,
    )


def audited_by_hub(act: str, at: datetime, file: Attachment) -> ReferralsAudited:
    """The Hub itself did something with a file of an organisation's: consent enters it into the ledger."""
    return ReferralsAudited(
        act_id=new_id(),
        act=act,
        actor_id="service:referrals",
        organisation_id=file.organisation_id,
        family_id=file.family_id,
        request_id=file.request_id,
        at=at,
    )


def audited_of(opening: Untold, act: str, at: datetime) -> ReferralsAudited:
    """What the Hub found out about an opening of a file, as an act of whoever opened it."""
    return ReferralsAudited(
        act_id=new_id(),
        act=act,
        actor_id=opening.actor_id,
        organisation_id=opening.organisation_id,
        family_id=opening.family_id,
        request_id=opening.request_id,
        at=at,
    )
