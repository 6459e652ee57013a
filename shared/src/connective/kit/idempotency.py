"""Safe retries: the same key makes one change and one answer, whatever happens to the first answer on its way.

The command's own transaction stores (organisation, actor, route, key) with a fingerprint of the body and what came of
it: never the answer, which a replay rebuilds by the normal read (draft-ietf-httpapi-idempotency-key-header-07).
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Index, Integer, LargeBinary, MetaData, Table, Text, Uuid, func

from connective.kit.actor import Actor
from connective.kit.database import ASKER, Unit, Units, asker_sql
from connective.kit.problems import BadRequest, KeyMissing, KeyReused, StillRunning

HEADER = "Idempotency-Key"
_KEY = re.compile(r'^"?([A-Za-z0-9_.:-]{8,100})"?$')
NO_ORGANISATION = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a POST: its key, the route it was made on, and the fingerprint of its body."""

    key: str
    route: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did: which resource, with which status; `replayed` when an earlier attempt had done it."""

    resource_id: UUID
    status: int
    replayed: bool = False


def read_attempt(header: str | None, route: str, body: bytes, secret: bytes) -> Attempt:
    """The attempt a request makes. Raises KeyMissing or BadRequest."""
    if header is None:
        raise KeyMissing("Send an Idempotency-Key header (a UUID is best) so that a retry cannot act twice.")
    match = _KEY.fullmatch(header)
    if match is None:
        raise BadRequest("An Idempotency-Key is 8 to 100 letters, digits, and - _ . : characters.")
    return Attempt(match.group(1), route, hmac.new(secret, body, hashlib.sha256).digest())


def idempotency_table(metadata: MetaData) -> Table:
    """Where attempts are kept for 24 hours."""
    return Table(
        "idempotency_key",
        metadata,
        Column("organisation_id", Uuid, primary_key=True),
        Column("actor", Text, primary_key=True),
        Column("route", Text, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("fingerprint", LargeBinary, nullable=False),
        Column("status", Integer, nullable=False),
        Column("resource_id", Uuid, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Index("idempotency_key_created", "created_at"),
    )


_LOOK = """
SELECT pg_try_advisory_xact_lock(hashtextextended($1::text || $2::text || $3::text || $4::text, 7)) AS free,
       k.fingerprint, k.status, k.resource_id
FROM (SELECT 1) AS one
LEFT JOIN idempotency_key AS k
  ON k.organisation_id = $1::uuid AND k.actor = $2 AND k.route = $3 AND k.key = $4
"""
_KEEP = """
INSERT INTO idempotency_key (organisation_id, actor, route, key, fingerprint, status, resource_id)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING RETURNING 1
"""
CLAIMED = "claimed"
"""What the common table expression is called that has one row when the attempt is the first under its key."""
_OF_THE_ATTEMPT = 7


def claim_sql(first: int) -> str:
    """`earlier` and `remember` as common table expressions, for a statement that is all of `Database.unit_alone`.

    The statement writes its rows only `WHERE EXISTS (SELECT FROM claimed)`, which also makes it say first who asks.
    Its parameters for this begin at number `first`; see `claim`. When nothing is claimed, `repeated` says why.
    """
    organisation, actor, route, key, fingerprint, status, resource = (
        f"${first + place}" for place in range(_OF_THE_ATTEMPT)
    )
    owner = f"{organisation}::uuid::text || {actor}::text || {route}::text || {key}::text"
    return f"""{asker_sql(first + _OF_THE_ATTEMPT)},
     attempt AS MATERIALIZED (
        SELECT pg_try_advisory_xact_lock(hashtextextended({owner}, 7)) AS free FROM {ASKER}),
     {CLAIMED} AS (
        INSERT INTO idempotency_key (organisation_id, actor, route, key, fingerprint, status, resource_id)
        SELECT {organisation}, {actor}, {route}, {key}, {fingerprint}::bytea, {status}::int, {resource}::uuid
        FROM attempt WHERE free ON CONFLICT DO NOTHING RETURNING 1)"""  # noqa: S608 - names and numbers of parameters


def claim(unit: Unit, attempt: Attempt, done: Done) -> tuple[Any, ...]:
    """The parameters of `claim_sql`, in their order."""
    return (*_row(unit, attempt, done), *unit.asker())


def _row(unit: Unit, attempt: Attempt, done: Done) -> tuple[Any, ...]:
    return (
        _owner(unit),
        unit.actor.id,
        attempt.route,
        attempt.key,
        attempt.fingerprint,
        done.status,
        done.resource_id,
    )


async def repeated(unit: Unit, attempt: Attempt) -> Done:
    """What the attempt did that claimed the key before this one. Raises KeyReused, or StillRunning while it runs."""
    done = await earlier(unit, attempt)
    if done is None:
        raise StillRunning("The first attempt under this key has just failed; ask again.", retry_after=1)
    return done


def _owner(unit: Unit) -> UUID:
    return unit.actor.organisation_id or NO_ORGANISATION


async def earlier(unit: Unit, attempt: Attempt) -> Done | None:
    """What an earlier attempt under this key did, if there was one.

    Raises KeyReused for another body, and StillRunning while the first has not committed.
    """
    parameters = (str(_owner(unit)), unit.actor.id, attempt.route, attempt.key)
    row = await unit.fetch_one(_LOOK, parameters)
    if row.fingerprint is None:
        if not row.free:
            raise StillRunning(
                "The first attempt under this key has not finished; ask again in a moment.", retry_after=1
            )
        return None
    if not hmac.compare_digest(row.fingerprint, attempt.fingerprint):
        raise KeyReused("This key was used with another body: use a new key for a new request.")
    return Done(row.resource_id, row.status, replayed=True)


async def done_before(database: Units, actor: Actor, attempt: Attempt) -> Done | None:
    """What an earlier attempt under this key did, for a command that asks or acts elsewhere before its transaction.

    A retry then does nothing elsewhere a second time, and is answered though what it asked is away or has changed
    since. It only looks: the command's own transaction settles who of two at once is first. Raises as `earlier`.
    """
    async with database.unit(actor) as unit:
        found: Done | None = await earlier(unit, attempt)
        return found


async def remember(unit: Unit, attempt: Attempt, done: Done) -> Done:
    """Keep what this attempt did, in its own transaction.

    Raises StillRunning when another attempt under the key committed since `earlier` looked: this one is undone.
    """
    if await unit.fetch_one(_KEEP, _row(unit, attempt, done)) is None:
        raise StillRunning("Another attempt under this key has just finished; ask again.", retry_after=1)
    return done
