"""What partners takes and gives over HTTP. Unknown fields are refused; answers have no defaults."""

from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator, with_config
from typing_extensions import TypedDict

from connective.contracts.categories import AssuranceLevel
from connective.contracts.sharing import SameDay, WallTime
from connective.partners.domain.areas import AreaKind
from connective.partners.domain.capacity import Room
from connective.partners.domain.codes import LocationType, OrganisationKind, OrganisationState, ServiceStatus
from connective.partners.domain.identifiers import Scheme

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?$", max_length=400)]
Telephone = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9 ]{2,15}$")]
PostcodeText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=12)]
Age = Annotated[int, Field(ge=0, le=120)]


def _local(value: time) -> time:
    """A time of day without an offset: opening hours are the place's own."""
    if value.tzinfo is not None:
        raise ValueError("Give the local time, without an offset.")
    return value


LocalTime = Annotated[WallTime, AfterValidator(_local)]
Weekday = Annotated[int, Field(ge=1, le=7)]


class Body(BaseModel):
    """Base of what is sent to us: nothing unknown is let in."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class IdentifierBody(Body):
    """One number in one register."""

    scheme: Scheme
    value: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class AreaBody(Body):
    """One area served."""

    kind: AreaKind
    code: Annotated[str, StringConstraints(max_length=12)] | None = None
    metres: Annotated[int, Field(ge=1, le=50_000)] | None = None


class LocationBody(Body):
    """One place where the service is given. The postcode puts it on the map; coordinates do where there is none."""

    kind: LocationType = LocationType.PHYSICAL
    name: ShortText | None = None
    address: Annotated[list[ShortText], Field(max_length=8)] = []
    postcode: PostcodeText | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None


class ScheduleBody(Body):
    """One set of opening hours, in the place's local time."""

    weekdays: Annotated[list[Weekday], Field(max_length=7)] = []
    opens_at: LocalTime | None = None
    closes_at: LocalTime | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    weekly: bool = True
    description: Annotated[str, StringConstraints(max_length=1000)] | None = None


Identifiers = Annotated[list[IdentifierBody], Field(max_length=10)]
Needs = Annotated[list[Code], Field(max_length=40)]
HowToRefer = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Areas = Annotated[list[AreaBody], Field(max_length=200)]
Locations = Annotated[list[LocationBody], Field(max_length=50)]
Schedules = Annotated[list[ScheduleBody], Field(max_length=50)]
AcknowledgeDays = Annotated[int, Field(ge=1, le=60)]
DecideDays = Annotated[int, Field(ge=1, le=260)]
Attempts = Annotated[int, Field(ge=1, le=10)]
Outward = Annotated[str, StringConstraints(min_length=2, max_length=4)]
OutwardPostcodes = Annotated[list[Outward], Field(max_length=100)]
Members = Annotated[list[UUID], Field(max_length=500)]


class RegisterOrganisation(Body):
    """An organisation that joins the place."""

    name: Name
    kind: OrganisationKind
    legal_entity_id: UUID
    assurance_level: AssuranceLevel
    identifiers: Identifiers = []
    description: Text | None = None
    website: Url | None = None
    telephone: Telephone | None = None


@with_config(ConfigDict(extra="forbid"))
class ChangeOrganisation(TypedDict, total=False):
    """A merge patch (RFC 7396) of an organisation: what is absent stays, null takes a value away."""

    name: Name
    kind: OrganisationKind
    legal_entity_id: UUID
    assurance_level: AssuranceLevel
    identifiers: Identifiers
    description: Text | None
    website: Url | None
    telephone: Telephone | None


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
    description: str | None
    website: str | None
    telephone: str | None
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
    needs: Needs = []
    """Left out, those that its kind usually answers."""
    status: ServiceStatus = ServiceStatus.ACTIVE
    description: Text | None = None
    url: Url | None = None
    telephone: Telephone | None = None
    how_to_refer: HowToRefer | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    areas: Areas = []
    locations: Locations = []
    schedules: Schedules = []
    sensitive: bool | None = None
    """Left out, as its kind is."""
    confidential_to_young_person: bool = False
    assured_on: date | None = None
    takes_requests: bool = True
    acknowledge_within_days: AcknowledgeDays = 2
    decide_within_days: DecideDays = 10
    contact_attempts_promised: Attempts = 3
    same_day: SameDay | None = None


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


class CapacityBody(Body):
    """How much room a service has now."""

    available: Annotated[int, Field(ge=0, le=100_000)]
    maximum: Annotated[int, Field(ge=0, le=100_000)] | None = None
    unit: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] = "places"
    waiting_weeks: Annotated[int, Field(ge=0, le=520)] | None = None

    @model_validator(mode="after")
    def _within_maximum(self) -> "CapacityBody":
        if self.maximum is not None and self.available > self.maximum:
            raise ValueError("More is available than there is at the most.")
        return self


class CapacityOut(BaseModel):
    """Room as it was told at one moment."""

    available: int
    maximum: int | None
    unit: str
    waiting_weeks: int | None
    as_of: datetime


class ServiceOut(BaseModel):
    """One service. To others a sensitive service shows neither its room nor where it is."""

    id: UUID
    organisation_id: UUID
    organisation_name: str
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
    takes_requests: bool
    acknowledge_within_days: int
    decide_within_days: int
    contact_attempts_promised: int
    same_day: SameDay | None
    room: Room
    capacity: CapacityOut | None
    source: str | None
    version: int
    changed_at: datetime
    allowed_actions: list[str]


class SearchServices(Body):
    """What help is looked for: codes and ages, never a name. The postcode serves this one answer and is not kept."""

    needs: Annotated[list[Code], Field(min_length=1, max_length=20)]
    ages: Annotated[list[Age], Field(max_length=30)] = []
    postcode: PostcodeText | None = None
    """Left out where the family's whereabouts are restricted."""
    day: date | None = None
    radius_km: Annotated[float, Field(ge=1, le=50)] = 15
    limit: Annotated[int, Field(ge=1, le=100)] = 25


class ReasonOut(BaseModel):
    """Why a service is in the answer, or is not."""

    code: str
    sentence: str


class MatchOut(BaseModel):
    """A service that can help, with the reasons for its place in the list."""

    service_id: UUID
    organisation_id: UUID
    organisation_name: str
    name: str
    kind: str
    needs: list[str]
    """Those of the needs asked about that it answers."""
    distance_km: float | None
    room: Room
    takes_requests: bool
    telephone: str | None
    url: str | None
    how_to_refer: str | None
    sensitive: bool
    reasons: list[ReasonOut]


class LeftOutOut(BaseModel):
    """A service that answers the need but cannot help this family, and why."""

    service_id: UUID
    organisation_name: str
    name: str
    kind: str
    distance_km: float | None
    telephone: str | None
    reasons: list[ReasonOut]


class SearchOut(BaseModel):
    """The answer: best first, then what was left out, nearest first."""

    items: list[MatchOut]
    left_out: list[LeftOutOut]
    postcode_known: bool | None
    """Null without a postcode; false when only its first half could be used, so that no distance is told."""


class SetUpHub(Body):
    """A hub: an area-based group of organisations with a coordinator."""

    name: Name
    outward_postcodes: OutwardPostcodes = []
    coordinator_account_id: UUID | None = None
    member_organisation_ids: Members = []


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
