"""`inbox.read` beside its bare SELECT; and whether inbox, feed and search stay as fast with a hundred times as many.

`inbox.growth`, `feed.growth` and `tasks.growth` put the rate at 100,000 requests beside the rate at 1,000, which is
measured some minutes earlier in the same run: the sizes cannot be measured in turn.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from connective.local.bench.calling import bearer, caller, getting
from connective.local.bench.hub import Hub
from connective.local.bench.inbox_read import Bare, reading_organisation
from connective.local.bench.measure import Result, repeating, side_by_side

SIZES = (1_000, 100_000)
# Without a next step of its own, so that the clocks leave the copies alone; in families of their own. Each has what a
# sent request has: an entry of history, five minutes after the one before it, and a published fact with its place in
# the feed.
_FILL = """
WITH copies AS (
  INSERT INTO request
  SELECT copy.* FROM request AS one, generate_series(1, $2::int) AS nth, LATERAL jsonb_populate_record(one,
    jsonb_build_object('id', uuidv7(), 'reference', 'BENCH-' || $3::text || '-' || nth, 'family_id', gen_random_uuid(),
    'next_step_at', NULL)) AS copy WHERE one.id = $1 RETURNING id
), numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS nth FROM copies),
lived AS (
  INSERT INTO request_history
  SELECT entry.* FROM numbered, request_history AS one, LATERAL jsonb_populate_record(one, jsonb_build_object(
    'request_id', numbered.id, 'at', now() - interval '400 days' + numbered.nth * interval '5 minutes')) AS entry
  WHERE one.request_id = $1 AND one.fact = 'submitted'
), head AS (UPDATE outbox_head SET position = position + $2::int RETURNING position - $2::int AS before)
INSERT INTO outbox (event_id, subject, type, aggregate_id, aggregate_version, place_id, data, traceparent, occurred_at,
                    feed_position, published_at)
SELECT uuidv7(), one.subject, one.type, numbered.id, one.aggregate_version, one.place_id, one.data, one.traceparent,
       now(), head.before + numbered.nth, now()
FROM numbered, head, (SELECT * FROM outbox WHERE subject = 'hub.referrals.request.submitted' LIMIT 1) AS one
"""
_HAVE = "SELECT count(*) FROM request WHERE recipient_organisation_id = $1"
_FILLED = ("request", "request_history", "outbox")


async def inbox_read(hub: Hub) -> Result:
    """The newest fifty, at two sizes of the inbox, against a plain SELECT of the same rows."""
    seen = (await _measured(hub))["inbox"]
    ours, limit = seen[str(SIZES[-1])]
    sizes = {size: round(rate, 1) for size, (rate, _) in seen.items()}
    return Result("inbox.read", ours, limit, "requests/s", ">= 0.5", sizes)


def growth(what: str) -> Callable[[Hub], Awaitable[Result]]:
    """The benchmark of one reading at the larger size, beside the smaller."""

    async def measure(hub: Hub) -> Result:
        seen = (await _measured(hub))[what]
        small, large = (seen[str(size)][0] for size in SIZES)
        return Result(f"{what}.growth", large, small, "requests/s", ">= 0.8")

    return measure


async def _measured(hub: Hub) -> dict[str, dict[str, tuple[float, float]]]:
    """Ours and the limit of each reading by size; measured once, as what has grown does not shrink again."""
    if not hub.grown:
        hub.grown = {"inbox": {}, "feed": {}, "tasks": {}}
        for size in SIZES:
            await _fill(hub, size)
            await _measure(hub, str(size))
    return hub.grown


async def _measure(hub: Hub, size: str) -> None:
    headers = bearer(await hub.reader_token())
    fhir = hub.gateway.removesuffix("/api/v1") + "/fhir"
    async with caller() as client:
        inbox = getting(client, f"{hub.gateway}/requests?direction=received&limit=50", headers)
        feed = getting(client, f"{hub.gateway}/requests/changes?limit=50&cursor={await _late(hub)}", headers)
        today = datetime.now(UTC).date()
        tasks = getting(client, f"{fhir}/Task?_lastUpdated=ge{today}&_count=50", headers)
        for read in (inbox, feed, tasks):
            await read()
        async with Bare(hub) as select:
            hub.grown["inbox"][size] = await side_by_side(repeating(inbox), repeating(select))
        # Interleaved with each other, as neither has a limit of its own.
        feeds, searches = await side_by_side(repeating(feed), repeating(tasks))
        hub.grown["feed"][size], hub.grown["tasks"][size] = (feeds, searches), (searches, feeds)


async def _late(hub: Hub) -> str:
    """A cursor eight hundred changes after the feed's beginning: what lies behind it differs a hundredfold."""
    system = await hub.reader()
    cursor = (await system.get("/requests/changes?limit=200")).json()["next_cursor"]
    for _ in range(3):
        cursor = (await system.get(f"/requests/changes?limit=200&cursor={cursor}")).json()["next_cursor"]
    await system.client.aclose()
    return str(cursor)


async def _fill(hub: Hub, size: int) -> None:
    """Copy one real row until the inbox has that many."""
    admin = await hub.superuser("referrals")
    try:
        missing = size - await admin.fetchval(_HAVE, reading_organisation(hub))
        await admin.execute(_FILL, hub.requests["parcel"], missing, str(size), timeout=300)
        for table in _FILLED:
            await admin.execute(f"VACUUM (ANALYZE) {table}")
    finally:
        await admin.close()
