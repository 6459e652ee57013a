"""What the public may read, kept in step with the directory: written in the transaction that changes a record."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.contracts.needs import needs_list
from connective.kit.database import fetch
from connective.partners.domain.areas import AreaKind
from connective.partners.domain.open_referral.documents import (
    Published,
    organisation_document,
    organisation_summary,
    published,
)
from connective.partners.domain.open_referral.publishing import is_public
from connective.partners.domain.open_referral.taxonomies import Taxonomies, taxonomies_of
from connective.partners.domain.organisations import Organisation
from connective.partners.domain.services import Service
from connective.partners.storage.mapping import organisation_of, service_of

FORM = 2
"""Which form the documents have; raised when it changes, so that the keeper of the publication writes all anew."""
Rows = list[dict[str, Any]]

_OWNED = """
SELECT s.*, {columns} FROM service s JOIN organisation o ON o.id = s.organisation_id WHERE {which}
"""
_O_COLUMNS = ", ".join(
    f"o.{name} AS o_{name}"
    for name in (
        *("id", "place_id", "legal_entity_id", "name", "kind", "identifiers", "description", "website", "telephone"),
        *("details", "state", "assurance_level", "assurance", "source", "version", "changed_at"),
    )
)
_BY_ID = _OWNED.format(columns=_O_COLUMNS, which="s.id = ANY($1::uuid[])")
_BY_ORGANISATION = "SELECT id FROM service WHERE organisation_id = $1"
_OUTDATED = """
SELECT s.id FROM service s JOIN organisation o ON o.id = s.organisation_id
LEFT JOIN published_service p ON p.id = s.id LEFT JOIN published_organisation po ON po.id = o.id
WHERE s.place_id = $1 AND s.status = ANY($2::text[]) AND o.state = 'active'
  AND NOT (s.sensitive OR s.confidential_to_young_person) AND (s.source IS NULL OR s.licence = ANY($3::text[]))
  AND (p.id IS NULL OR p.version <> s.version OR p.form <> $4 OR po.version IS DISTINCT FROM o.version)
LIMIT $5
"""
_FORGET = "DELETE FROM published_service WHERE id = ANY($1::uuid[])"
_FORGET_ORGANISATIONS = """
DELETE FROM published_organisation o WHERE id = ANY($1::uuid[])
  AND NOT EXISTS (SELECT FROM published_service WHERE organisation_id = o.id)
"""
_ORGANISATIONS = """
INSERT INTO published_organisation
SELECT r.id, r.place_id, r.name, r.version, r.form, to_tsvector('english', r.words), r.summary, r.document
FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, place_id uuid, name text, version int, form int, words text,
  summary text, document text)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, version = excluded.version, form = excluded.form,
  words = excluded.words, summary = excluded.summary, document = excluded.document
"""
_SERVICES = """
INSERT INTO published_service
SELECT r.id, r.place_id, r.organisation_id, r.version, r.form, r.changed_at, r.minimum_age, r.maximum_age, r.term_ids,
  r.restricted, r.outwards, r.districts, r.radius_metres, to_tsvector('english', r.words), r.summary, r.document
FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, place_id uuid, organisation_id uuid, version int, form int,
  changed_at timestamptz, minimum_age int, maximum_age int, term_ids uuid[], restricted boolean, outwards text[],
  districts text[], radius_metres int, words text, summary text, document text)
"""
_SITES = """
INSERT INTO published_site SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, place_id uuid, service_id uuid,
  location_id uuid, easting int, northing int, location text, document text)
"""
_OPENINGS = """
INSERT INTO published_opening SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(place_id uuid, service_id uuid,
  weekday int, opens_at time, closes_at time, ends_on date)
