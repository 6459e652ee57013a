"""Signposts: added together with what they announce, and found for the organisation that gave them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.contracts.referral_events import SignpostGiven
from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound
from connective.referrals.domain.signposts import Signpost, Told

_COLUMNS = """id, place_id, organisation_id, family_id, service_id, service_kind, sensitive, subjects, needs, told,
    given_by, given_at"""
_OWN = "place_id = $1 AND organisation_id = $2"
_ADD = f"""
INSERT INTO signpost ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::uuid[], $9::text[], $10, $11, $12)
"""  # noqa: S608 - constants only
_ONE = f"SELECT {_COLUMNS} FROM signpost WHERE {_OWN} AND id = $3"  # noqa: S608 - constants only
_LIST = f"""
SELECT {_COLUMNS} FROM signpost WHERE {_OWN} AND family_id = $3 AND ($4::uuid IS NULL OR id < $4)
  AND NOT subjects && ARRAY(SELECT person_id FROM stored_only WHERE place_id = $1)
ORDER BY id DESC LIMIT $5
"""  # noqa: S608 - constants only
_COUNT = f"""
SELECT service_id, count(*)::int AS count FROM signpost
WHERE {_OWN} AND given_at >= $3 AND given_at < $4 GROUP BY 1 ORDER BY 1
"""  # noqa: S608 - constants only


async def add_signpost(unit: Unit, new: Signpost) -> None:
    """Store a new one and announce it, to nobody but the family's own chronology."""
    values = (
        *(new.id, new.place_id, new.organisation_id, new.family_id, new.service_id, new.service_kind, new.sensitive),
        *(list(new.subjects), list(new.needs), str(new.told), new.given_by, new.given_at),
    )
    await unit.run(_ADD, values)
    unit.tell(
        SignpostGiven(
            signpost_id=new.id,
            family_id=new.family_id,
            organisation_id=new.organisation_id,
            service_kind=None if new.sensitive else new.service_kind,
            sensitive=new.sensitive,
            at=new.given_at,
        ),
        version=1,
        place_id=new.place_id,
    )


async def load_signpost(connection: AsyncConnection, actor: Actor, signpost_id: UUID) -> Signpost:
    """One that the actor's organisation gave. Raises NotFound."""
    row = await fetch_one(connection, _ONE, (actor.place, actor.organisation, signpost_id))
    if row is None:
        raise NotFound
    return _signpost(row)


async def list_signposts(
    connection: AsyncConnection, actor: Actor, family_id: UUID, after: UUID | None, limit: int
) -> list[Signpost]:
    """Those the actor's organisation gave a family, newest first: one more than the limit, if there is one."""
    rows = await fetch(connection, _LIST, (actor.place, actor.organisation, family_id, after, limit + 1))
    return [_signpost(row) for row in rows]


async def count_signposts(
    connection: AsyncConnection, actor: Actor, begins: datetime, ends: datetime
) -> Sequence[tuple[UUID, int]]:
    """How many the actor's organisation gave for each service, from the first instant up to, and without, the last."""
    rows = await fetch(connection, _COUNT, (actor.place, actor.organisation, begins, ends))
    return [(row.service_id, row.count) for row in rows]


def _signpost(row: Any) -> Signpost:  # noqa: ANN401 - a driver row
    return Signpost(
        id=row.id,
        place_id=row.place_id,
        organisation_id=row.organisation_id,
        family_id=row.family_id,
        service_id=row.service_id,
        service_kind=row.service_kind,
        sensitive=row.sensitive,
        subjects=tuple(row.subjects),
        needs=tuple(row.needs),
        told=Told(row.told),
        given_by=row.given_by,
        given_at=row.given_at,
    )
