"""Services in the database, and the entries by which searches find them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, any_, bindparam, delete, insert, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import fetch
from connective.kit.prepared import Prepared
from connective.kit.problems import NotFound
from connective.partners.domain.cells import cells_of
from connective.partners.domain.codes import FINDABLE_STATUSES, ServiceStatus
from connective.partners.domain.organisations import Organisation
from connective.partners.domain.services import Service
from connective.partners.storage.mapping import Values, of_capacity_row, of_service, organisation_of, service_of
from connective.partners.storage.published import publish_services
from connective.partners.storage.tables import directory_entry, organisation, service_capacity
from connective.partners.storage.tables import service as table

_FORGET_WORDS = "DELETE FROM directory_word WHERE service_id = ANY($1::uuid[])"
_WORDS = """
INSERT INTO directory_word SELECT r.place_id, w.word, r.id, r.easting, r.northing
FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, place_id uuid, words text, easting int, northing int)
JOIN service s ON s.id = r.id JOIN organisation o ON o.id = s.organisation_id,
LATERAL unnest(tsvector_to_array(to_tsvector('english', r.words || ' ' || o.name))) AS w(word)
"""
WITH_ORGANISATION = (*table.c, *(column.label(f"o_{column.name}") for column in organisation.c))
"""A service's columns, and its organisation's under the prefix `o_`."""


@dataclass(frozen=True, slots=True)
class Owned:
    """A service, and the organisation that gives it."""

    service: Service
    organisation: Organisation


@dataclass(frozen=True, slots=True)
class ServiceFilter:
    """What a list of services is narrowed to; None narrows nothing."""

    organisation_id: UUID | None = None
    kind: str | None = None
    need: str | None = None
    status: ServiceStatus | None = None
    only: Sequence[UUID] | None = None
    """Services by their ids, those that ended too: whoever holds an id wants to know what it is called."""


def visible(actor: Actor) -> ColumnElement[bool]:
    """The one predicate of what an asker may see: the services of their place."""
    return table.c.place_id == actor.place


def _owned() -> Select[tuple[object, ...]]:
    return select(*WITH_ORGANISATION).join(organisation, organisation.c.id == table.c.organisation_id)


_SEEN = table.c.place_id == bindparam("place")
"""What `visible` says, for the statements that are kept."""
_ONE = Prepared(_owned().where(table.c.id == bindparam("id"), _SEEN))
_ONE_LOCKED = Prepared(_owned().where(table.c.id == bindparam("id"), _SEEN).with_for_update(of=table))
_SEVERAL = Prepared(_owned().where(table.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))), _SEEN))


def owned_of(row: object) -> Owned:
    """A service and its organisation from a row of both."""
    return Owned(service_of(row), organisation_of(row, "o_"))


async def find_service(connection: AsyncConnection, actor: Actor, service_id: UUID) -> Owned:
    """One service. Raises NotFound for one that is not there for the actor."""
    return _there(await _ONE.fetch_one(connection, id=service_id, place=actor.place))


async def lock_service(connection: AsyncConnection, actor: Actor, service_id: UUID) -> Owned:
    """One service, held until the transaction ends, so that two changes follow one another. Raises NotFound."""
    return _there(await _ONE_LOCKED.fetch_one(connection, id=service_id, place=actor.place))


async def services_by_id(connection: AsyncConnection, actor: Actor, ids: Iterable[UUID]) -> list[Owned]:
    """Those of the wanted services that are there for the actor."""
    return [owned_of(row) for row in await _SEVERAL.fetch(connection, ids=list(ids), place=actor.place)]


async def page_of_services(
    connection: AsyncConnection,
    actor: Actor,
    narrowed: ServiceFilter,
    *,
    after: tuple[str, UUID] | None,
    limit: int,
) -> list[Owned]:
    """The next services by name after a position, at most `limit`; those that ended only when asked for.

    Asked for are those of a status, and those of some ids.
    """
    wanted = _owned().where(visible(actor)).order_by(table.c.name, table.c.id).limit(limit)
    if narrowed.organisation_id is not None:
        wanted = wanted.where(table.c.organisation_id == narrowed.organisation_id)
    if narrowed.kind is not None:
        wanted = wanted.where(table.c.kind == narrowed.kind)
    if narrowed.need is not None:
        wanted = wanted.where(table.c.needs.contains([narrowed.need]))
    if narrowed.only is not None:
        wanted = wanted.where(table.c.id.in_(narrowed.only))
    if narrowed.status is None and narrowed.only is None:
        wanted = wanted.where(table.c.status != str(ServiceStatus.DEFUNCT))
    elif narrowed.status is not None:
        wanted = wanted.where(table.c.status == str(narrowed.status))
    if after is not None:
        wanted = wanted.where(tuple_(table.c.name, table.c.id) > tuple_(*after))
    return [owned_of(row) for row in await connection.execute(wanted)]


async def add_service(connection: AsyncConnection, service: Service) -> None:
    """Store a new service, and make it findable."""
    await connection.execute(insert(table).values(of_service(service)))
    await index_services(connection, (service,))


async def save_service(connection: AsyncConnection, service: Service) -> None:
    """Store a service's next version, and make it findable as it is now."""
    await connection.execute(update(table).where(table.c.id == service.id).values(of_service(service)))
    await index_services(connection, (service,))


