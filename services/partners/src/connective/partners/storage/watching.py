"""Watched, reported and stale listings in the database."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound
from connective.partners.domain.codes import FINDABLE_STATUSES
from connective.partners.domain.reports import Answered, Report, Wrong

_WATCH = """
INSERT INTO listing_watch (service_id, account_id, place_id, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (service_id, account_id) DO UPDATE SET news = 0, last_news = NULL
"""
_UNWATCH = "DELETE FROM listing_watch WHERE service_id = $1 AND account_id = $2"
_WATCHERS = """
UPDATE listing_watch SET news = news + 1, last_news = $2 WHERE service_id = ANY($1::uuid[])
RETURNING service_id, account_id
"""
_WATCHED_OF = """
SELECT DISTINCT s.id FROM service s JOIN listing_watch w ON w.service_id = s.id WHERE s.organisation_id = $1
"""
_CHASE = """
UPDATE listing_report SET chased_at = $3 WHERE place_id = $1 AND answer IS NULL AND chased_at IS NULL
  AND reported_at < $2 RETURNING *
"""
_WATCHED = """
SELECT w.service_id, w.since, s.name, o.name AS organisation_name, s.version, w.news, w.last_news FROM listing_watch w
JOIN service s ON s.id = w.service_id JOIN organisation o ON o.id = s.organisation_id
WHERE w.place_id = $1 AND w.account_id = $2 AND ($3::uuid IS NULL OR w.service_id > $3)
ORDER BY w.service_id LIMIT $4
"""
_REPORT = """
INSERT INTO listing_report (id, place_id, service_id, organisation_id, wrong, words, reporter_id,
  reporter_organisation_id, reported_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_SEEN = """place_id = $1 AND (reporter_id = $2 OR $3 OR ($4 AND organisation_id = $5))"""
"""A report is seen by who made it, by the place's coordinators, and by the administrators of whose listing it is."""
_ONE = f"SELECT * FROM listing_report WHERE {_SEEN} AND id = $6"  # noqa: S608 - constants only
_ANSWERABLE = """
SELECT * FROM listing_report WHERE place_id = $1 AND ($2 OR organisation_id = $3) AND id = $4 FOR UPDATE
"""
_LIST = f"""
SELECT * FROM listing_report WHERE {_SEEN} AND (NOT $6 OR answer IS NULL) AND ($7::uuid IS NULL OR id < $7)
ORDER BY id DESC LIMIT $8
"""  # noqa: S608 - constants only
_ANSWER = """
UPDATE listing_report SET version = $2, answer = $3, answer_words = $4, answered_by = $5, answered_at = $6 WHERE id = $1
"""
_CHECKED = "coalesce(s.assured_on, s.changed_at::date)"
_STALE = f"""
SELECT s.id, s.name, s.organisation_id, o.name AS organisation_name, s.source, {_CHECKED} AS checked_on
FROM service s JOIN organisation o ON o.id = s.organisation_id
WHERE s.place_id = $1 AND s.status = ANY($2::text[]) AND {_CHECKED} < $3 AND ($4::uuid IS NULL OR o.id = $4)
  AND ($5::uuid IS NULL OR s.id > $5) ORDER BY s.id LIMIT $6
"""  # noqa: S608 - constants only
_NOTICE = f"""
INSERT INTO listing_stale SELECT s.id, s.place_id, $4 FROM service s
WHERE s.place_id = $1 AND s.status = ANY($2::text[]) AND {_CHECKED} < $3 ON CONFLICT DO NOTHING RETURNING service_id
"""  # noqa: S608 - constants only
_FRESH = f"""
DELETE FROM listing_stale t USING service s WHERE s.id = t.service_id AND t.place_id = $1
  AND (NOT s.status = ANY($2::text[]) OR {_CHECKED} >= least($3, t.noticed_at::date))
"""  # noqa: S608 - constants only
_FINDABLE = [str(each) for each in FINDABLE_STATUSES]


async def watch(
    connection: AsyncConnection, service_id: UUID, account_id: UUID, place_id: UUID, since: datetime
) -> None:
    """Remember that somebody watches a listing; watching it again says that they have seen what was new."""
    await fetch(connection, _WATCH, [service_id, account_id, place_id, since])


async def unwatch(connection: AsyncConnection, service_id: UUID, account_id: UUID) -> None:
    """Forget it."""
    await fetch(connection, _UNWATCH, [service_id, account_id])


async def give_notice(
    connection: AsyncConnection, service_ids: Iterable[UUID], reason: str
) -> dict[UUID, tuple[UUID, ...]]:
    """Leave a notice with everybody who watches one of these listings; answers who they are, by listing."""
    watchers: dict[UUID, list[UUID]] = {}
    for row in await fetch(connection, _WATCHERS, [list(service_ids), reason]):
        watchers.setdefault(row.service_id, []).append(row.account_id)
    return {service_id: tuple(sorted(accounts)) for service_id, accounts in watchers.items()}


async def watched_of(unit: Unit, organisation_id: UUID) -> set[UUID]:
    """The listings of an organisation that somebody watches."""
    return {row.id for row in await unit.fetch(_WATCHED_OF, (organisation_id,))}


async def chase_reports(connection: AsyncConnection, place_id: UUID, *, before: datetime, at: datetime) -> list[Report]:
    """Reports that were made before an instant and are still open: each is chased once."""
    rows = await fetch(connection, _CHASE, [place_id, before, at])
    return sorted((_report_of(row) for row in rows), key=lambda report: report.id)


async def watched_by(
    connection: AsyncConnection, actor: Actor, account_id: UUID, *, after: UUID | None, limit: int
) -> list[Any]:
    """The listings that somebody watches, by id after a position."""
    return await fetch(connection, _WATCHED, [actor.place, account_id, after, limit])


async def add_report(connection: AsyncConnection, report: Report) -> None:
    """Store a new report."""
    values = [report.id, report.place_id, report.service_id, report.organisation_id, sorted(report.wrong)]
    whose = [report.words, report.reporter_id, report.reporter_organisation_id, report.reported_at, report.version]
    await fetch(connection, _REPORT, [*values, *whose])


async def lock_report(connection: AsyncConnection, actor: Actor, report_id: UUID, *, coordinates: bool) -> Report:
    """A report that the actor may answer, held until the transaction ends. Raises NotFound."""
    values = [actor.place, coordinates, actor.organisation_id, report_id]
    return _there(await fetch_one(connection, _ANSWERABLE, values))


async def find_report(connection: AsyncConnection, actor: Actor, report_id: UUID, *, coordinates: bool) -> Report:
    """A report that the actor made or answers for. Raises NotFound."""
    seen = _seen(actor, coordinates=coordinates, administers=True)
    return _there(await fetch_one(connection, _ONE, [*seen, report_id]))


def _there(row: Any) -> Report:  # noqa: ANN401 - a driver's row, or None
    if row is None:
        raise NotFound
    return _report_of(row)


async def page_of_reports(
    connection: AsyncConnection,
    actor: Actor,
    *,
    coordinates: bool,
    administers: bool,
    only_open: bool,
    after: UUID | None,
    limit: int,
) -> list[Report]:
    """The reports that an actor made or answers for, newest first."""
    seen = _seen(actor, coordinates=coordinates, administers=administers)
    return [_report_of(row) for row in await fetch(connection, _LIST, [*seen, only_open, after, limit])]


async def save_answer(connection: AsyncConnection, report: Report) -> None:
    """Store how a report was answered."""
    answer = [report.id, report.version, str(report.answer), report.answer_words]
    await fetch(connection, _ANSWER, [*answer, report.answered_by, report.answered_at])


async def stale_listings(
    connection: AsyncConnection, actor: Actor, *, before: date, owner: UUID | None, after: UUID | None, limit: int
) -> list[Any]:
    """Listings that nobody has checked since a day, by id after a position; of one organisation, or all."""
    return await fetch(connection, _STALE, [actor.place, _FINDABLE, before, owner, after, limit])


async def notice_stale(connection: AsyncConnection, place_id: UUID, *, before: date, at: datetime) -> list[UUID]:
    """Listings that became stale since this was last asked; those that were checked meanwhile are forgotten."""
    await fetch(connection, _FRESH, [place_id, _FINDABLE, before])
    return [row.service_id for row in await fetch(connection, _NOTICE, [place_id, _FINDABLE, before, at])]


def _seen(actor: Actor, *, coordinates: bool, administers: bool) -> list[Any]:
    return [actor.place, actor.account_id, coordinates, administers, actor.organisation_id]


def _report_of(row: Any) -> Report:  # noqa: ANN401 - a driver's row
    return Report(
        id=row.id,
        place_id=row.place_id,
        service_id=row.service_id,
        organisation_id=row.organisation_id,
        wrong=frozenset(map(Wrong, row.wrong)),
        words=row.words,
        reporter_id=row.reporter_id,
        reporter_organisation_id=row.reporter_organisation_id,
        reported_at=row.reported_at,
        version=row.version,
        answer=Answered(row.answer) if row.answer else None,
        answer_words=row.answer_words,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
    )
