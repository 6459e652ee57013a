"""The public directory, read as anybody: only the tables that hold what everybody may read."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID

from connective.kit.actor import ANONYMOUS
from connective.kit.database import Database, fetch, fetch_one
from connective.kit.problems import NotFound
from connective.partners.domain.areas import Home
from connective.partners.domain.open_referral.pages import PageOf, envelope

_BATCH = 500
_SERVICES = "published_service s"
_SITES = "published_site t JOIN published_service s ON s.id = t.service_id"
_ORGANISATIONS = "published_organisation s"
_SITE_DISTANCE = "power(t.easting - {east}, 2) + power(t.northing - {north}, 2) <= power({metres}, 2)"
_IN_AREA = """(NOT s.restricted OR {outward} = ANY(s.outwards) OR {district} = ANY(s.districts) OR EXISTS (
  SELECT FROM published_site r WHERE r.service_id = s.id
  AND power(r.easting - {east}, 2) + power(r.northing - {north}, 2) <= power(s.radius_metres, 2)))"""


@dataclass(frozen=True, slots=True)
class Opening:
    """When somebody could come: ISO weekdays, and a window that opening hours must touch."""

    weekdays: tuple[int, ...] = ()
    after: time | None = None
    before: time | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Where somebody lives, and how far a site may be; no distance asks only whom a service serves."""

    home: Home
    metres: int | None


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list is narrowed to; what is None or empty narrows nothing."""

    search: str | None = None
    any_term: tuple[UUID, ...] | None = None
    """One of these taxonomy terms; an empty list finds nothing."""
    organisation_id: UUID | None = None
    changed_since: datetime | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    opening: Opening = field(default_factory=Opening)
    near: Near | None = None
    kept_here: bool = False
    """Only what its organisation keeps here itself."""


@dataclass(frozen=True, slots=True)
class _Where:
    """A condition with its values; the text holds nothing but constants and `$n`."""

    text: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class List:
    """One of the lists: where it is read from, and what is shown of each row."""

    source: str
    key: str
    shown: str


SERVICES = List(_SERVICES, "s.id", "s.summary AS shown")
SERVICES_IN_FULL = List(_SERVICES, "s.id", "s.document AS shown")
SERVICES_MINIMAL = List(
    _SERVICES, "s.id", """json_build_object('id', s.id, 'last_modified', s.document::json -> 'last_modified')::text
    AS shown"""
)  # fmt: skip
SITES = List(_SITES, "t.id", "t.document AS shown")
SITES_IN_FULL = List(_SITES, "t.id", """left(t.document, -1) || ', "service": ' || s.document || '}' AS shown""")
ORGANISATIONS = List(_ORGANISATIONS, "s.id", "s.summary AS shown")
_PLACES_OF = """', "locations": [' || coalesce((SELECT string_agg(l.location, ', ' ORDER BY l.location_id) FROM (
  SELECT DISTINCT ON (t.location_id) t.location_id, t.location FROM published_site t
  JOIN published_service x ON x.id = t.service_id WHERE x.organisation_id = s.id ORDER BY t.location_id, t.id) l), '')
  || ']'"""
_SERVICES_OF = """', "services": [' || coalesce((SELECT string_agg(x.document, ', ' ORDER BY x.id)
  FROM published_service x WHERE x.organisation_id = s.id), '') || ']'"""
ORGANISATIONS_IN_FULL = List(_ORGANISATIONS, "s.id", f"left(s.document, -1) || {_PLACES_OF} || '}}' AS shown")
ORGANISATIONS_WITH_SERVICES = List(
    _ORGANISATIONS, "s.id", f"left(s.document, -1) || {_PLACES_OF} || {_SERVICES_OF} || '}}' AS shown"
)


async def page_of(database: Database, of: List, narrowed: Narrowed, asked: PageOf) -> str:
    """One page as JSON text, in the stable order of ids."""
    where = _where(narrowed)
    number = len(where.values)
    statement = (
        f"SELECT {of.shown} FROM {of.source} WHERE {of.key} IN (SELECT {of.key} FROM {of.source} WHERE {where.text}"  # noqa: S608 - constants only
        f" ORDER BY {of.key} LIMIT ${number + 1} OFFSET ${number + 2}) ORDER BY {of.key}"
    )
    count = f"SELECT count(*) AS total FROM {of.source} WHERE {where.text}"  # noqa: S608 - constants only
    async with database.reading(ANONYMOUS) as connection:
        total = (await fetch_one(connection, count, where.values)).total
        rows = await fetch(connection, statement, [*where.values, asked.size, asked.offset])
    head = json.dumps(envelope(asked, total, len(rows)))
    return f'{head[:-1]}, "contents": [{", ".join(row.shown for row in rows)}]}}'


async def lines_of(database: Database, of: List, narrowed: Narrowed) -> AsyncIterator[str]:
    """Everything of a list, one JSON text a line, read in batches so that no transaction stays open."""
    where = _where(narrowed)
    number = len(where.values)
    statement = (
        f"SELECT {of.key} AS key, {of.shown} FROM {of.source} WHERE {where.text} AND {of.key} > ${number + 1}"  # noqa: S608 - constants only
        f" ORDER BY {of.key} LIMIT {_BATCH}"
    )
    after, rows = UUID(int=0), [None]
    while rows:
        async with database.reading(ANONYMOUS) as connection:
            rows = await fetch(connection, statement, [*where.values, after])
        if rows:
            after = rows[-1].key  # type: ignore[attr-defined]  # a driver's row
            yield "".join(f"{row.shown}\n" for row in rows)  # type: ignore[attr-defined]  # as above


async def one_of(database: Database, of: List, record_id: UUID) -> str:
    """One record as JSON text. Raises NotFound for what the public may not read, or is not there."""
    statement = f"SELECT {of.shown} FROM {of.source} WHERE {of.key} = $1"  # noqa: S608 - constants only
    async with database.reading(ANONYMOUS) as connection:
        row = await fetch_one(connection, statement, [record_id])
    if row is None:
        raise NotFound
    text: str = row.shown
    return text


class _Conditions:
    """Collects conditions; each value gets the next `$n`."""

    def __init__(self) -> None:
        self.texts = ["true"]
        self.values: list[Any] = []

    def value(self, value: Any, kind: str) -> str:  # noqa: ANN401 - a parameter of any type
        self.values.append(value)
        return f"${len(self.values)}::{kind}"

    def add(self, text: str) -> None:
        self.texts.append(text)


def _where(narrowed: Narrowed) -> _Where:
    made = _Conditions()
    if narrowed.search:
        made.add(f"s.words @@ websearch_to_tsquery('english', {made.value(narrowed.search, 'text')})")
    if narrowed.any_term is not None:
        made.add(f"s.term_ids && {made.value(list(narrowed.any_term), 'uuid[]')}")
    if narrowed.organisation_id is not None:
        made.add(f"s.organisation_id = {made.value(narrowed.organisation_id, 'uuid')}")
    if narrowed.changed_since is not None:
        made.add(f"s.changed_at >= {made.value(narrowed.changed_since, 'timestamptz')}")
    if narrowed.minimum_age is not None:
        made.add(f"(s.maximum_age IS NULL OR s.maximum_age >= {made.value(narrowed.minimum_age, 'int')})")
    if narrowed.maximum_age is not None:
        made.add(f"(s.minimum_age IS NULL OR s.minimum_age <= {made.value(narrowed.maximum_age, 'int')})")
    if narrowed.kept_here:
        made.add("s.summary::json ->> 'x_hub_source' IS NULL")
    if narrowed.opening != Opening():
        _add_opening(made, narrowed.opening)
    if narrowed.near is not None:
        _add_near(made, narrowed.near)
    return _Where(" AND ".join(made.texts), tuple(made.values))


def _add_opening(made: _Conditions, opening: Opening) -> None:
    """Open on one of the days, at some time within the window; hours that are not told do not match a window."""
    inner = ["o.service_id = s.id", "(o.ends_on IS NULL OR o.ends_on >= current_date)"]
    if opening.weekdays:
        inner.append(f"o.weekday = ANY({made.value(list(opening.weekdays), 'int[]')})")
    if opening.after is not None:
        inner.append(f"o.closes_at > {made.value(opening.after, 'time')}")
    if opening.before is not None:
        inner.append(f"o.opens_at < {made.value(opening.before, 'time')}")
    made.add(f"EXISTS (SELECT FROM published_opening o WHERE {' AND '.join(inner)})")


def _add_near(made: _Conditions, near: Near) -> None:
    home = near.home
    point = {
        "east": made.value(home.point.easting if home.point else None, "float8"),
        "north": made.value(home.point.northing if home.point else None, "float8"),
    }
    codes = {"outward": made.value(home.outward, "text"), "district": made.value(home.district, "text")}
    made.add(_IN_AREA.format(**point, **codes))
    if near.metres is not None:
        made.add(_SITE_DISTANCE.format(**point, metres=made.value(near.metres, "float8")))
