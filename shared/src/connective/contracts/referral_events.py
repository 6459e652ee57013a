"""What referrals announces: referrals, transitions of requests, files, vouchers, signposts, intakes, readings."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from connective.contracts.event import Event
from connective.contracts.sharing import NotDelivered


class ReferralMade(Event):
    """A worker made a referral: its requests follow each on their own."""

    subject: ClassVar[str] = "hub.referrals.referral.made"
    about: ClassVar[str] = "referral_id"
    referral_id: UUID
    family_id: UUID
    organisation_id: UUID
    request_ids: tuple[UUID, ...]


class RequestEvent(Event):
    """Base of every fact about one request."""

    about: ClassVar[str] = "request_id"
    request_id: UUID
    referral_id: UUID
    family_id: UUID
    referrer_organisation_id: UUID
    recipient_organisation_id: UUID
    service_id: UUID
    service_kind: str
    sensitive: bool
    state: str
    by_organisation_id: UUID | None
    """None when the Hub's clock or a withdrawal acted."""
    reason_code: str | None = None
    reference: str
    at: datetime
    sent: bool = False
    """Whether the recipient knows of it: a draft, a blocked one, and one taken back unread it does not."""
    escalated_to: UUID | None = None
    """The account of the hub coordinator who is to act on what is overdue; None where no hub's coordinator is known."""


def _request_event(name: str, fact: str, doc: str) -> type[RequestEvent]:
    return type(
        name,
        (RequestEvent,),
        {
            "__doc__": doc,
            "__module__": __name__,
            "subject": f"hub.referrals.request.{fact}",
            "__annotations__": {"subject": ClassVar[str]},
        },
    )


REQUEST_FACTS: dict[str, str] = {
    "accepted": "The recipient will help.",
    "amended": "The referrer sent a new version.",
    "answered": "The referrer answered the recipient's question.",
    "blocked": "Sharing is not permitted; nothing was sent.",
    "completed": "The recipient closed the request with an outcome.",
    "corrected": "The referrer took it back unread to correct it.",
    "declined": "The recipient will not help, with a reason.",
    "held": "The Hub or a coordinator put it on hold.",
    "information_requested": "The recipient asked the referrer something.",
    "lapsed": "Its time ran out unanswered.",
    "not_engaged": "The service tried to reach the family as often as it promises, in vain: silence can be a sign.",
    "overdue": "A clock was passed.",
    "paused": "The recipient paused its work.",
    "received": "The recipient opened it.",
    "redirect_proposed": "The recipient proposes another service: the referrer decides.",
    "redirect_refused": "The referrer keeps the request where it is.",
    "redirected": "The referrer sends the family to another service instead.",
    "released": "The hold was lifted.",
    "resumed": "The recipient took its work up again.",
    "second_look_answered": "The recipient looked at its no again, and said what it came to.",
    "second_look_asked": "The referrer asked that a no be looked at again.",
    "started": "First contact was made.",
    "submitted": "It was sent to the recipient.",
    "waitlisted": "It waits for a place.",
    "withdrawn": "The referrer took it back.",
}

REQUEST_EVENTS: dict[str, type[RequestEvent]] = {
    fact: _request_event("Request" + fact.title().replace("_", ""), fact, doc) for fact, doc in REQUEST_FACTS.items()
}


class MessagePosted(RequestEvent):
    """One side wrote to the other about a request. What it says is fetched, so that permission is asked."""

    subject: ClassVar[str] = "hub.referrals.message.posted"


class AttachmentEvent(Event):
    """Base of every fact about a file that goes with a request: ids and codes, never its name."""

    about: ClassVar[str] = "attachment_id"
    attachment_id: UUID
    request_id: UUID
    referrer_organisation_id: UUID
    recipient_organisation_id: UUID
    by_organisation_id: UUID
    """Whose file it is."""
    service_id: UUID
    reference: str
    """Of the request, as people speak it."""
    kind: str | None
    state: str
    reason_code: str | None = None
    sent: bool = False
    """Whether the recipient knows of the request."""
    at: datetime


class AttachmentReceived(AttachmentEvent):
    """Its content came, and is kept apart until it was scanned; only whose file it is hears of this."""

    subject: ClassVar[str] = "hub.referrals.attachment.received"


class AttachmentReleased(AttachmentEvent):
    """It was scanned and made anew: whoever may see what it reveals can fetch it."""

    subject: ClassVar[str] = "hub.referrals.attachment.released"


