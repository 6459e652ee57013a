"""The places as they are now: when an administrator changes a telephone number, no page goes on telling the old one."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from connective.contracts.places import Place, PlacesInForce
from connective.frontend.clients.hub import Hub
from connective.kit.logs import log

_ASKED_EVERY = timedelta(seconds=15)
_TOLD = ("name", "country", "early_help_name", "thresholds_name", "role_names", "branding")


class CurrentPlaces:
    """Follows what the API says of a place, as whoever has signed in is told it; the file's words until then."""

    def __init__(self, places: PlacesInForce) -> None:
        self.places = places
        self._asked: dict[UUID, datetime] = {}

    async def follow(self, hub: Hub, place_id: UUID, now: datetime) -> None:
        """Ask again where it is a while ago. Where the API does not answer, what was known stands."""
        if now < self._asked.get(place_id, now - _ASKED_EVERY) + _ASKED_EVERY:
            return
        self._asked[place_id] = now
        found = await hub.part(f"/places/{place_id}")
        if found.value is None:
            return
        try:
            self.places.hold(told(found.value, self.places.get(place_id)), int(found.value["version"]))
        except (KeyError, ValidationError) as error:
            log().error("place_unreadable", error=type(error).__name__)


def told(document: Mapping[str, Any], known: Place) -> Place:
    """The place that the API tells of. Raises ValidationError, KeyError."""
    safeguarding = {name: value for name, value in document["safeguarding"].items() if name != "sentence"}
    changed = {name: document[name] for name in _TOLD} | {"safeguarding": safeguarding}
    return Place.model_validate(known.model_dump(mode="json") | changed)
