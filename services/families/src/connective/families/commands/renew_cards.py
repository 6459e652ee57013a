"""Cards of those whose data are only stored (UK GDPR Article 18), where an older release left them otherwise."""

from datetime import datetime
from uuid import UUID

from connective.families.commands.means import Means
from connective.families.domain.dates import day_of
from connective.families.storage.cards import refresh
from connective.families.storage.mapping import Keeper
from connective.kit.actor import service_actor
from connective.kit.database import fetch

_AT_ONCE = 100
_OTHERWISE = """
SELECT p.id, p.place_id, p.organisation_id, m.family_id FROM person p
JOIN LATERAL (SELECT family_id FROM membership WHERE person_id = p.id ORDER BY family_id LIMIT 1) m ON true
WHERE p.processing_restricted AND p.merged_into IS NULL AND p.id > $1
  AND NOT EXISTS (SELECT 1 FROM search_card c WHERE c.person_id = p.id AND c.stored_only)
ORDER BY p.id LIMIT $2
"""
_HELD = "SELECT 1 FROM family WHERE id = $1 FOR UPDATE"
_NOBODY = UUID(int=0)


async def renew_cards(means: Means, now: datetime) -> None:
    """Make the cards of such families anew: without a name, and found by whoever would register them again.

    Whoever must not be found has none, and is looked at in vain each time: they are few.
    """
    after = _NOBODY
    while True:
        async with means.database.reading(service_actor("families")) as connection:
            rows = await fetch(connection, _OTHERWISE, (after, _AT_ONCE))
        for row in rows:
            async with means.database.unit(service_actor("families", row.place_id)) as unit:
                # A change of the family waits for this, or this sees it: otherwise both would write the same card.
                await unit.fetch(_HELD, (row.family_id,))
                keeper = Keeper(row.place_id, row.organisation_id)
                await refresh(unit, keeper, [row.family_id], means.search_key, day_of(now))
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].id