async def save_capacities(connection: AsyncConnection, service: Service) -> None:
    """Store room as it was told: as the service's present figures, and as rows of its history."""
    values = of_service(service)
    present = {name: values[name] for name in ("capacities", "version", "changed_at")}
    await connection.execute(update(table).where(table.c.id == service.id).values(present))
    rows = [of_capacity_row(service, line, each) for line, each in enumerate(service.capacities)]
    if rows:
        await connection.execute(insert(service_capacity), rows)
    await publish_services(connection, [service.id])


async def index_services(connection: AsyncConnection, services: Iterable[Service]) -> None:
    """Write anew the entries by which these services are found, and what the public may read of them."""
    several = tuple(services)
    await connection.execute(
        delete(directory_entry).where(directory_entry.c.service_id.in_([service.id for service in several]))
    )
    entries = [entry for service in several for entry in _entries(service)]
    if entries:
        await connection.execute(insert(directory_entry), entries)
    await fetch(connection, _FORGET_WORDS, [[service.id for service in several]])
    await fetch(connection, _WORDS, [json.dumps([_worded(each) for each in several if _findable(each)])])
    await publish_services(connection, [service.id for service in several])


def _findable(service: Service) -> bool:
    return service.listing.status in FINDABLE_STATUSES


def _worded(service: Service) -> Values:
    """What a service is found by in words, and where it is."""
    listing = service.listing
    point = listing.points[0] if listing.points else None
    texts = (listing.name, listing.alternate_name, listing.description, listing.eligibility, listing.kind)
    return {
        "id": str(service.id),
        "place_id": str(service.place_id),
        "words": " ".join(text.replace("_", " ") for text in texts if text),
        "easting": point.easting if point else None,
        "northing": point.northing if point else None,
    }


def _entries(service: Service) -> list[Values]:
    """One entry per need and cell. The point only orders candidates when there are too many to rank."""
    listing = service.listing
    if not _findable(service):
        return []
    point = listing.points[0] if listing.points else None
    return [
        {
            "place_id": service.place_id,
            "need": need,
            "cell": cell,
            "service_id": service.id,
            "easting": point.easting if point else None,
            "northing": point.northing if point else None,
            "minimum_age": listing.minimum_age,
            "maximum_age": listing.maximum_age,
        }
        for need in sorted(listing.needs)
        for cell in sorted(cells_of(listing))
    ]


def _there(row: object | None) -> Owned:
    if row is None:
        raise NotFound
    return owned_of(row)
