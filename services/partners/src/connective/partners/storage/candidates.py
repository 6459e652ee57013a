"""What a search reads of a service: as much as ranking and the answer need, in as few columns as that takes."""

from typing import Any
from uuid import UUID

from connective.contracts.categories import AssuranceLevel
from connective.contracts.sharing import SameDay
from connective.partners.domain.areas import Area, AreaKind
from connective.partners.domain.codes import LocationType, OrganisationKind, OrganisationState, ServiceStatus
from connective.partners.domain.geography import Point
from connective.partners.domain.locations import Location
from connective.partners.domain.matching import Candidate
from connective.partners.domain.organisations import Organisation, Profile
from connective.partners.domain.particulars import Language, Reach
from connective.partners.domain.services import Listing, Service, Terms
from connective.partners.storage.mapping import held_of_rows
from connective.partners.storage.mapping_parts import capacity_of, schedule_of

_SERVICE = (
    *("id", "place_id", "organisation_id", "name", "kind", "needs", "status", "telephone", "url", "how_to_refer"),
    *("minimum_age", "maximum_age", "areas", "locations", "schedules", "sensitive", "takes_requests", "same_day"),
    *("capacities", "version", "changed_at"),
)
_DETAILS = ("reach", "languages")
_ORGANISATION = ("legal_entity_id", "name", "kind", "state", "assurance")
CANDIDATE_COLUMNS = ", ".join(
    (
        *(f"s.{name}" for name in _SERVICE),
        *(f"s.details -> '{name}' AS {name}" for name in _DETAILS),
        *(f"o.{name} AS o_{name}" for name in _ORGANISATION),
    )
)
"""Of `service s` and `organisation o`."""

Written = tuple[UUID, int, int]
"""A service, and which transactions last wrote its row and its organisation's (`xmin`): any change makes another."""
_MOST_KNOWN = 4096


class KnownCandidates:
    """Candidates that an earlier search read, by the writing of their rows.

    A directory is searched far more often than it changes, and understanding a row costs more than finding it. What may
    be seen is asked anew each time: a candidate is given out only under a key that row-level security let through.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Written, bool], Candidate] = {}

    def get(self, key: Written, *, with_hours: bool) -> Candidate | None:
        """The candidate of exactly these rows, if it is known."""
        return self._known.get((key, with_hours))

    def keep(self, key: Written, row: Any, *, with_hours: bool) -> None:  # noqa: ANN401 - a driver's row
        """Remember a row; the oldest are forgotten when there are many."""
        self._known[key, with_hours] = candidate_of(row, with_hours=with_hours)
        while len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]


def candidate_of(row: Any, *, with_hours: bool) -> Candidate:  # noqa: ANN401 - a driver's row
    """A candidate with what is compared and shown; what a search never looks at is left as though untold.

    `with_hours` where a day is asked about: a search reads many services, and hours are the longest part of each.
    """
    listing = Listing(
        name=row["name"],
        kind=row["kind"],
        needs=frozenset(row["needs"]),
        status=ServiceStatus(row["status"]),
        url=row["url"],
        telephone=row["telephone"],
        how_to_refer=row["how_to_refer"],
        minimum_age=row["minimum_age"],
        maximum_age=row["maximum_age"],
        areas=tuple(Area(AreaKind(each["kind"]), each["code"], each["metres"]) for each in row["areas"]),
        locations=tuple(map(_door_of, row["locations"])),
        schedules=tuple(map(schedule_of, row["schedules"])) if with_hours else (),
        sensitive=row["sensitive"],
        reach=frozenset(map(Reach, row["reach"] or ())),
        languages=tuple(Language(each["code"], each.get("name")) for each in row["languages"] or ()),
    )
    same_day = row["same_day"]
    terms = Terms(
        takes_requests=row["takes_requests"],
        same_day=SameDay.model_validate(same_day) if same_day else None,
    )
    owner = Organisation(
        id=row["organisation_id"],
        place_id=row["place_id"],
        legal_entity_id=row["o_legal_entity_id"],
        profile=Profile(row["o_name"], OrganisationKind(row["o_kind"])),
        state=OrganisationState(row["o_state"]),
        assurance_level=AssuranceLevel.SHARED_DEVICE,
        version=1,
        changed_at=row["changed_at"],
        held=held_of_rows(row["o_assurance"]),
    )
    service = Service(
        id=row["id"],
        place_id=row["place_id"],
        organisation_id=owner.id,
        listing=listing,
        terms=terms,
        version=row["version"],
        changed_at=row["changed_at"],
        capacities=tuple(map(capacity_of, row["capacities"])),
    )
    return Candidate(service, owner)


def _door_of(stored: dict[str, Any]) -> Location:
    """Where a site is, and whether that may be told."""
    point = stored.get("point")
    return Location(
        kind=LocationType(stored["kind"]),
        point=Point(*point) if point else None,
        withheld=bool(stored.get("withheld")),
    )
