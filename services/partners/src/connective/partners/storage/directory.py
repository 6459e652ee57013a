"""The search's first step: candidates by need and cell, from an index alone; and the needs that found nothing."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.partners.domain.cells import cells_for
from connective.partners.domain.geography import Point
from connective.partners.domain.matching import Ask, Candidate
from connective.partners.storage.services import WITH_ORGANISATION, owned_of
from connective.partners.storage.tables import directory_entry as entry
from connective.partners.storage.tables import organisation, service, unmet_need

MOST_CANDIDATES = 200
"""More than anybody reads; when there are more, those answering most needs and nearest are ranked."""


async def candidates_for(connection: AsyncConnection, actor: Actor, ask: Ask) -> list[Candidate]:
    """The services of the actor's place that answer one of the needs, in the cells around the family."""
    cells = cells_for(ask.home, ask.radius_metres)
    found = (
        select(entry.c.service_id)
        .where(entry.c.place_id == actor.place, entry.c.need.in_(sorted(ask.needs)))
        .group_by(entry.c.service_id, entry.c.easting, entry.c.northing)
        .order_by(func.count(entry.c.need.distinct()).desc())
        .limit(MOST_CANDIDATES)
    )
    if ask.home.point is not None:
        found = found.order_by(_squared_distance(ask.home.point).asc().nulls_last())
    if cells is not None:
        found = found.where(entry.c.cell.in_(cells))
    first = found.subquery()
    wanted = (
        select(*WITH_ORGANISATION)
        .join(first, first.c.service_id == service.c.id)
        .join(organisation, organisation.c.id == service.c.organisation_id)
    )
    return [_candidate(row) for row in await connection.execute(wanted)]


def _squared_distance(point: Point) -> ColumnElement[Any]:
    east, north = entry.c.easting - point.easting, entry.c.northing - point.northing
    # `power` works in double precision: the square of a country in metres does not fit into thirty-two bits.
    return func.power(east, 2) + func.power(north, 2)


def _candidate(row: Row[tuple[object, ...]]) -> Candidate:
    owned = owned_of(row)
    return Candidate(owned.service, owned.organisation)


async def count_unmet(
    connection: AsyncConnection, place_id: UUID, *, outward: str, needs: frozenset[str], week: date
) -> None:
    """Count one search that found nothing, for each need: no family, no asker, no day, only half a postcode."""
    rows = [
        {"place_id": place_id, "outward": outward, "need": need, "week": week, "times": 1} for need in sorted(needs)
    ]
    added = insert(unmet_need).values(rows)
    await connection.execute(
        added.on_conflict_do_update(
            index_elements=[unmet_need.c.place_id, unmet_need.c.outward, unmet_need.c.need, unmet_need.c.week],
            set_={"times": unmet_need.c.times + 1},
        )
    )
