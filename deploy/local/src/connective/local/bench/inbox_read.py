"""`inbox.read`: a partner's inbox, fifty of many, through the gateway, against the same SELECT by asyncpg."""

from typing import Any

import asyncpg

from connective.local.bench.calling import bearer, caller, getting
from connective.local.bench.hub import READER, Hub
from connective.local.bench.measure import CONNECTIONS, Result, Work, repeating, side_by_side
from connective.local.bench.statements import Transaction, statements_of

_SIZES = (1_000, 100_000)
# Without a next step of its own, so that the clocks leave the copies alone; in families of their own.
_FILL = """
INSERT INTO request
SELECT copy.* FROM request AS one, generate_series(1, $2) AS nth, LATERAL jsonb_populate_record(one, jsonb_build_object(
  'id', uuidv7(), 'reference', 'BENCH-' || $3 || '-' || nth, 'family_id', gen_random_uuid(), 'next_step_at', NULL
)) AS copy WHERE one.id = $1
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
            actor = str(hub.world.cast.systems[READER].client_id)
            (transaction,) = await statements_of(hub, read, actor)
            async with _Bare(hub, transaction) as select:
                seen[str(size)] = await side_by_side(repeating(read), repeating(select))
    ours, limit = seen[str(_SIZES[-1])]
    sizes = {size: round(rate, 1) for size, (rate, _) in seen.items()}
    return Result("inbox.read", ours, limit, "requests/s", ">= 0.5", sizes)


async def _fill(hub: Hub, size: int) -> None:
    """Copy one real row until the inbox has that many."""
    organisation = hub.world.cast.organisations[hub.world.cast.systems[READER].organisation]
    admin = await hub.superuser("referrals")
    try:
        missing = size - await admin.fetchval(_HAVE, organisation)
        await admin.execute(_FILL, hub.requests["parcel"], missing, str(size))
        await admin.execute("VACUUM (ANALYZE) request")
    finally:
        await admin.close()


class _Bare:
    """The one SELECT of the list, on connections that know the actor once and for all: not even a BEGIN around it."""

    def __init__(self, hub: Hub, transaction: Transaction) -> None:
        self._url = hub.stack.databases("referrals").reader
        begin, *statements = transaction.statements
        self._context = begin.sql.partition(";")[2].replace("SET LOCAL ", "SET ")
        (self._select,) = (each for each in statements if "FROM request" in each.sql)
        self._pool: asyncpg.Pool[Any] | None = None

    async def __aenter__(self) -> Work:
        pool = self._pool = await asyncpg.create_pool(
            self._url, min_size=CONNECTIONS, max_size=CONNECTIONS, init=self._know, reset=_leave_as_it_is
        )

        async def select() -> None:
            await pool.fetch(self._select.sql, *self._select.arguments)

        return select

    async def __aexit__(self, *_: object) -> None:
        if self._pool is not None:
            await self._pool.close()

    async def _know(self, connection: "asyncpg.Connection[Any]") -> None:
        await connection.execute(self._context)


async def _leave_as_it_is(_: "asyncpg.Connection[Any]") -> None:
    """A pool's own tidying would be another round trip, and would forget the actor."""
