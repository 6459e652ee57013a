"""What a place must set before it opens: who it is, and where a concern is reported.

The Hub is never where harm is reported (domain rules, "When it is not early help"), so a place without its front
door, out-of-hours and adult numbers, its designated officer and its threshold document does not start.
"""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints

Telephone = Annotated[str, StringConstraints(pattern=r"^0[0-9 ]{9,13}$|^999$|^101$")]


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
    name: Annotated[str, StringConstraints(min_length=3)]
    country: str = "England"
    early_help_name: str = "early help"
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


def load_places(path: Path) -> Places:
    """Read the places file, refusing one with anything unset (pydantic.ValidationError says what)."""
    return Places.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
