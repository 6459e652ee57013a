"""The search's first step: candidates from indexes alone; and the needs that found nothing."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.kit.actor import Actor
from connective.kit.database import Database, fetch
from connective.partners.domain.cells import cells_for
from connective.partners.domain.matching import Ask, Candidate
from connective.partners.domain.unmet import Counted, Searched
from connective.partners.storage.candidates import CANDIDATE_COLUMNS, KnownCandidates

# Everybody asked about, or nobody: one age inside is enough, and a service that says nothing is for all.
# Each age by its place: a sub-select for each of thousands of entries takes longer than all the rest.
_AGE_FITS = "($6::int[])[{nth}] BETWEEN coalesce(e.minimum_age, 0) AND coalesce(e.maximum_age, 200)"
_ANY_AGE = "cardinality($6::int[]) = 0"
# How many of the needs: one bit for each, because counting distinct ones would have to sort every entry.
_ANSWERED = "bit_count(bit_or(1::bigint << array_position($2::text[], e.need))::bit(64)) DESC,"
_DISTANCE = "power(e.easting - $4::float8, 2) + power(e.northing - $5::float8, 2)"
_ALL_WORDS = """NOT EXISTS (SELECT FROM unnest(tsvector_to_array(to_tsvector('english', $7))) AS w(word)
  WHERE NOT EXISTS (SELECT FROM directory_word d
    WHERE d.place_id = $1 AND d.word = w.word AND d.service_id = e.service_id))"""
_BY_NEED = """
SELECT e.service_id FROM directory_entry e
WHERE e.place_id = $1 AND e.need = ANY($2::text[]) {cells} {words}
GROUP BY e.service_id, e.easting, e.northing, e.minimum_age, e.maximum_age
ORDER BY {answered} ({ages}) DESC, ({distance}) NULLS LAST
LIMIT {most}
"""
_BY_WORDS = """
SELECT e.service_id FROM directory_word e
WHERE e.place_id = $1 AND e.word = ANY(tsvector_to_array(to_tsvector('english', $2)))
GROUP BY e.service_id, e.easting, e.northing
HAVING count(*) = cardinality(tsvector_to_array(to_tsvector('english', $2)))
ORDER BY power(e.easting - $3::float8, 2) + power(e.northing - $4::float8, 2) NULLS LAST
LIMIT {most}
"""
_READ = """
SELECT found.service_id, s.xmin AS s_written, o.xmin AS o_written FROM ({found}) AS found
JOIN service s ON s.id = found.service_id JOIN organisation o ON o.id = s.organisation_id
"""
_MORE = f"""
SELECT {CANDIDATE_COLUMNS}, s.xmin AS s_written, o.xmin AS o_written FROM service s
JOIN organisation o ON o.id = s.organisation_id WHERE s.place_id = $1 AND s.id = ANY($2::uuid[])
"""  # noqa: S608 - constants only
_COUNT = """
INSERT INTO unmet_need (place_id, outward, district, need, age_band, week, times)
SELECT $1, $2, $3, n.need, b.band, $6, 1 FROM unnest($4::text[]) AS n(need), unnest($5::text[]) AS b(band)
ON CONFLICT (place_id, outward, district, need, age_band, week) DO UPDATE SET times = unmet_need.times + 1
"""
_UNMET = """
SELECT outward, district, need, age_band, sum(times)::int AS times FROM unmet_need
WHERE place_id = $1 AND week >= $2 AND week < $3 AND ($4::text[] IS NULL OR outward = ANY($4::text[]))
GROUP BY 1, 2, 3, 4
"""


async def candidates_for(
    database: Database, known: KnownCandidates, actor: Actor, ask: Ask, most: int
) -> list[Candidate]:
    """The services of the actor's place that answer one of the needs or hold the words, nearest first, at most so many.

    Where more answer than are read, those that answer most needs, fit the ages and are nearest are. The first statement
    says which, and which writing of each row they have; only what is not known by that writing is read in full.
    """
    statement, values = _found(actor.place, ask, most)
    rows = await database.read_alone(actor, _READ.format(found=statement), values)
    found = [(row["service_id"], row["s_written"], row["o_written"]) for row in rows]
    with_hours = ask.day is not None
    unknown = [key[0] for key in found if known.get(key, with_hours=with_hours) is None]
    if unknown:
        for row in await database.read_alone(actor, _MORE, [actor.place, unknown]):
            known.keep((row["id"], row["s_written"], row["o_written"]), row, with_hours=with_hours)
    # What was written between the two statements is left to the next search, as though it had been written after.
    read = (known.get(key, with_hours=with_hours) for key in found)
    return [each for each in read if each is not None]


def _found(place: UUID, ask: Ask, most: int) -> tuple[str, list[Any]]:
    """The statement that finds them, and its values; its text holds nothing that anybody sent."""
    point = ask.home.point
    east, north = (point.easting, point.northing) if point else (None, None)
    if not ask.needs:
        return _BY_WORDS.format(most=most), [place, ask.words, east, north]
    cells = cells_for(ask.home, ask.radius_metres)
    values: list[Any] = [place, sorted(ask.needs), list(cells or ()), east, north, list(ask.ages)]
    statement = _BY_NEED.format(
        # A statement names every value it is sent, also the cells where it looks everywhere.
        cells="AND cardinality($3::text[]) = 0" if cells is None else "AND e.cell = ANY($3::text[])",
        words=f"AND {_ALL_WORDS}" if ask.words else "",
        ages=" OR ".join([_ANY_AGE, *(_AGE_FITS.format(nth=at) for at in range(1, len(ask.ages) + 1))]),
        answered=_ANSWERED if len(ask.needs) > 1 else "",
        distance=_DISTANCE,
        most=most,
    )
    return statement, [*values, ask.words] if ask.words else values


async def count_unmet(connection: AsyncConnection, place_id: UUID, searched: Searched) -> None:
    """Count one search that found nothing, for each need and band: no family, no asker, no day, no full postcode."""
    home = searched.home
    values = [place_id, home.outward or "", home.district or "", sorted(searched.needs), list(searched.bands)]
    await fetch(connection, _COUNT, [*values, searched.week])


async def unmet_counts(
    connection: AsyncConnection, actor: Actor, *, since: date, until: date, outwards: list[str] | None
) -> list[Counted]:
    """How often searches found nothing over those weeks, by half postcode, district, need and age band."""
    rows = await fetch(connection, _UNMET, [actor.place, since, until, outwards])
    return [Counted(row.outward, row.district, row.need, row.age_band, row.times) for row in rows]
