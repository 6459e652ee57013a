"""What partners takes and gives over HTTP. Unknown fields are refused; answers have no defaults."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator, with_config
from typing_extensions import TypedDict

from connective.contracts.categories import AssuranceLevel
from connective.contracts.sharing import SameDay
from connective.partners.api.assurance_schemas import LapsedOut
from connective.partners.api.parts import (
    AcknowledgeDays,
    Age,
    AreaBody,
    Areas,
    Attempts,
    Body,
    CapacityRow,
    Code,
    ContactBody,
    Contacts,
    CostBody,
    Costs,
    DecideDays,
    Email,
    HowToRefer,
    IdentifierBody,
    Identifiers,
    LanguageBody,
    Languages,
    LocationBody,
    Locations,
    Members,
    Name,
    Needs,
    OutwardPostcodes,
    Reaches,
    ScheduleBody,
    Schedules,
    ShortText,
    Telephone,
    Text,
    Url,
)
from connective.partners.domain.capacity import Room
from connective.partners.domain.codes import OrganisationKind, OrganisationState, ServiceStatus
from connective.partners.domain.particulars import Reach


class RegisterOrganisation(Body):
    """An organisation that joins the place."""

    name: Name
    kind: OrganisationKind
    legal_entity_id: UUID
    assurance_level: AssuranceLevel
    """What it has shown the place on joining; written into its dossier, which decides from then on."""
    identifiers: Identifiers = Field(default_factory=list)
    description: Text | None = None
    website: Url | None = None
    telephone: Telephone | None = None
    alternate_name: Name | None = None
    email: Email | None = None


@with_config(ConfigDict(extra="forbid"))
class ChangeOrganisation(TypedDict, total=False):
    """A merge patch (RFC 7396) of an organisation: what is absent stays, null takes a value away."""

    name: Name
    kind: OrganisationKind
    legal_entity_id: UUID
    identifiers: Identifiers
    description: Text | None
    website: Url | None
    telephone: Telephone | None
    alternate_name: Name | None
    email: Email | None


class ReasonBody(Body):
    """Why an organisation is suspended or reinstated; kept, and shown to nobody outside the place's administration."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]


class OrganisationOut(BaseModel):
    """One organisation."""

    id: UUID
    name: str
    kind: OrganisationKind
    legal_entity_id: UUID | None
    identifiers: list[IdentifierBody]
    org_ids: list[str]
    """Its identifiers as org-id.guide writes them, such as GB-CHC-1155856."""
    description: str | None
    website: str | None
    telephone: str | None
    alternate_name: str | None
    email: str | None
    state: OrganisationState
    assurance_level: AssuranceLevel
    listed_only: bool
    """True for one that was read from a file and has joined nothing."""
    reporting_route: bool
    """True where concerns are phoned to: it never receives a request."""
    source: str | None
    version: int
    changed_at: datetime
    allowed_actions: list[str]


class PublishService(Body):
    """A service that an organisation offers."""

    organisation_id: UUID
    name: Name
    kind: Code
    needs: Needs = Field(default_factory=list)
    """Left out, those that its kind usually answers."""
    status: ServiceStatus = ServiceStatus.ACTIVE
    description: Text | None = None
    url: Url | None = None
    telephone: Telephone | None = None
    how_to_refer: HowToRefer | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    areas: Areas = Field(default_factory=list)
    locations: Locations = Field(default_factory=list)
    schedules: Schedules = Field(default_factory=list)
    sensitive: bool | None = None
    """Left out, as its kind is."""
    confidential_to_young_person: bool = False
    assured_on: date | None = None
    takes_requests: bool = True
    acknowledge_within_days: AcknowledgeDays = 2
    decide_within_days: DecideDays = 10
    contact_attempts_promised: Attempts = 3
    same_day: SameDay | None = None
    alternate_name: Name | None = None
    email: Email | None = None
    eligibility: Text | None = None
    fees: Text | None = None
    interpretation: Text | None = None
    alert: Text | None = None
    reach: Reaches = Field(default_factory=list)
    costs: Costs = Field(default_factory=list)
    languages: Languages = Field(default_factory=list)
    contacts: Contacts = Field(default_factory=list)


