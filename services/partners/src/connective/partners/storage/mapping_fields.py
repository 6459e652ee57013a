"""Between records and their fields as plain JSON values: what a source's words are compared and kept in."""

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from connective.partners.domain.harvests.merging import Fields, plain
from connective.partners.domain.organisations import Organisation, Profile
from connective.partners.domain.services import Listing, Service
from connective.partners.storage.mapping import Values, listing_of, of_listing, of_profile, profile_of

_OF_LISTING = (
    *("name", "kind", "needs", "status", "description", "url", "telephone", "how_to_refer", "minimum_age"),
    *("maximum_age", "areas", "locations", "schedules", "sensitive", "confidential_to_young_person", "assured_on"),
)
_OF_PROFILE = ("name", "kind", "identifiers", "description", "website", "telephone")
_LISTS = frozenset({"needs", "areas", "locations", "schedules", "identifiers"})
_FLAGS = frozenset({"sensitive", "confidential_to_young_person"})
_BESIDE = frozenset({"organisation_id", "licence", "legal_entity_id"})
"""Fields of a record that are not part of its listing or profile."""


def fields_of_service(service: Service) -> Fields:
    """A service's fields that a source may speak of: neither its terms nor its room."""
    beside = {"organisation_id": str(service.organisation_id), "licence": service.licence}
    return fields_of_listing(service.listing) | plain(beside)


def fields_of_listing(listing: Listing) -> dict[str, Any]:
    """A listing's fields."""
    values = of_listing(listing)
    details = values.pop("details")
    day = values["assured_on"]
    return _without_noes(plain({**values, **details, "assured_on": day and day.isoformat()}))


def listing_of_fields(fields: Fields) -> Listing:
    """The listing that has these fields."""
    columns = _columns(fields, _OF_LISTING)
    day = columns["assured_on"]
    columns["assured_on"] = date.fromisoformat(day) if day else None
    return listing_of(SimpleNamespace(**columns))


def fields_of_organisation(organisation: Organisation) -> Fields:
    """An organisation's fields that a source may speak of."""
    entity = organisation.legal_entity_id
    return fields_of_profile(organisation.profile) | plain({"legal_entity_id": entity and str(entity)})


def fields_of_profile(profile: Profile) -> dict[str, Any]:
    """A profile's fields."""
    values = of_profile(profile)
    details = values.pop("details")
    return plain({**values, **details})


def profile_of_fields(fields: Fields) -> Profile:
    """The profile that has these fields."""
    return profile_of(SimpleNamespace(**_columns(fields, _OF_PROFILE)))


def id_in(fields: Fields, name: str) -> UUID | None:
    """The id that a field holds, if it holds one."""
    return UUID(fields[name]) if name in fields else None


def _columns(fields: Fields, names: tuple[str, ...]) -> Values:
    columns = {name: fields.get(name, _nothing(name)) for name in names}
    details = {name: value for name, value in fields.items() if name not in names and name not in _BESIDE}
    return {**columns, "details": details}


def _nothing(name: str) -> Any:  # noqa: ANN401 - of the field's own type
    if name in _LISTS:
        return []
    return False if name in _FLAGS else None


def _without_noes(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if not (name in _FLAGS and value is False)}
