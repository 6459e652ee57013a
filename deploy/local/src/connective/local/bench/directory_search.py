"""`directory.search`: need, age and distance among fifty thousand services, against the statements of that search."""

import json

from connective.local.bench.calling import asking, bearer, caller
from connective.local.bench.gateway_cost import claims_of
from connective.local.bench.hub import Hub
from connective.local.bench.measure import Result, repeating, side_by_side
from connective.local.bench.statements import Replay, statements_of

_SIZES = (1_000, 50_000)
_NEEDS = ("food_or_fuel_poverty", "debt_or_arrears", "eviction_risk", "parenting_support", "young_carer")
_SEARCH = {"needs": [_NEEDS[0]], "ages": [3, 34], "postcode": "TA20 1QL", "radius_km": 15}
# Copies of one real service over a square of sixty kilometres around Chard, each for one need in five and some ages.
_FILL = """
INSERT INTO service
SELECT copy.* FROM service AS one, generate_series($2::int, $3::int) AS nth,
  LATERAL (SELECT 302500 + floor(random() * 60000)::int AS east, 78500 + floor(random() * 60000)::int AS north,
    floor(random() * 18)::int AS youngest, nth AS again) AS made,
  LATERAL jsonb_populate_record(one, jsonb_build_object(
    'id', md5('bench ' || nth)::uuid, 'name', 'Copy ' || nth, 'needs', jsonb_build_array(($4::text[])[1 + nth % 5]),
    'minimum_age', made.youngest, 'maximum_age', made.youngest + 10, 'areas', '[]'::jsonb, 'same_day', NULL,
    'locations', jsonb_build_array(jsonb_build_object('kind', 'physical', 'name', 'Hall ' || nth,
      'postcode', 'TA20 1QL', 'address', jsonb_build_array(nth || ' Fore Street'),
      'point', jsonb_build_array(made.east, made.north)))
  )) AS copy WHERE one.id = $1
"""
_INDEX = """
INSERT INTO directory_entry
SELECT s.place_id, s.needs[1], 'grid:' || (p.east / 10000) || ':' || (p.north / 10000), s.id, p.east, p.north,
  s.minimum_age, s.maximum_age
FROM service s, LATERAL (SELECT (s.locations -> 0 -> 'point' ->> 0)::int AS east,
  (s.locations -> 0 -> 'point' ->> 1)::int AS north) AS p WHERE s.name LIKE 'Copy %'
ON CONFLICT DO NOTHING
"""


async def directory_search(hub: Hub) -> Result:
    """One search, through the gateway, at two sizes of the directory."""
    seen: dict[str, tuple[float, float]] = {}
    filled = 0
    async with caller() as client:
        for size in _SIZES:
            await _fill(hub, filled + 1, size)
            filled = size
            token = await hub.worker_token()
            body = json.dumps(_SEARCH).encode()
            search = asking(client, f"{hub.gateway}/services/searches", bearer(token), body)
            await search()
            transactions = await statements_of(hub, search, str(claims_of(token)["sub"]))
            async with Replay(hub, transactions, frozenset()) as replay:
                await replay()
                seen[str(size)] = await side_by_side(repeating(search), repeating(replay))
    ours, limit = seen[str(_SIZES[-1])]
    sizes = {size: round(rate, 1) for size, (rate, _) in seen.items()}
    return Result("directory.search", ours, limit, "searches/s", ">= 0.5", sizes)


async def _fill(hub: Hub, first: int, last: int) -> None:
    admin = await hub.superuser("partners")
    try:
        await admin.execute(_FILL, hub.world.cast.services["parcel"], first, last, list(_NEEDS), timeout=180)
        await admin.execute(_INDEX, timeout=180)
        await admin.execute("VACUUM (ANALYZE) service")
        await admin.execute("VACUUM (ANALYZE) directory_entry")
    finally:
        await admin.close()
