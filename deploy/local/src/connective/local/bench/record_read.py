"""`record.read`: one request as its recipient, decided and recorded first, against the same SQL by asyncpg."""

import time

from connective.local.bench.calling import bearer, caller, getting
from connective.local.bench.hub import READER, Hub
from connective.local.bench.measure import Result, repeating, side_by_side
from connective.local.bench.statements import Replay, ids_made, statements_of


async def record_read(hub: Hub) -> Result:
    """Read again and again: the first reading, which also receives the request, is not counted."""
    headers = bearer(await hub.reader_token())
    async with caller() as client:
        read = getting(client, f"{hub.gateway}/requests/{hub.requests['parcel']}", headers)
        await read()
        await read()
        since_ms = time.time_ns() // 1_000_000
        transactions = await statements_of(hub, read, str(hub.world.cast.systems[READER].client_id))
        async with Replay(hub, transactions, ids_made(transactions, since_ms)) as replay:
            await replay()
            ours, limit = await side_by_side(repeating(read), repeating(replay))
    return Result("record.read", ours, limit, "requests/s", ">= 0.35")
