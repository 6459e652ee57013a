"""What goes in and out where a place is read and changed."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from connective.contracts.permissions import Role
from connective.contracts.places import Place
from connective.gateway.storage.places import PlaceVersion


class SafeguardingOut(BaseModel):
    """Whom to phone, and the words that say so."""

    front_door_name: str
    front_door_number: str
    out_of_hours_number: str
    adults_number: str
    designated_officer_name: str
    designated_officer_number: str
    threshold_document_url: str
    sentence: str


class BrandingOut(BaseModel):
    """How the place's pages look."""

    display_name: Annotated[str, Field(description="What the place calls the Hub: its own name where nothing else.")]
    colour: Annotated[str, Field(description="Text of this colour can be read on white, and white text on it.")]
    logo_text: Annotated[str, Field(description="The words that stand as a logo.")]


class PlaceOut(BaseModel):
    """A place as anybody may read it: its names, how it looks, and where a concern is reported."""

    id: UUID
    code: str
    name: str
    country: str
    early_help_name: str
    thresholds_name: str
    role_names: dict[Role, str]
    branding: BrandingOut
    safeguarding: SafeguardingOut
    version: int

    @classmethod
    def of(cls, place: Place, version: int) -> "PlaceOut":
        """A place as it is shown to everybody."""
        return cls(**_shown(place), version=version)


class PlaceSettingsOut(PlaceOut):
    """The same with what its administrators look after."""

    listings_checked_within_days: Annotated[
        int, Field(description="How long a listing stands before somebody is asked whether it is still true.")
    ]
    begun_from_file: Annotated[
        bool, Field(description="Nobody has changed the place yet: the file that it started from is in force.")
    ]
    differs_from_file: Annotated[
        list[str], Field(description="Settings that the file has otherwise; what was changed here is in force.")
    ]


class BrandingIn(BaseModel):
    """What is to change of how the place looks; null takes it back."""

    model_config = ConfigDict(extra="forbid")

    display_name: str | None = None
    colour: Annotated[
        str | None, Field(description="`#rrggbb`, with a contrast of 4.5 against white or more (WCAG 2.2, 1.4.3).")
    ] = None
    logo_text: str | None = None


class PlaceChangeIn(BaseModel):
    """What is to change: only what is sent; null takes a setting back to what it is where nobody sets it.

    Safeguarding numbers are changed by two administrators: `POST /proposals`, `place_safeguarding`.
    """

    model_config = ConfigDict(extra="forbid")

    name: str | None = None
    country: str | None = None
    early_help_name: str | None = None
    thresholds_name: str | None = None
    role_names: Annotated[dict[Role, str | None] | None, Field(description="Names by role; null takes one away.")] = (
        None
    )
    branding: BrandingIn | None = None
    listings_checked_within_days: int | None = None

    def changes(self) -> dict[str, Any]:
        """What was sent, as a merge patch."""
        return self.model_dump(mode="json", exclude_unset=True)


class PlaceVersionOut(BaseModel):
    """One change of a place's settings: who, when, what, and how the place was from then on."""

    version: int
    changed: list[str]
    changed_by: UUID
    approved_by: Annotated[UUID | None, Field(description="The second administrator, where it needed one.")]
    changed_at: datetime
    settings: dict[str, Any]

    @classmethod
    def of(cls, kept: PlaceVersion) -> "PlaceVersionOut":
        """A version as it is shown to the place's administrators."""
        return cls(
            version=kept.version,
            changed=list(kept.changed),
            changed_by=kept.changed_by,
            approved_by=kept.approved_by,
            changed_at=kept.changed_at,
            settings=dict(kept.document),
        )


def settings_out(place: Place, version: int, differs: tuple[str, ...]) -> PlaceSettingsOut:
    """A place as its administrators see it."""
    return PlaceSettingsOut(
        **_shown(place),
        version=version,
        listings_checked_within_days=place.listings_checked_within_days,
        begun_from_file=version == 1,
        differs_from_file=list(differs),
    )


def _shown(place: Place) -> dict[str, Any]:
    document = place.model_dump(mode="json", exclude={"listings_checked_within_days"})
    look, numbers = document["branding"], document["safeguarding"]
    look["display_name"] = look["display_name"] or place.name
    look["logo_text"] = look["logo_text"] or look["display_name"]
    return document | {"safeguarding": numbers | {"sentence": place.safeguarding.sentence}}
