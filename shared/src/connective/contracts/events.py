"""Every fact the services announce: past tense, thin, and typed.

The gateway's are in `gateway_events`; what befalls people and cases is in `people_events`.

A payload holds identifiers, codes, times and the acting organisation; never a name, an address or free text. The
subject is `hub.<service>.<record>.<fact>`, the CloudEvents type is that with `.v1`. What a receiver may see beyond
the fact it fetches, so that permission is asked and the reading recorded.
"""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from connective.contracts import (  # noqa: F401 - their events are found below, as subclasses
    directory_events,
    erasure_events,
    gateway_events,
    officer_events,
    people_events,
    webhook_events,
)
from connective.contracts.categories import AssuranceLevel, Category, Purpose
from connective.contracts.event import Event
from connective.contracts.sharing import NotDelivered

# families


class _FamilyEvent(Event):
    about: ClassVar[str] = "family_id"
    family_id: UUID
    organisation_id: UUID


class FamilyRegistered(_FamilyEvent):
    """A family's record was opened by an organisation."""

    subject: ClassVar[str] = "hub.families.family.registered"
    person_ids: tuple[UUID, ...]


class FamilyChanged(_FamilyEvent):
    """Something of a family's record changed: who is in it, how they relate, where they are, what they need."""

    subject: ClassVar[str] = "hub.families.family.changed"
    changed: tuple[str, ...]
    """Codes of what changed: `people`, `relationships`, `address`, `contact`, `needs`, `case`, `team`."""


class RestrictionChanged(Event):
    """A restriction on a person began, was lifted, or names others."""

    subject: ClassVar[str] = "hub.families.restriction.changed"
    about: ClassVar[str] = "person_id"
    person_id: UUID
    kind: str
    active: bool
    named_organisation_ids: tuple[UUID, ...]
    named_actor_ids: tuple[str, ...] = ()
    """Accounts that may still see (whereabouts), or may not see at all (own record, conflict)."""


class FamiliesAudited(Event):
    """Somebody looked at or searched family records: who, what kind of act, which record; no content."""

    subject: ClassVar[str] = "hub.families.audit.recorded"
    about: ClassVar[str] = "act_id"
    act_id: UUID
    act: str
    actor_id: str
    organisation_id: UUID
    family_id: UUID | None
    person_ids: tuple[UUID, ...]
    purpose: str | None
    hits: int | None
    relation: str | None = None
    """What the reader was to the record: `keeper`, `team`, …; absent where the act is not about one record."""
    at: datetime


# referrals


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
    "overdue": "A clock was passed.",
    "paused": "The recipient paused its work.",
    "received": "The recipient opened it.",
    "redirect_proposed": "The recipient proposes another service: the referrer decides.",
    "redirect_refused": "The referrer keeps the request where it is.",
    "redirected": "The referrer sends the family to another service instead.",
    "released": "The hold was lifted.",
    "resumed": "The recipient took its work up again.",
    "started": "First contact was made.",
    "submitted": "It was sent to the recipient.",
    "waitlisted": "It waits for a place.",
    "withdrawn": "The referrer took it back.",
}

