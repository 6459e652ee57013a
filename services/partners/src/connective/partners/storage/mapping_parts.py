"""Between a listing's parts and the JSON they are kept as, by hand: sites, hours, room, and smaller particulars.

A key that a row lacks was not there when the row was written: it reads as nothing told.
"""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from connective.partners.domain.capacity import Capacity
from connective.partners.domain.codes import LocationType
from connective.partners.domain.geography import Point
from connective.partners.domain.locations import Location
from connective.partners.domain.particulars import Accessibility, Contact, Cost, Language, Reach
from connective.partners.domain.schedules import Schedule
from connective.partners.domain.services import Listing

Values = dict[str, Any]


def of_location(location: Location) -> Values:
    """A site as it is kept."""
    kept = {
        "kind": str(location.kind),
        "name": location.name,
        "address": list(location.address),
        "postcode": location.postcode,
        "point": [location.point.easting, location.point.northing] if location.point else None,
        "district": location.district,
        "latitude": location.latitude,
        "longitude": location.longitude,
        "id": str(location.id) if location.id else None,
        "town": location.town,
        "county": location.county,
        "uprn": location.uprn,
        "transport": location.transport,
        "accessibility": [told(each) for each in map(_of_accessibility, location.accessibility)],
        "withheld": location.withheld,
    }
    return told(kept)


def location_of(stored: Values) -> Location:
    """A site from what was kept."""
    point, site_id = stored.get("point"), stored.get("id")
    return Location(
        kind=LocationType(stored["kind"]),
        name=stored.get("name"),
        address=tuple(stored.get("address") or ()),
        postcode=stored.get("postcode"),
        point=Point(*point) if point else None,
        district=stored.get("district"),
        latitude=stored.get("latitude"),
        longitude=stored.get("longitude"),
        id=UUID(site_id) if site_id else None,
        town=stored.get("town"),
        county=stored.get("county"),
        uprn=stored.get("uprn"),
        transport=stored.get("transport"),
        accessibility=tuple(Accessibility(**each) for each in stored.get("accessibility") or ()),
        withheld=bool(stored.get("withheld")),
    )


def _of_accessibility(each: Accessibility) -> Values:
    return {"description": each.description, "details": each.details, "url": each.url}


def of_schedule(schedule: Schedule) -> Values:
    """Opening hours as they are kept."""
    return {
        "weekdays": sorted(schedule.weekdays),
        "opens_at": _iso(schedule.opens_at),
        "closes_at": _iso(schedule.closes_at),
        "valid_from": _iso(schedule.valid_from),
        "valid_to": _iso(schedule.valid_to),
        "weekly": schedule.weekly,
        "description": schedule.description,
    }


def schedule_of(stored: Values) -> Schedule:
    """Opening hours from what was kept."""
    return Schedule(
        weekdays=frozenset(stored["weekdays"]),
        opens_at=time.fromisoformat(stored["opens_at"]) if stored["opens_at"] else None,
        closes_at=time.fromisoformat(stored["closes_at"]) if stored["closes_at"] else None,
        valid_from=_date(stored["valid_from"]),
        valid_to=_date(stored["valid_to"]),
        weekly=stored["weekly"],
        description=stored["description"],
    )


def of_capacity(capacity: Capacity) -> Values:
    """One row of room as it is kept."""
    kept = {
        "available": capacity.available,
        "maximum": capacity.maximum,
        "unit": capacity.unit,
        "audience": capacity.audience,
        "waiting_weeks": capacity.waiting_weeks,
        "as_of": capacity.as_of.isoformat(),
    }
    return told(kept)


def capacity_of(stored: Values) -> Capacity:
    """One row of room from what was kept."""
    return Capacity(**{**stored, "as_of": datetime.fromisoformat(stored["as_of"])})


def of_details(listing: Listing) -> Values:
    """The particulars of a listing that no search compares, as one value."""
    kept = {
        "alternate_name": listing.alternate_name,
        "email": listing.email,
        "eligibility": listing.eligibility,
        "fees": listing.fees,
        "interpretation": listing.interpretation,
        "alert": listing.alert,
        "reach": sorted(listing.reach),
        "costs": [told(each) for each in map(_of_cost, listing.costs)],
        "languages": [
            told({"code": each.code, "name": each.name, "note": each.note}) for each in listing.languages
        ],
        "contacts": [told(each) for each in map(_of_contact, listing.contacts)],
    }  # fmt: skip
    return told(kept)


def details_of(stored: Values) -> Values:
    """The same particulars, as keyword arguments of a listing."""
    lists = {
        "reach": frozenset(map(Reach, stored.get("reach", ()))),
        "costs": tuple(map(_cost_of, stored.get("costs", ()))),
        "languages": tuple(Language(**each) for each in stored.get("languages", ())),
        "contacts": tuple(Contact(**each) for each in stored.get("contacts", ())),
    }
    return {**stored, **lists}


def _of_cost(cost: Cost) -> Values:
    return {
        "option": cost.option,
        "amount": None if cost.amount is None else str(cost.amount),
        "currency": cost.currency,
        "description": cost.description,
        "valid_from": _iso(cost.valid_from),
        "valid_to": _iso(cost.valid_to),
    }


def _cost_of(stored: Values) -> Cost:
    amount = stored.get("amount")
    return Cost(
        option=stored["option"],
        amount=None if amount is None else Decimal(amount),
        currency=stored["currency"],
        description=stored.get("description"),
        valid_from=_date(stored.get("valid_from")),
        valid_to=_date(stored.get("valid_to")),
    )


def _of_contact(contact: Contact) -> Values:
    return {
        "name": contact.name,
        "title": contact.title,
        "department": contact.department,
        "telephone": contact.telephone,
        "email": contact.email,
        "published": contact.published,
    }


def told(values: Values) -> Values:
    """The values without those that say nothing."""
    return {name: value for name, value in values.items() if value is not None and value != []}


def _iso(value: date | time | None) -> str | None:
    return value.isoformat() if value else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