@with_config(ConfigDict(extra="forbid"))
class ChangeService(TypedDict, total=False):
    """A merge patch (RFC 7396) of a service: what is absent stays, null takes a value away."""

    name: Name
    kind: Code
    needs: Needs
    status: ServiceStatus
    description: Text | None
    url: Url | None
    telephone: Telephone | None
    how_to_refer: HowToRefer | None
    minimum_age: Age | None
    maximum_age: Age | None
    areas: Areas
    locations: Locations
    schedules: Schedules
    sensitive: bool
    confidential_to_young_person: bool
    assured_on: date | None
    takes_requests: bool
    acknowledge_within_days: AcknowledgeDays
    decide_within_days: DecideDays
    contact_attempts_promised: Attempts
    same_day: SameDay | None
    alternate_name: Name | None
    email: Email | None
    eligibility: Text | None
    fees: Text | None
    interpretation: Text | None
    alert: Text | None
    reach: Reaches
    costs: Costs
    languages: Languages
    contacts: Contacts


class CapacityBody(Body):
    """How much room a service has now: one row, or several in `rows`. What is told takes the place of all before."""

    available: Annotated[int, Field(ge=0, le=100_000)] | None = None
    maximum: Annotated[int, Field(ge=0, le=100_000)] | None = None
    unit: ShortText = "places"
    audience: ShortText | None = None
    waiting_weeks: Annotated[int, Field(ge=0, le=520)] | None = None
    rows: Annotated[list[CapacityRow], Field(max_length=40)] | None = None

    @model_validator(mode="after")
    def _one_or_several(self) -> "CapacityBody":
        if (self.available is None) == (self.rows is None):
            raise ValueError("Give either available, for one row, or rows.")
        if self.available is not None and self.maximum is not None and self.available > self.maximum:
            raise ValueError("More is available than there is at the most.")
        return self


class CapacityOut(BaseModel):
    """Room as it was told at one moment."""

    available: int
    maximum: int | None
    unit: str
    audience: str | None
    waiting_weeks: int | None
    as_of: datetime


class RoomOut(BaseModel):
    """How much room a service says it has; asked without saying for whom. A sensitive service shows none of it."""

    service_id: UUID
    room: Room
    rows: list[CapacityOut]


class ServiceOut(BaseModel):
    """One service. To others a sensitive service shows neither its room nor where it is."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
    organisation_active: bool
    name: str
    kind: str
    needs: list[str]
    status: ServiceStatus
    description: str | None
    url: str | None
    telephone: str | None
    how_to_refer: str | None
    minimum_age: int | None
    maximum_age: int | None
    areas: list[AreaBody]
    locations: list[LocationBody]
    schedules: list[ScheduleBody]
    sensitive: bool
    confidential_to_young_person: bool
    assured_on: date | None
    assured_until: date | None
    lapsed: list[LapsedOut]
    """What its organisation had shown and that is out of date; nothing is blocked by it beyond the assurance level."""
    takes_requests: bool
    acknowledge_within_days: int
    decide_within_days: int
    contact_attempts_promised: int
    same_day: SameDay | None
    room: Room
    capacity: CapacityOut | None
    """The first row, for those who count one thing."""
    capacities: list[CapacityOut]
    alternate_name: str | None
    email: str | None
    eligibility: str | None
    fees: str | None
    interpretation: str | None
    alert: str | None
    reach: list[Reach]
    costs: list[CostBody]
    languages: list[LanguageBody]
    contacts: list[ContactBody]
    source: str | None
    licence: str | None
    version: int
    changed_at: datetime
    allowed_actions: list[str]


class SetUpHub(Body):
    """A hub: an area-based group of organisations with a coordinator."""

    name: Name
    outward_postcodes: OutwardPostcodes = Field(default_factory=list)
    coordinator_account_id: UUID | None = None
    member_organisation_ids: Members = Field(default_factory=list)


@with_config(ConfigDict(extra="forbid"))
class ChangeHub(TypedDict, total=False):
    """A merge patch (RFC 7396) of a hub: what is absent stays, null takes a value away."""

    name: Name
    outward_postcodes: OutwardPostcodes
    coordinator_account_id: UUID | None
    member_organisation_ids: Members


class HubOut(BaseModel):
    """One hub."""

    id: UUID
    name: str
    outward_postcodes: list[str]
    coordinator_account_id: UUID | None
    member_organisation_ids: list[UUID]
    version: int
    changed_at: datetime
    allowed_actions: list[str]