"""


@cache
def public_taxonomies() -> Taxonomies:
    """The taxonomies of the needs list that ships with the product."""
    return taxonomies_of(needs_list())


async def publish_services(connection: AsyncConnection, ids: Iterable[UUID]) -> None:
    """Write anew what the public may read of these services, or take it away where it may read nothing of them."""
    wanted = list(ids)
    rows = await fetch(connection, _BY_ID, [wanted])
    several = [(service_of(row), organisation_of(row, "o_")) for row in rows]
    public = [(service, owner) for service, owner in several if is_public(service, owner)]
    owners = {owner.id: owner for _, owner in public}
    made = [(service, published(service, owner, public_taxonomies())) for service, owner in public]
    await fetch(connection, _FORGET, [wanted])
    await _write(connection, _ORGANISATIONS, [_of_organisation(owner) for owner in owners.values()])
    await _write(connection, _SERVICES, [_of_service(service, owners, one) for service, one in made])
    await _write(connection, _SITES, [row for service, one in made for row in _of_sites(service, one)])
    await _write(connection, _OPENINGS, [row for service, _ in made for row in _of_openings(service)])
    gone = {owner.id for _, owner in several} - owners.keys()
    await fetch(connection, _FORGET_ORGANISATIONS, [list(gone)])


async def publish_organisation(connection: AsyncConnection, organisation_id: UUID) -> None:
    """Write anew what the public may read of an organisation: its services carry it in full."""
    await publish_services(connection, [row.id for row in await fetch(connection, _BY_ORGANISATION, [organisation_id])])


async def outdated_services(
    connection: AsyncConnection, place_id: UUID, *, statuses: Iterable[str], licences: Iterable[str], most: int
) -> list[UUID]:
    """Services whose publication is missing, of an earlier version, or in an earlier form."""
    found = await fetch(connection, _OUTDATED, [place_id, list(statuses), list(licences), FORM, most])
    return [row.id for row in found]


async def _write(connection: AsyncConnection, statement: str, rows: Rows) -> None:
    if rows:
        await fetch(connection, statement, [json.dumps(rows, default=str)])


def _of_organisation(owner: Organisation) -> dict[str, Any]:
    profile = owner.profile
    return {
        "id": owner.id,
        "place_id": owner.place_id,
        "name": profile.name,
        "version": owner.version,
        "form": FORM,
        "words": _words(profile.name, profile.alternate_name, profile.description),
        "summary": json.dumps(organisation_summary(owner), ensure_ascii=False),
        "document": json.dumps(organisation_document(owner), ensure_ascii=False),
    }


def _of_service(service: Service, owners: dict[UUID, Organisation], one: Published) -> dict[str, Any]:
    listing = service.listing
    codes = [(each.kind, each.code) for each in listing.areas if each.code is not None]
    radii = [each.metres for each in listing.areas if each.metres is not None]
    owner = owners[service.organisation_id].profile.name
    terms = (each.name for each in one.terms)
    return {
        "id": service.id,
        "place_id": service.place_id,
        "organisation_id": service.organisation_id,
        "version": service.version,
        "form": FORM,
        "changed_at": service.changed_at.isoformat(),
        "minimum_age": listing.minimum_age,
        "maximum_age": listing.maximum_age,
        "term_ids": sorted(each for term in one.terms for each in (term.id, term.parent_id) if each is not None),
        "restricted": bool(listing.areas),
        "outwards": [code for kind, code in codes if kind is AreaKind.OUTWARD_POSTCODE],
        "districts": [code for kind, code in codes if kind is AreaKind.DISTRICT],
        "radius_metres": max(radii) if radii else None,
        "words": _words(listing.name, listing.alternate_name, listing.description, listing.eligibility, owner, *terms),
        "summary": json.dumps(one.summary, ensure_ascii=False),
        "document": json.dumps(one.document, ensure_ascii=False),
    }


def _of_sites(service: Service, one: Published) -> Rows:
    return [
        {
            "id": site.id,
            "place_id": service.place_id,
            "service_id": service.id,
            "location_id": site.location["id"],
            "easting": site.point.easting if site.point else None,
            "northing": site.point.northing if site.point else None,
            "location": json.dumps(site.location, ensure_ascii=False),
            "document": json.dumps(site.document, ensure_ascii=False),
        }
        for site in one.sites
    ]


def _of_openings(service: Service) -> Rows:
    return [
        {
            "place_id": service.place_id,
            "service_id": service.id,
            "weekday": day,
            "opens_at": schedule.opens_at,
            "closes_at": schedule.closes_at,
            "ends_on": schedule.valid_to,
        }
        for schedule in service.listing.schedules
        if schedule.weekly
        for day in sorted(schedule.weekdays)
    ]


def _words(*texts: str | None) -> str:
    return " ".join(text for text in texts if text)