class AttachmentRefused(AttachmentEvent):
    """Its content was removed: malware, a lock, scripts, damage. Only whose file it is hears of this."""

    subject: ClassVar[str] = "hub.referrals.attachment.refused"


class AttachmentRemoved(AttachmentEvent):
    """Its side took it back; nobody can fetch it any more."""

    subject: ClassVar[str] = "hub.referrals.attachment.removed"


ATTACHMENT_EVENTS: dict[str, type[AttachmentEvent]] = {
    "received": AttachmentReceived,
    "refused": AttachmentRefused,
    "released": AttachmentReleased,
    "removed": AttachmentRemoved,
}


class ReferralsAudited(Event):
    """Somebody read a referral or request of their own organisation."""

    subject: ClassVar[str] = "hub.referrals.audit.recorded"
    about: ClassVar[str] = "act_id"
    act_id: UUID
    act: str
    actor_id: str
    organisation_id: UUID
    family_id: UUID | None
    request_id: UUID | None
    at: datetime


class VoucherEvent(Event):
    """Base of every fact about a voucher; says neither the request nor the family it stands for."""

    about: ClassVar[str] = "voucher_id"
    voucher_id: UUID
    service_id: UUID
    issuer_organisation_id: UUID
    recipient_organisation_id: UUID
    reference: str
    expires_at: datetime
    at: datetime


class VoucherIssued(VoucherEvent):
    """A family may present it: a reference, counts and packing notes, without a name."""

    subject: ClassVar[str] = "hub.referrals.voucher.issued"


class VoucherUsed(VoucherEvent):
    """The family presented it and was helped."""

    subject: ClassVar[str] = "hub.referrals.voucher.used"


class VoucherCancelled(VoucherEvent):
    """Its issuer took it back."""

    subject: ClassVar[str] = "hub.referrals.voucher.cancelled"


class VoucherExpired(VoucherEvent):
    """Nobody presented it in time."""

    subject: ClassVar[str] = "hub.referrals.voucher.expired"


class SignpostGiven(Event):
    """A family was told about a service, and nothing was shared; for its own chronology, never for the service."""

    subject: ClassVar[str] = "hub.referrals.signpost.given"
    about: ClassVar[str] = "signpost_id"
    signpost_id: UUID
    family_id: UUID
    organisation_id: UUID
    service_kind: str | None
    """None for a sensitive service, which is not named."""
    sensitive: bool
    at: datetime


class IntakeEvent(Event):
    """Base of every fact about an intake: people sent from outside, whom a person matches; says nothing of who."""

    about: ClassVar[str] = "intake_id"
    intake_id: UUID
    service_id: UUID
    sender_organisation_id: UUID | None
    """None where the family asked by itself."""
    recipient_organisation_id: UUID
    reference: str
    state: str
    reason_code: str | None = None
    at: datetime


class IntakeReceived(IntakeEvent):
    """It waits for a person of the recipient to match it."""

    subject: ClassVar[str] = "hub.referrals.intake.received"


class IntakeMatched(IntakeEvent):
    """A person of the recipient found or made the family's record; what was sent is kept there alone."""

    subject: ClassVar[str] = "hub.referrals.intake.matched"


class IntakeClosed(IntakeEvent):
    """The recipient answered without a record: helped at once, or not, with a reason."""

    subject: ClassVar[str] = "hub.referrals.intake.closed"


class IntakeWithdrawn(IntakeEvent):
    """The sender took it back before anybody had matched it."""

    subject: ClassVar[str] = "hub.referrals.intake.withdrawn"


class IntakeOverdue(IntakeEvent):
    """Nobody has matched it in time: whoever does is reminded, and then the coordinator of their hub told."""

    subject: ClassVar[str] = "hub.referrals.intake.overdue"
    escalated_to: UUID | None = None
    """As in RequestEvent."""


class IntakeLapsed(IntakeEvent):
    """Nobody matched it in four weeks; what was sent is gone."""

    subject: ClassVar[str] = "hub.referrals.intake.lapsed"


class DisclosureUndelivered(Event):
    """A disclosure that consent recorded, or was asked to record, did not reach its reader: nothing was shown."""

    subject: ClassVar[str] = "hub.referrals.disclosure.undelivered"
    about: ClassVar[str] = "disclosure_id"
    disclosure_id: UUID
    request_id: UUID
    recipient_organisation_id: UUID
    reason_code: NotDelivered
    at: datetime
