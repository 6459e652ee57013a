"""What a place must set before it opens: who it is, and where a concern is reported.

The Hub is never where harm is reported (domain rules, "When it is not early help"), so a place without its front
door, out-of-hours and adult numbers, its designated officer and its threshold document does not start. The file is
how a place begins; what its administrators change later stands over it (ADR 0027).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, StringConstraints

from connective.contracts.gateway_events import PlaceChanged
from connective.contracts.permissions import Role

Telephone = Annotated[str, StringConstraints(pattern=r"^0[0-9 ]{9,13}$|^999$|^101$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)]
"""What a place calls something."""
_TOLD_NUMBERS = ("front_door_name", "front_door_number", "out_of_hours_number", "adults_number")
_LEAST_CONTRAST = 4.5
"""Of text against its ground (WCAG 2.2, success criterion 1.4.3, level AA)."""


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of `#rrggbb` against white, 1 to 21, as WCAG 2.2 defines it ("contrast ratio")."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    linear = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    red, green, blue = linear
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _readable(colour: str) -> str:
    found = contrast_with_white(colour)
    if found < _LEAST_CONTRAST:
        raise ValueError(f"has a contrast of {found:.2f} with white; text needs {_LEAST_CONTRAST} (WCAG 2.2, 1.4.3)")
    return colour


Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True), AfterValidator(_readable)]


class Branding(BaseModel):
    """How a place's pages look: its own name for the Hub, one colour, and the words that stand as a logo."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    display_name: Words | None = None
    """What the place calls the Hub; the place's own name stands where it is unset."""
    colour: Colour = "#1d70b8"
    """White text stands on it, and it stands as text on white."""
    logo_text: Words | None = None


class Safeguarding(BaseModel):
    """Whom to phone. Every number is required: an unset one stops start-up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    front_door_name: Annotated[str, StringConstraints(min_length=3)]
    front_door_number: Telephone
    out_of_hours_number: Telephone
    adults_number: Telephone
    designated_officer_name: Annotated[str, StringConstraints(min_length=3)]
    designated_officer_number: Telephone
    threshold_document_url: HttpUrl

    @property
    def sentence(self) -> str:
        """The words that stand wherever a concern could be typed by mistake."""
        return (
            "If someone is in danger now, call 999. If you think a child is being harmed, phone "
            f"{self.front_door_name} on {self.front_door_number} now. Nobody here is watching for it."
        )


class Place(BaseModel):
    """A locality that one partnership serves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: UUID
    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{2,40}$")]
    name: Annotated[str, StringConstraints(min_length=3, max_length=200)]
    country: Words = "England"
    early_help_name: Words = "early help"
    thresholds_name: Words = "levels of need"
    role_names: Mapping[Role, Words] = {}
    """What the place calls roles, where it has names of its own for them."""
    branding: Branding = Branding()
    listings_checked_within_days: Annotated[int, Field(ge=30, le=1825)] = 365
    """How long a listing of the directory stands before somebody is asked whether it is still true."""
    safeguarding: Safeguarding


class Places(BaseModel):
    """Every place of one deployment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    places: Annotated[tuple[Place, ...], Field(min_length=1)]

    def get(self, place_id: UUID) -> Place:
        """The place with this id. Raises KeyError for one this deployment does not serve."""
        for place in self.places:
            if place.id == place_id:
                return place
        raise KeyError(place_id)


class PlacesInForce:
    """The places as they are now: the file's, and over it what administrators have changed since.

    One for each process. What is held may be changed at any time, so nobody keeps a `Place` longer than one act.
    """

    def __init__(self, seed: Places) -> None:
        self._seed = seed
        self._now: dict[UUID, tuple[int, Place]] = {place.id: (1, place) for place in seed.places}

    @property
    def places(self) -> tuple[Place, ...]:
        """Every place of this deployment, in the file's order."""
        return tuple(place for _, place in self._now.values())

    def get(self, place_id: UUID) -> Place:
        """The place as it is now. Raises KeyError for one this deployment does not serve."""
        return self._now[place_id][1]

    def version(self, place_id: UUID) -> int:
        """Which version that is: 1 is the file's. Raises KeyError."""
        return self._now[place_id][0]

    def seeded(self, place_id: UUID) -> Place:
        """The place as the file has it. Raises KeyError."""
        return self._seed.get(place_id)

    def hold(self, place: Place, version: int) -> None:
        """Take a newer version; of a place that the file does not name nothing is taken."""
        if place.id in self._now and version > self._now[place.id][0]:
            self._now[place.id] = (version, place)

    def hear(self, data: Mapping[str, Any], version: int) -> None:
        """Take what `PlaceChanged` says over what the file does: the settings that services use.

        Raises pydantic.ValidationError for values that no file could hold.
        """
        told = PlaceChanged.model_validate(data)
        if told.place_id not in self._now:
            return
        place = self._seed.get(told.place_id)
        heard = told.model_dump(mode="json")
        numbers = place.safeguarding.model_dump(mode="json") | {name: heard[name] for name in _TOLD_NUMBERS}
        days = {"listings_checked_within_days": told.listings_checked_within_days}
        self.hold(Place.model_validate(place.model_dump(mode="json") | days | {"safeguarding": numbers}), version)


def load_places(path: Path) -> Places:
    """Read the places file, refusing one with anything unset (pydantic.ValidationError says what)."""
    return Places.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