REQUEST_EVENTS: dict[str, type[RequestEvent]] = {
    fact: _request_event("Request" + fact.title().replace("_", ""), fact, doc) for fact, doc in REQUEST_FACTS.items()
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


class DisclosureUndelivered(Event):
    """A disclosure that consent recorded, or was asked to record, did not reach its reader: nothing was shown."""

    subject: ClassVar[str] = "hub.referrals.disclosure.undelivered"
    about: ClassVar[str] = "disclosure_id"
    disclosure_id: UUID
    request_id: UUID
    recipient_organisation_id: UUID
    reason_code: NotDelivered
    at: datetime


# partners


class OrganisationEvent(Event):
    """Base of every fact about an organisation; carries what other services keep of it."""

    about: ClassVar[str] = "organisation_id"
    organisation_id: UUID
    legal_entity_id: UUID
    kind: str
    state: str
    """`active` or `suspended`."""
    assurance_level: AssuranceLevel


class OrganisationRegistered(OrganisationEvent):
    """An organisation joined the place."""

    subject: ClassVar[str] = "hub.partners.organisation.registered"


class OrganisationChanged(OrganisationEvent):
    """An organisation's record changed."""

    subject: ClassVar[str] = "hub.partners.organisation.changed"


class OrganisationSuspended(OrganisationEvent):
    """No new requests to or from it, and no reading, until it is reinstated."""

    subject: ClassVar[str] = "hub.partners.organisation.suspended"


class OrganisationReinstated(OrganisationEvent):
    """The suspension ended."""

    subject: ClassVar[str] = "hub.partners.organisation.reinstated"


class ServiceEvent(Event):
    """Base of every fact about a service of the directory."""

    about: ClassVar[str] = "service_id"
    service_id: UUID
    organisation_id: UUID


class ServicePublished(ServiceEvent):
    """A service is in the directory."""

    subject: ClassVar[str] = "hub.partners.service.published"


class ServiceChanged(ServiceEvent):
    """A service's record changed: fetch it."""

    subject: ClassVar[str] = "hub.partners.service.changed"


class ServiceCapacityChanged(ServiceEvent):
    """A service has more or less room than before."""

    subject: ClassVar[str] = "hub.partners.service.capacity_changed"


class ServiceWithdrawn(ServiceEvent):
    """A service ended."""

    subject: ClassVar[str] = "hub.partners.service.withdrawn"


class HubChanged(Event):
    """A hub's area, coordinator or members changed."""

    subject: ClassVar[str] = "hub.partners.hub.changed"
    about: ClassVar[str] = "hub_id"
    hub_id: UUID


# consent


class ConsentEvent(Event):
    """Base of every fact about a consent record (permission under data-protection law, or agreement to engage)."""

    about: ClassVar[str] = "consent_id"
    consent_id: UUID
    kind: str
    """`agreement_to_engage` or `consent`."""
    person_ids: tuple[UUID, ...]
    recipient_organisation_ids: tuple[UUID, ...]
    """Empty means every recipient."""
    service_kinds: tuple[str, ...]
    """Empty means every kind of service."""
    purposes: tuple[Purpose, ...]
    categories: tuple[Category, ...]


class ConsentGiven(ConsentEvent):
    """A yes was recorded."""

    subject: ClassVar[str] = "hub.consent.consent.given"


class ConsentRefused(ConsentEvent):
    """A no was recorded."""

    subject: ClassVar[str] = "hub.consent.consent.refused"


class ConsentWithdrawn(ConsentEvent):
    """An earlier yes ended: requests that relied on it are held, and their views close."""

    subject: ClassVar[str] = "hub.consent.consent.withdrawn"


class ConsentExpired(ConsentEvent):
    """An earlier yes ran out."""

    subject: ClassVar[str] = "hub.consent.consent.expired"


class ObjectionRaised(Event):
    """A person objects to sharing: denied until an officer resolves it."""

    subject: ClassVar[str] = "hub.consent.objection.raised"
    about: ClassVar[str] = "objection_id"
    objection_id: UUID
    person_id: UUID
    recipient_organisation_ids: tuple[UUID, ...]


class ObjectionResolved(ObjectionRaised):
    """An officer resolved an objection."""

    subject: ClassVar[str] = "hub.consent.objection.resolved"
    upheld: bool


class AgreementEvent(Event):
    """Base of every fact about a data-sharing agreement."""

    about: ClassVar[str] = "agreement_id"
    agreement_id: UUID
    version: int
    legal_entity_ids: tuple[UUID, ...]
    ends_on: date | None


class AgreementActivated(AgreementEvent):
    """A version, signed by its parties, is in force."""

    subject: ClassVar[str] = "hub.consent.agreement.activated"


class AgreementSuperseded(AgreementEvent):
    """A later version took its place."""

    subject: ClassVar[str] = "hub.consent.agreement.superseded"


class AgreementSuspended(AgreementEvent):
    """Nothing moves under it until it is reinstated."""

    subject: ClassVar[str] = "hub.consent.agreement.suspended"


class AgreementReinstated(AgreementEvent):
    """The suspension ended."""

    subject: ClassVar[str] = "hub.consent.agreement.reinstated"


class AgreementExpired(AgreementEvent):
    """Its end date passed."""

    subject: ClassVar[str] = "hub.consent.agreement.expired"


class AgreementTerminated(AgreementEvent):
    """The parties ended it."""

    subject: ClassVar[str] = "hub.consent.agreement.terminated"


class AgreementReviewDue(AgreementEvent):
    """The day has come by which its parties agreed to review it; it stays in force."""

    subject: ClassVar[str] = "hub.consent.agreement.review_due"


class DisclosureRecorded(Event):
    """Data were shown or sent to another organisation, under a recorded decision."""

    subject: ClassVar[str] = "hub.consent.disclosure.recorded"
    about: ClassVar[str] = "disclosure_id"
    disclosure_id: UUID
    decision_id: UUID
    request_id: UUID | None
    discloser_organisation_id: UUID
    recipient_organisation_id: UUID
    categories: tuple[Category, ...]
    purpose: Purpose
    at: datetime


class OverrideUsed(Event):
    """A safeguarding override stood instead of the rules; the safeguarding lead reviews it within a working day."""

    subject: ClassVar[str] = "hub.consent.override.used"
    about: ClassVar[str] = "override_id"
    override_id: UUID
    decision_id: UUID
    organisation_id: UUID
    recipient_organisation_id: UUID
    review_by: datetime


class CheckpointSigned(Event):
    """The size and root of a place's ledger, signed: whoever keeps it can detect later changes."""

    subject: ClassVar[str] = "hub.consent.checkpoint.signed"
    about: ClassVar[str] = "checkpoint_id"
    checkpoint_id: UUID
    size: int
    root: str
    signature: str
    key_id: str
    at: datetime


def _leaves(cls: type[Event]) -> list[type[Event]]:
    own = [cls] if "subject" in vars(cls) else []
    return own + [leaf for sub in cls.__subclasses__() for leaf in _leaves(sub)]


EVENTS: dict[str, type[Event]] = {cls.subject: cls for cls in _leaves(Event)}
"""Every published fact by its subject."""

OUTWARD: frozenset[str] = frozenset(
    {
        "hub.consent.correction.announced",
        "hub.consent.disclosure.recorded",
        "hub.consent.override.review_overdue",
        "hub.consent.override.used",
        "hub.families.case.assessed",
        "hub.families.case.closed",
        "hub.families.case.opened",
        "hub.families.case.planned",
        "hub.families.case.reopened",
        "hub.families.case.reviewed",
        "hub.families.family.changed",
        "hub.families.family.registered",
        "hub.gateway.account.created",
        "hub.gateway.account.disabled",
        "hub.gateway.signin.failed_repeatedly",
        "hub.partners.hub.changed",
        "hub.partners.listing.noticed",
        "hub.partners.listing.report_answered",
        "hub.partners.listing.reported",
        "hub.partners.listing.stale",
    }
)
"""Facts that no service consumes: they are for partners' webhooks, officers and measurement."""
