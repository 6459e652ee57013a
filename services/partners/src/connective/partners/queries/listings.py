"""Watched, reported and stale listings, as those may read them whom they concern."""

from datetime import date
from typing import Any
from uuid import UUID

from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.partners.domain.reports import Report
from connective.partners.storage.watching import find_report, page_of_reports, stale_listings, watched_by
from connective.partners.storage.works import COORDINATING


async def watched(database: Database, actor: Actor, account_id: UUID, *, after: UUID | None, limit: int) -> list[Any]:
    """The listings that somebody watches."""
    async with database.reading(actor) as connection:
        return await watched_by(connection, actor, account_id, after=after, limit=limit)


async def reports(
    database: Database,
    actor: Actor,
    *,
    coordinates: bool,
    administers: bool,
    only_open: bool,
    after: UUID | None,
    limit: int,
) -> list[Report]:
    """The reports that the actor made or answers for, newest first."""
    async with database.reading(actor, work=COORDINATING if coordinates else "") as connection:
        return await page_of_reports(
            connection,
            actor,
            coordinates=coordinates,
            administers=administers,
            only_open=only_open,
            after=after,
            limit=limit,
        )


async def report(database: Database, actor: Actor, report_id: UUID, *, coordinates: bool) -> Report:
    """One report that the actor made or answers for. Raises NotFound."""
    async with database.reading(actor, work=COORDINATING if coordinates else "") as connection:
        return await find_report(connection, actor, report_id, coordinates=coordinates)


async def stale(
    database: Database, actor: Actor, *, before: date, owner: UUID | None, after: UUID | None, limit: int
) -> list[Any]:
    """Listings that nobody has checked since a day."""
    async with database.reading(actor) as connection:
        return await stale_listings(connection, actor, before=before, owner=owner, after=after, limit=limit)
