"""The parts of what partners takes and gives over HTTP: what organisations, services and hubs are made of."""

from datetime import date, time
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints, model_validator

from connective.contracts.sharing import WallTime
from connective.partners.domain.areas import AreaKind
from connective.partners.domain.codes import LocationType
from connective.partners.domain.identifiers import Scheme
from connective.partners.domain.particulars import Reach

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?$", max_length=400)]
Telephone = Annotated[str, StringConstraints(pattern=r"^[0-9][0-9 ]{2,15}$")]
PostcodeText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=12)]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$", max_length=254)]
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


class AccessibilityBody(Body):
    """One thing that makes a site usable for people with a disability."""

    description: ShortText
    details: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)] | None = None
    url: Url | None = None


class LocationBody(Body):
    """One place where the service is given. The postcode puts it on the map; coordinates do where there is none."""

    kind: LocationType = LocationType.PHYSICAL
    id: UUID | None = None
    """Left out, the site is new. Two services that name the same id are given at the same site."""
    name: ShortText | None = None
    address: Annotated[list[ShortText], Field(max_length=8)] = []
    town: ShortText | None = None
    county: ShortText | None = None
    postcode: PostcodeText | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    uprn: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,11}$")] | None = None
    transport: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)] | None = None
    accessibility: Annotated[list[AccessibilityBody], Field(max_length=20)] = []
    withheld: bool = False
    """True keeps the address from everybody outside the organisation, and out of the public directory."""


class ScheduleBody(Body):
    """One set of opening hours, in the place's local time."""

    weekdays: Annotated[list[Weekday], Field(max_length=7)] = []
    opens_at: LocalTime | None = None
    closes_at: LocalTime | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    weekly: bool = True
    description: Annotated[str, StringConstraints(max_length=1000)] | None = None


class CostBody(Body):
    """One price. An amount that is left out is told in words."""

    option: ShortText
    amount: Annotated[Decimal, Field(ge=0, le=1_000_000, decimal_places=2), PlainSerializer(float)] | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "GBP"
    description: Annotated[str, StringConstraints(max_length=1000)] | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class LanguageBody(Body):
    """A language the service is given in, by its ISO 639 code; British Sign Language is `bfi`."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
    name: ShortText | None = None
    note: ShortText | None = None


class ContactBody(Body):
    """Somebody, or a desk, to ask. Only those with `published` stand in the public directory."""

    name: ShortText | None = None
    title: ShortText | None = None
    department: ShortText | None = None
    telephone: Telephone | None = None
    email: Email | None = None
    published: bool = False


class CapacityRow(Body):
    """What there is, for whom, how many at the most, and how many free now."""

    available: Annotated[int, Field(ge=0, le=100_000)]
    maximum: Annotated[int, Field(ge=0, le=100_000)] | None = None
    unit: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)] = "places"
    audience: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] | None = None
    waiting_weeks: Annotated[int, Field(ge=0, le=520)] | None = None

    @model_validator(mode="after")
    def _within_maximum(self) -> "CapacityRow":
        if self.maximum is not None and self.available > self.maximum:
            raise ValueError("More is available than there is at the most.")
        return self


Identifiers = Annotated[list[IdentifierBody], Field(max_length=10)]
Needs = Annotated[list[Code], Field(max_length=40)]
HowToRefer = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Areas = Annotated[list[AreaBody], Field(max_length=200)]
Locations = Annotated[list[LocationBody], Field(max_length=50)]
Schedules = Annotated[list[ScheduleBody], Field(max_length=50)]
Reaches = Annotated[list[Reach], Field(max_length=5)]
Costs = Annotated[list[CostBody], Field(max_length=30)]
Languages = Annotated[list[LanguageBody], Field(max_length=60)]
Contacts = Annotated[list[ContactBody], Field(max_length=20)]
AcknowledgeDays = Annotated[int, Field(ge=1, le=60)]
DecideDays = Annotated[int, Field(ge=1, le=260)]
Attempts = Annotated[int, Field(ge=1, le=10)]
Outward = Annotated[str, StringConstraints(min_length=2, max_length=4)]
OutwardPostcodes = Annotated[list[Outward], Field(max_length=100)]
Members = Annotated[list[UUID], Field(max_length=500)]
