"""The limit of `inbox.read`: a plain SELECT of the fifty newest rows of a partner's inbox.

It is what a hand-written program would ask by asyncpg and get as rows; how ours has the page written, as rows
or by the server, is its own affair.
"""

from typing import Any
from uuid import UUID

import asyncpg

from connective.local.bench.hub import READER, Hub
from connective.local.bench.measure import CONNECTIONS, Work

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


def reading_organisation(hub: Hub) -> str:
    """The id of the organisation whose inbox is read."""
    cast = hub.world.cast
    return cast.organisations[cast.systems[READER].organisation]


class Bare:
    """The one SELECT of the list, on connections that know the actor once and for all: not even a BEGIN around it."""

    def __init__(self, hub: Hub) -> None:
        self._url = hub.stack.databases("referrals").reader
        self._who = (hub.world.cast.place.id, UUID(reading_organisation(hub)))
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
