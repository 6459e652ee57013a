"""What partners announces of organisations, services and hubs."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from connective.contracts.categories import AssuranceLevel
from connective.contracts.event import Event


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


class PartnersAudited(Event):
    """An organisation joined, changed, was suspended or reinstated: by whom, and which; why is kept beside it."""

    subject: ClassVar[str] = "hub.partners.audit.recorded"
    about: ClassVar[str] = "act_id"
    act_id: UUID
    act: str
    actor_id: str
    organisation_id: UUID | None
    """For whom they acted."""
    subject_organisation_id: UUID
    """Which organisation it was done to."""
    changed: tuple[str, ...] = ()
    """Which of its particulars, by name."""
    at: datetime


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
    coordinator_account_id: UUID | None = None
    member_organisation_ids: tuple[UUID, ...] = ()


class AssuranceEvent(Event):
    """Base of what the clock says of one item that an organisation has shown."""

    about: ClassVar[str] = "organisation_id"
    organisation_id: UUID
    kind: str
    """A code of the rules of assurance, such as `insurance`."""
    expires_on: date
    """The last day the item vouches."""
    assurance_level: AssuranceLevel
    """The organisation's level now; where it changed, `organisation.changed` says so too."""


class AssuranceExpiring(AssuranceEvent):
    """Something that an organisation has shown nears its end: it is to be shown anew."""

    subject: ClassVar[str] = "hub.partners.assurance.expiring"
    within_days: int
    """Which notice this is, in days before the end: 28, then 7."""


class AssuranceLapsed(AssuranceEvent):
    """Something that an organisation had shown is out of date: workers are shown that before a request goes."""

    subject: ClassVar[str] = "hub.partners.assurance.lapsed"
