from datetime import datetime

from connective.consent.commands.consent_facts import consent_event, enter_consent, persons_of
from connective.consent.domain.consent import ConsentState
from connective.consent.storage.people import person_keys
from connective.consent.storage.statements import Act, add_consent_act, end_consent, expired_consents, people_of
from connective.contracts.consent_events import ConsentExpired
from connective.kit.actor import service_actor
from connective.kit.database import Database

_CLOCK = service_actor("consent")
_AT_ONCE = 100


async def expire_consents(database: Database, now: datetime) -> int:
    """Mark and announce each yes that has run out; decisions stopped relying on it at that instant by themselves."""
    state = ConsentState.EXPIRED.value
    async with database.unit(_CLOCK) as unit:
        rows = await expired_consents(unit.connection, now, _AT_ONCE)
        for row in rows:
            people = await people_of(unit.connection, row["id"])
            version = row["version"] + 1
            await end_consent(unit.connection, row["id"], state=state, version=version, withdrawn_at=None)
            await add_consent_act(unit.connection, row["place_id"], _CLOCK, Act(row["id"], state, now))
            keys = await person_keys(unit, row["place_id"], persons_of(row, people))
            unit.tell(consent_event(ConsentExpired, row, people), version=version, place_id=row["place_id"])
            await enter_consent(unit, state, row, people, keys, at=now, place_id=row["place_id"])
    return len(rows)
