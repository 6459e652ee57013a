"""Open an episode of early help for a family."""

from datetime import datetime

from connective.contracts.people_events import CaseOpened
from connective.families.commands.means import Means
from connective.families.domain.cases import Case
from connective.families.storage import tables
from connective.families.storage.acts import Act, audit, enter_own, tell_changed
from connective.families.storage.cases import add_case
from connective.families.storage.seeing import keep_family
from connective.families.storage.stored_only import refuse_stored
from connective.families.storage.writing import move_on
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def open_case(means: Means, actor: Actor, attempt: Attempt, new: Case, now: datetime) -> Done:
    """Open a case for a family the actor's organisation keeps. Raises NotFound, ProcessingRestricted."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await keep_family(unit.connection, actor, new.family_id)
        await refuse_stored(unit.connection, new.family_id)
        await add_case(unit, new)
        versions = await move_on(unit, tables.family, [new.family_id])
        event = CaseOpened(case_id=new.id, family_id=new.family_id, organisation_id=actor.organisation)
        unit.tell(event, version=new.version)
        tell_changed(unit, actor, versions, "case")
        audit(unit, actor, Act("case.opened", new.family_id), now)
        await enter_own(unit, actor, "case.opened", versions, now)
        return await remember(unit, attempt, Done(new.id, 201))
