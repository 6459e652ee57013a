"""End what no longer holds in a record: a need, a strength, a way to make contact, an address, a relationship."""

from datetime import datetime

from connective.families.commands.means import Means
from connective.families.domain.dates import day_of
from connective.families.domain.ending import Ending, Part, check_ending, ended
from connective.families.storage import tables
from connective.families.storage.acts import Act, audit, enter_own, tell_changed
from connective.families.storage.cards import refresh
from connective.families.storage.ending import close, period_of
from connective.families.storage.mapping import Keeper
from connective.families.storage.seeing import keep_family, see_people
from connective.families.storage.writing import move_families_on, move_on
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.problems import NotFound

_OF_PERSON = frozenset({Part.CONTACT, Part.NEED, Part.STRENGTH})
_CHANGED = {
    Part.ADDRESS: "address",
    Part.CONTACT: "contact",
    Part.MEMBERSHIP: "people",
    Part.NEED: "needs",
    Part.RELATIONSHIP: "relationships",
    Part.STRENGTH: "strengths",
}
"""As `family.changed` calls it."""


async def end_part(means: Means, actor: Actor, attempt: Attempt, ending: Ending, now: datetime) -> Done:
    """End one part of a record that the actor's organisation keeps; what held until then stays in it.

    Raises NotFound, AlreadyEnded, ImplausibleDate or BadEnding. Search cards are made anew in the same transaction, so
    that nobody is found any more at a home they have left.
    """
    day = day_of(now)
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await _see(unit, actor, ending)
        period = await period_of(unit, ending)
        if period is None:
            raise NotFound
        await close(unit, ending, ended(period, check_ending(ending, day).on, day))
        await _tell(unit, means, actor, ending, now)
        return await remember(unit, attempt, Done(ending.owner_id, 200))


async def _see(unit: Unit, actor: Actor, ending: Ending) -> None:
    if ending.part in _OF_PERSON:
        await see_people(unit.connection, actor, frozenset({ending.owner_id}))
    else:
        await keep_family(unit.connection, actor, ending.owner_id)


async def _tell(unit: Unit, means: Means, actor: Actor, ending: Ending, now: datetime) -> None:
    person_id = None
    if ending.part in _OF_PERSON:
        person_id = ending.owner_id
        await move_on(unit, tables.person, [person_id])
        versions = await move_families_on(unit, person_id)
    else:
        person_id = ending.part_id if ending.part is Part.MEMBERSHIP else None
        versions = await move_on(unit, tables.family, [ending.owner_id])
    if ending.part in {Part.ADDRESS, Part.MEMBERSHIP}:
        await refresh(unit, Keeper.of(actor), versions, means.search_key, day_of(now))
    tell_changed(unit, actor, versions, _CHANGED[ending.part])
    people = (person_id,) if person_id else ()
    family_id = None if ending.part in _OF_PERSON else ending.owner_id
    audit(unit, actor, Act(f"{ending.part}.ended", family_id, people), now)
    reason = ending.reason.value
    await enter_own(unit, actor, f"{ending.part}.ended", versions, now, person_id=person_id, reason_code=reason)
