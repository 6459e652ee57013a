"""Two keepers' records count as one person: where either stops notices, nobody is prompted by the other's."""

from datetime import datetime
from uuid import UUID

from connective.contracts.people_events import NoticesResumed, NoticesStopped
from connective.families.domain.chronology import Entry
from connective.families.storage.acts import enter
from connective.families.storage.quiet import Carried, carry_quiet
from connective.families.storage.writing import move_families_on
from connective.kit.database import Unit
from connective.kit.ids import new_id


async def carry_notices(unit: Unit, people: tuple[UUID, ...], now: datetime) -> None:
    """Stop notices under every record of these people while one of them says so, and let them go again after.

    Each keeper's families and requests follow by the same fact as for their own. Why is not said: a death or a loss
    that one keeper knows of is theirs to tell. Doing it twice changes nothing.
    """
    for each in await carry_quiet(unit, people):
        if not each.own:
            await _tell(unit, each, now)


async def _tell(unit: Unit, told: Carried, now: datetime) -> None:
    fact = NoticesStopped if told.elsewhere else NoticesResumed
    event = fact(person_id=told.person_id, organisation_id=told.organisation_id)
    unit.tell(event, version=told.version, place_id=told.place_id)
    code = "notices.stopped_elsewhere" if told.elsewhere else "notices.resumed_elsewhere"
    families = await move_families_on(unit, told.person_id)
    entries = [
        Entry(new_id(), family_id, now, code, None, told.organisation_id, version, told.person_id)
        for family_id, version in families.items()
    ]
    await enter(unit, [(told.place_id, entry) for entry in entries])
