"""Sites, areas and hours in HSDS 3 form."""

from datetime import time
from uuid import UUID, uuid5

from connective.partners.domain.areas import Area, AreaKind, exactly
from connective.partners.domain.codes import LocationType
from connective.partners.domain.locations import Location
from connective.partners.domain.national_grid import to_degrees
from connective.partners.domain.open_referral.telling import Document, told
from connective.partners.domain.schedules import Schedule

_GSS = "http://statistics.data.gov.uk/id/statistical-geography/"
"""Where the Office for National Statistics keeps what a GSS code stands for."""
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ENGLAND, _COUNTRY = "England", "GB"


def location_id(service_id: UUID, at: int, location: Location) -> UUID:
    """The site's own id; one read from a file without ids is told by its place in the service's list."""
    return location.id or uuid5(service_id, f"location:{at}")


def site_id(service_id: UUID, location: UUID) -> UUID:
    """The id of the fact that this service is given at this site (`service_at_location`)."""
    return uuid5(service_id, f"at:{location}")


def location_document(identifier: UUID, location: Location) -> Document:
    """A site with its address, position, UPRN and accessibility."""
    latitude, longitude = _position(location)
    return told(
        {
            "id": str(identifier),
            "location_type": str(location.kind),
            "name": location.name,
            "transportation": location.transport,
            "latitude": latitude,
            "longitude": longitude,
            "external_identifier": location.uprn,
            "external_identifier_type": location.uprn and "UPRN",
            "addresses": _addresses(identifier, location),
            "accessibility": [
                told(
                    {
                        "id": str(uuid5(identifier, f"accessibility:{at}")),
                        "location_id": str(identifier),
                        "description": each.description,
                        "details": each.details,
                        "url": each.url,
                    }
                )
                for at, each in enumerate(location.accessibility)
            ],
        }
    )


def _position(location: Location) -> tuple[float | None, float | None]:
    if location.latitude is not None and location.longitude is not None:
        return location.latitude, location.longitude
    return (None, None) if location.point is None else to_degrees(location.point)


def _addresses(identifier: UUID, location: Location) -> list[Document]:
    if location.kind is LocationType.VIRTUAL or not (location.address or location.postcode):
        return []
    lines = list(location.address)
    town = location.town or (lines.pop() if len(lines) > 1 else "")
    address = {
        "id": str(uuid5(identifier, "address")),
        "location_id": str(identifier),
        "address_1": lines[0] if lines else location.name or str(location.postcode),
        "address_2": ", ".join(lines[1:]) or None,
        "city": town,
        "state_province": location.county or _ENGLAND,
        "postal_code": location.postcode or "",
        "country": _COUNTRY,
        "address_type": str(location.kind),
    }
    return [told(address)]


def area_documents(service_id: UUID, areas: tuple[Area, ...]) -> list[Document]:
    """Whom it serves by where they live; a district by the URI of its GSS code."""
    return [
        told(
            {
                "id": str(uuid5(service_id, f"area:{each.kind}:{each.code or each.metres}")),
                "service_id": str(service_id),
                "name": exactly(each),
                "uri": f"{_GSS}{each.code}" if each.kind is AreaKind.DISTRICT else None,
            }
        )
        for each in areas
    ]


def schedule_documents(service_id: UUID, schedules: tuple[Schedule, ...]) -> list[Document]:
    """When it is open. What is not weekly is told in words, as it was told to us."""
    return [
        told(
            {
                "id": str(uuid5(service_id, f"schedule:{at}")),
                "service_id": str(service_id),
                "freq": "WEEKLY" if each.weekly and each.weekdays else None,
                "interval": 1 if each.weekly and each.weekdays else None,
                "byday": ",".join(_DAYS[day - 1] for day in sorted(each.weekdays)) or None,
                "opens_at": _clock(each.opens_at),
                "closes_at": _clock(each.closes_at),
                "valid_from": each.valid_from and each.valid_from.isoformat(),
                "valid_to": each.valid_to and each.valid_to.isoformat(),
                "description": each.description,
                # HSDS can only leave the frequency out; without this a reader would take the day for every week's.
                "x_hub_weekly": False if each.weekdays and not each.weekly else None,
            }
        )
        for at, each in enumerate(schedules)
    ]


def _clock(value: time | None) -> str | None:
    return None if value is None else f"{value:%H:%M}"
