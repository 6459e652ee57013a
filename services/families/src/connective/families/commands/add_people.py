"""Record more people in a family: a new partner, a birth, a child of another home."""

from datetime import datetime

from connective.families.commands.drafts import FamilyDraft, PeopleDraft
from connective.families.commands.means import Means
from connective.families.commands.people_in import (
    check_relationships,
    duplicate_refusal,
    likely_duplicates,
    write_people,
)
from connective.families.domain.addresses import current_address
from connective.families.domain.dates import day_of
from connective.families.domain.refusals import BadRelationship
from connective.families.storage import tables
from connective.families.storage.acts import Act, audit, enter_own, ids_of, tell_changed
from connective.families.storage.cards import refresh
from connective.families.storage.mapping import Keeper
from connective.families.storage.pictures import Loaded, load
from connective.families.storage.seeing import keep_family, see_people
from connective.families.storage.writing import move_on
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def add_people(means: Means, actor: Actor, attempt: Attempt, draft: PeopleDraft, now: datetime) -> Done:
    """Add people to a family the actor's organisation keeps. Refuses as registering does."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await keep_family(unit.connection, actor, draft.family_id)
        await see_people(unit.connection, actor, frozenset(m.person_id for m in draft.joining))
        loaded = await load(unit.connection, family_ids=[draft.family_id])
        _refuse_members(loaded, draft)
        await check_relationships(unit, draft)
        home = current_address(loaded.picture.addresses, (draft.family_id,), day_of(now))
        duplicates = await likely_duplicates(unit, actor, FamilyDraft(draft, home), day_of(now), means)
        if not duplicates:
            await _write(unit, means, actor, draft, now)
            return await remember(unit, attempt, Done(draft.family_id, 201))
        shown = ids_of(hit.match.person_id for hit in duplicates)
        audit(unit, actor, Act("people.compared", draft.family_id, shown, hits=len(shown)), now)
    raise duplicate_refusal(duplicates)


def _refuse_members(loaded: Loaded, draft: PeopleDraft) -> None:
    members = {m.person_id for m in loaded.picture.memberships}
    if any(m.person_id in members for m in draft.joining):
        raise BadRelationship("This person is in the family already.", "person_id", within="/joining")


async def _write(unit: Unit, means: Means, actor: Actor, draft: PeopleDraft, now: datetime) -> None:
    keeper = Keeper.of(actor)
    await write_people(unit, draft, keeper)
    await refresh(unit, keeper, [draft.family_id], means.search_key, day_of(now))
    versions = await move_on(unit, tables.family, [draft.family_id])
    changed = ("people", "relationships") if draft.relationships else ("people",)
    tell_changed(unit, actor, versions, *changed)
    people = ids_of([*(m.person.id for m in draft.members), *(m.person_id for m in draft.joining)])
    audit(unit, actor, Act("family.changed", draft.family_id, people), now)
    await enter_own(unit, actor, "people", versions, now)
