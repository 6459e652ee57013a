"""What a search for services takes and gives over HTTP."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from connective.partners.api.assurance_schemas import LapsedOut
from connective.partners.api.parts import Age, Body, Code, PostcodeText
from connective.partners.domain.capacity import Room
from connective.partners.domain.particulars import Reach


class SearchServices(Body):
    """What help is looked for: codes and ages, never a name. The postcode serves this one answer and is not kept."""

    needs: Annotated[list[Code], Field(max_length=20)] = Field(default_factory=list)
    """One need, or words, must be given."""
    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=100)] | None = None
    """Words that the listing must hold. Never a name: they serve this one answer and are not kept."""
    ages: Annotated[list[Age], Field(max_length=30)] = Field(default_factory=list)
    postcode: PostcodeText | None = None
    """Left out where the family's whereabouts are restricted."""
    area: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=9)] | None = None
    """Half a postcode or a district's GSS code; looked at where no postcode is given."""
    reach: Annotated[list[Reach], Field(max_length=5)] = Field(default_factory=list)
    """One of these ways of helping is enough."""
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] | None = None
    free_places: bool = False
    """True leaves out what says it has no room."""
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
    east_km: float | None
    north_km: float | None
    room: Room
    takes_requests: bool
    telephone: str | None
    url: str | None
    how_to_refer: str | None
    sensitive: bool
    reasons: list[ReasonOut]
    lapsed: list[LapsedOut]
    """What its organisation had shown and that is out of date: the worker's to weigh, nothing is left out for it."""


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


class UnmetNeedOut(BaseModel):
    """How often searches for one need found nothing in one area."""

    area: str
    """Half a postcode or a district's GSS code, as was asked; empty where the asker gave neither."""
    need: str
    age_band: str
    searches: int | None
    """Rounded to the nearest five; null where there were fewer than five."""


class UnmetNeedsOut(BaseModel):
    """What searches did not find, over whole weeks; nothing is known of who searched, or for whom."""

    since: date
    until: date
    """The first day that is not counted any more."""
    smallest_told: int
    items: list[UnmetNeedOut]
