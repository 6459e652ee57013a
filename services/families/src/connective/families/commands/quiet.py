"""After a death or a lost pregnancy nobody is prompted to contact the family about that person."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from connective.contracts.people_events import NoticesResumed, NoticesStopped
from connective.families.commands.means import Means
from connective.families.domain.dates import day_of
from connective.families.domain.people import notices_stop, resume_notices
from connective.families.storage import mapping, tables
from connective.families.storage.acts import Act, audit, enter_own, tell_changed
from connective.families.storage.pictures import Loaded, load
from connective.families.storage.quiet import kept_elsewhere, leave_alone
from connective.families.storage.seeing import see_people
from connective.families.storage.writing import change, lock, move_families_on, move_on
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def tell_stopped(unit: Unit, person_id: UUID, before: Loaded) -> None:
    """Announce that notices stop or may go again, where the change under way made the difference.

    `before` is the record as it was before the change. The fact says nothing of what happened.
    """
    now = await load(unit.connection, person_ids=[person_id])
    was = notices_stop(before.picture.people[person_id], before.pregnancies)
    stopped = notices_stop(now.picture.people[person_id], now.pregnancies)
    if was == stopped:
        return
    versions = await move_on(unit, tables.person, [person_id])
    fact = NoticesStopped if stopped else NoticesResumed
    unit.tell(fact(person_id=person_id, organisation_id=unit.actor.organisation), version=versions[person_id])


async def resume(means: Means, actor: Actor, attempt: Attempt, person_id: UUID, now: datetime) -> Done:
    """Let notices about somebody be sent again after a loss. Raises NotFound, AlreadyEnded or StoppedElsewhere."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await see_people(unit.connection, actor, frozenset({person_id}), uses=False)
        await lock(unit, tables.person, person_id)
        before = await load(unit.connection, person_ids=[person_id])
        person = before.picture.people[person_id]
        if person.quiet_elsewhere and not await kept_elsewhere(unit, person_id):
            # Whoever stopped them keeps no record any more, and can never say that it is time.
            await leave_alone(unit, person_id)
            person = replace(person, quiet_elsewhere=False)
        if notices_stop(person, before.pregnancies) or not before.picture.people[person_id].quiet_elsewhere:
            for each in resume_notices(person, before.pregnancies, day_of(now)):
                await change(unit, tables.pregnancy, each.id, mapping.of_pregnancy(each))
        await tell_stopped(unit, person_id, before)
        versions = await move_families_on(unit, person_id)
        tell_changed(unit, actor, versions, "people")
        audit(unit, actor, Act("person.changed", person_ids=(person_id,)), now)
        await enter_own(unit, actor, "notices.resumed", versions, now, person_id=person_id)
        return await remember(unit, attempt, Done(person_id, 200))
