"""`inbox.read`: a partner's inbox, fifty of many, through the gateway, against a plain SELECT of the same rows.

The limit is what a hand-written program would ask by asyncpg and get as rows; how ours has the page written, as rows
or by the server, is its own affair.
"""

from typing import Any
from uuid import UUID

import asyncpg

from connective.local.bench.calling import bearer, caller, getting
from connective.local.bench.hub import READER, Hub
from connective.local.bench.measure import CONNECTIONS, Result, Work, repeating, side_by_side

_SIZES = (1_000, 100_000)
# Without a next step of its own, so that the clocks leave the copies alone; in families of their own.
_FILL = """
INSERT INTO request
SELECT copy.* FROM request AS one, generate_series(1, $2) AS nth, LATERAL jsonb_populate_record(one, jsonb_build_object(
  'id', uuidv7(), 'reference', 'BENCH-' || $3 || '-' || nth, 'family_id', gen_random_uuid(), 'next_step_at', NULL
)) AS copy WHERE one.id = $1
"""
_SELECT = """
SELECT id::text, referral_id::text, service_id::text, referrer_organisation_id::text, recipient_organisation_id::text,
       reference, service_kind, state, version, submitted_at, received_at, needed_by, due_clock, due_owner, due_at
FROM request
WHERE place_id = $1 AND recipient_organisation_id = $2 AND submitted_at IS NOT NULL
ORDER BY request.id DESC LIMIT 51
"""
_KNOW = """
SELECT set_config('app.place', $1, false), set_config('app.organisation', $2, false),
       set_config('app.kind', 'client', false)
"""
_HAVE = "SELECT count(*) FROM request WHERE recipient_organisation_id = $1"


async def inbox_read(hub: Hub) -> Result:
    """The newest fifty, at two sizes of the inbox."""
    headers = bearer(await hub.reader_token())
    url = f"{hub.gateway}/requests?direction=received&limit=50"
    seen: dict[str, tuple[float, float]] = {}
    async with caller() as client:
        read = getting(client, url, headers)
        for size in _SIZES:
            await _fill(hub, size)
            await read()
            async with _Bare(hub) as select:
                seen[str(size)] = await side_by_side(repeating(read), repeating(select))
    ours, limit = seen[str(_SIZES[-1])]
    sizes = {size: round(rate, 1) for size, (rate, _) in seen.items()}
    return Result("inbox.read", ours, limit, "requests/s", ">= 0.5", sizes)


async def _fill(hub: Hub, size: int) -> None:
    """Copy one real row until the inbox has that many."""
    organisation = _reading_organisation(hub)
    admin = await hub.superuser("referrals")
    try:
        missing = size - await admin.fetchval(_HAVE, organisation)
        await admin.execute(_FILL, hub.requests["parcel"], missing, str(size))
        await admin.execute("VACUUM (ANALYZE) request")
    finally:
        await admin.close()


def _reading_organisation(hub: Hub) -> str:
    cast = hub.world.cast
    return cast.organisations[cast.systems[READER].organisation]


class _Bare:
    """The one SELECT of the list, on connections that know the actor once and for all: not even a BEGIN around it."""

    def __init__(self, hub: Hub) -> None:
        self._url = hub.stack.databases("referrals").reader
        self._who = (hub.world.cast.place.id, UUID(_reading_organisation(hub)))
        self._pool: asyncpg.Pool[Any] | None = None

    async def __aenter__(self) -> Work:
        pool = self._pool = await asyncpg.create_pool(
            self._url, min_size=CONNECTIONS, max_size=CONNECTIONS, init=self._know, reset=_leave_as_it_is
        )

        async def select() -> None:
            await pool.fetch(_SELECT, *self._who)

        return select

    async def __aexit__(self, *_: object) -> None:
        if self._pool is not None:
            await self._pool.close()

    async def _know(self, connection: "asyncpg.Connection[Any]") -> None:
        await connection.execute(_KNOW, *map(str, self._who))


async def _leave_as_it_is(_: "asyncpg.Connection[Any]") -> None:
    """A pool's own tidying would be another round trip, and would forget the actor."""
