"""Open a family's record: people, how they are related, where they live and how to reach them, in one go."""

from datetime import datetime

from connective.contracts.family_events import FamilyRegistered
from connective.families.commands.drafts import FamilyDraft
from connective.families.commands.means import Means
from connective.families.commands.people_in import (
    check_relationships,
    duplicate_refusal,
    likely_duplicates,
    write_people,
)
from connective.families.domain.dates import day_of
from connective.families.domain.families import family_label
from connective.families.storage import mapping, tables
from connective.families.storage.acts import Act, audit, enter_own, ids_of
from connective.families.storage.cards import refresh
from connective.families.storage.mapping import Keeper
from connective.families.storage.pictures import load
from connective.families.storage.seeing import see_people
from connective.families.storage.writing import add, add_rows
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def register_family(means: Means, actor: Actor, attempt: Attempt, draft: FamilyDraft, now: datetime) -> Done:
    """Register a family for the actor's organisation.

    Raises NotFound for a joining person the actor may not see, BadRelationship, and LikelyDuplicate until the worker
    says that they looked at the candidates. What the candidates' list showed is logged although nothing is written.
    """
    family_id = draft.people.family_id
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await see_people(unit.connection, actor, frozenset(m.person_id for m in draft.people.joining))
        await check_relationships(unit, draft.people)
        duplicates = await likely_duplicates(unit, actor, draft, day_of(now), means)
        if not duplicates:
            await _write(unit, means, actor, draft, now)
            return await remember(unit, attempt, Done(family_id, 201))
        shown = ids_of(hit.match.person_id for hit in duplicates)
        audit(unit, actor, Act("people.compared", person_ids=shown, hits=len(shown)), now)
    raise duplicate_refusal(duplicates)


async def _write(unit: Unit, means: Means, actor: Actor, draft: FamilyDraft, now: datetime) -> None:
    keeper, family_id, day = Keeper.of(actor), draft.people.family_id, day_of(now)
    names = [m.person.name.family for m in draft.people.members] or await _names_of_joining(unit, draft)
    row = {
        "id": family_id,
        "name": family_label(tuple(names)),
        "registered_by": actor.id,
        "registered_on": day,
        "version": 1,
    }
    await add_rows(unit, tables.family, [row], keeper)
    await write_people(unit, draft.people, keeper)
    await add(unit, tables.address, mapping.of_address, [draft.address] if draft.address else [], keeper)
    await refresh(unit, keeper, [family_id], means.search_key, day)
    people = ids_of([*(m.person.id for m in draft.people.members), *(m.person_id for m in draft.people.joining)])
    unit.tell(FamilyRegistered(family_id=family_id, organisation_id=actor.organisation, person_ids=people), version=1)
    audit(unit, actor, Act("family.registered", family_id=family_id, person_ids=people), now)
    await enter_own(unit, actor, "family.registered", {family_id: 1}, now)


async def _names_of_joining(unit: Unit, draft: FamilyDraft) -> list[str]:
    loaded = await load(unit.connection, person_ids=[m.person_id for m in draft.people.joining])
    return [loaded.picture.people[m.person_id].name.family for m in draft.people.joining]
