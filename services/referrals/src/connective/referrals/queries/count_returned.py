"""How many requests to each service ended in a quarter, and which of them came back without action, by reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Database, fetch
from connective.kit.problems import NotAllowed
from connective.referrals.domain.returned import Figure, suppressed

_COUNT = """
SELECT r.service_id, r.recipient_organisation_id AS organisation_id,
  CASE WHEN r.state = 'declined' THEN coalesce(r.decline->>'code', 'other') WHEN r.state = 'lapsed' THEN 'lapsed'
    END AS reason,
  count(*)::int AS count
FROM request AS r
WHERE r.place_id = $1 AND NOT r.is_open AND r.submitted_at IS NOT NULL AND r.since >= $2 AND r.since < $3
  AND CASE $4::text WHEN 'sent' THEN r.referrer_organisation_id = $5
    WHEN 'received' THEN r.recipient_organisation_id = $5 ELSE NOT r.sensitive END
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first instant up to, and without, the last."""

    begins: datetime
    ends: datetime


async def count_returned(
    database: Database, actor: Actor, period: Period, direction: str, *, coordinates: bool
) -> Sequence[Figure]:
    """One figure for each service: whole of the organisation's own `sent` or `received`, suppressed of the `place`.

    A sensitive service is in nobody else's count. Raises NotAllowed for the place without the permission.
    """
    organisation = None if direction == "place" else actor.organisation
    if direction == "place":
        if not coordinates:
            raise NotAllowed("Only a hub coordinator sees the whole place.")
        # The place's figures are the Hub's own work, done in the coordinator's name: row security lets it through.
        actor = replace(actor, kind=ActorKind.SERVICE)
    parameters = (actor.place, period.begins, period.ends, direction, organisation)
    async with database.reading(actor) as connection:
        rows = await fetch(connection, _COUNT, parameters)
    figures: dict[tuple[object, object], Figure] = {}
    for row in rows:
        key = (row.service_id, row.organisation_id)
        before = figures.get(key, Figure(row.service_id, row.organisation_id, 0, 0, {}))
        back = row.count if row.reason is not None else 0
        reasons = {**before.reasons, **({row.reason: row.count} if back else {})}
        ended, returned = (before.ended or 0) + row.count, (before.returned or 0) + back
        figures[key] = replace(before, ended=ended, returned=returned, reasons=reasons)
    return [suppressed(each) if direction == "place" else each for each in figures.values()]
