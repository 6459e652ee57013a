"""A disclosure that was recorded and then not delivered is told to consent, so that its record says so.

Consent records before anything is shown, so whatever fails afterwards leaves a disclosure that nobody saw. The fact
goes through the outbox: consent may be away, and it is marked when it is back. A crash of this process between
recording and answering tells nothing: the record then errs on the side of having shown.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from connective.contracts.referral_events import DisclosureUndelivered
from connective.contracts.sharing import DisclosureAsked, NotDelivered
from connective.kit.actor import Actor
from connective.kit.logs import log
from connective.kit.problems import NotAllowed, Refusal, TooSlow, Unavailable
from connective.referrals.commands.room import Room


@dataclass(slots=True)
class Delivery:
    """What is known, so far, of one disclosure on its way."""

    disclosure_id: UUID
    recorded: bool | None = None
    """None until consent has answered: it may have recorded although its answer was lost."""


@asynccontextmanager
async def delivering(room: Room, actor: Actor, asked: DisclosureAsked) -> AsyncIterator[Delivery]:
    """What is done inside shows one disclosure to its reader; should it fail, consent is told that none saw it."""
    if asked.disclosure_id is None:
        raise ValueError("a disclosure on its way is named beforehand, so that its loss can be told")
    delivery = Delivery(asked.disclosure_id)
    try:
        yield delivery
    except Exception as failed:
        reason = reason_of(failed, delivery.recorded)
        if reason is not None:
            await _tell(room, actor, asked, delivery.disclosure_id, reason)
        raise


def reason_of(failed: Exception, recorded: bool | None) -> NotDelivered | None:
    """Why it was not delivered; None where nothing was recorded, so that nothing is to be marked."""
    if recorded is False:
        return None
    # A peer's clear no leaves as it came, or as the cause of the 503 that stands instead of it.
    refused_on_the_way = isinstance(failed, Unavailable) and isinstance(failed.__cause__, Refusal)
    if recorded is None:
        clear_no = refused_on_the_way or (isinstance(failed, Refusal) and not isinstance(failed, Unavailable))
        return None if clear_no else NotDelivered.DECISION_UNANSWERED
    if isinstance(failed, TooSlow):
        return NotDelivered.TOO_SLOW
    if refused_on_the_way:
        return NotDelivered.PERMIT_REFUSED
    if isinstance(failed, NotAllowed):
        return NotDelivered.CLOSED_MEANWHILE
    return NotDelivered.UNAVAILABLE if isinstance(failed, Unavailable) else NotDelivered.FAULT


async def _tell(room: Room, actor: Actor, asked: DisclosureAsked, disclosure_id: UUID, reason: NotDelivered) -> None:
    """Announce it in a transaction of its own; where even that fails, the reader is still answered why."""
    fact = DisclosureUndelivered(
        disclosure_id=disclosure_id,
        request_id=asked.request_id,
        recipient_organisation_id=asked.question.recipient_organisation_id,
        reason_code=reason,
        at=room.clock(),
    )
    try:
        async with room.database.unit(actor) as unit:
            unit.tell(fact, version=1)
    except Refusal as away:
        log().error("undelivered_not_told", error=type(away).__name__)
