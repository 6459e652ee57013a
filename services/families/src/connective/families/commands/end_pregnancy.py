"""An unborn child, recorded on the mother until birth: expected, born, or lost."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from connective.families.commands.drafts import FamilyDraft, PeopleDraft
from connective.families.commands.means import Means
from connective.families.commands.people_in import (
    check_relationships,
    duplicate_refusal,
    likely_duplicates,
    write_people,
)
from connective.families.commands.quiet import tell_stopped
from connective.families.domain.addresses import current_address
from connective.families.domain.dates import day_of
from connective.families.domain.people import Pregnancy, expect_child, record_birth, record_loss
from connective.families.storage import mapping, tables
from connective.families.storage.acts import Act, audit, enter_own, ids_of, tell_changed
from connective.families.storage.cards import refresh
from connective.families.storage.mapping import Keeper
from connective.families.storage.pictures import Loaded, load
from connective.families.storage.seeing import keep_family, see_people
from connective.families.storage.writing import add, change, lock, move_families_on, move_on
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.problems import NotFound


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose pregnancy is meant."""

    mother_id: UUID
    pregnancy_id: UUID


async def expect(
    means: Means, actor: Actor, attempt: Attempt, expected: Expected, due_on: date, *, now: datetime
) -> Done:
    """Record that somebody expects a child. Raises NotFound, AlreadyEnded or ImplausibleDate."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await see_people(unit.connection, actor, frozenset({expected.mother_id}))
        mother = (await load(unit.connection, person_ids=[expected.mother_id])).picture.people[expected.mother_id]
        new = expect_child(expected.pregnancy_id, mother, due_on, day_of(now))
        await add(unit, tables.pregnancy, mapping.of_pregnancy, [new], Keeper.of(actor))
        await _tell(unit, expected.mother_id, "pregnancy", now)
        return await remember(unit, attempt, Done(expected.mother_id, 201))


async def record_the_birth(
    means: Means,
    actor: Actor,
    attempt: Attempt,
    expected: Expected,
    *,
    born_on: date,
    draft: PeopleDraft,
    now: datetime,
) -> Done:
    """The child, or children, become people of their own in the mother's family, with her as their parent.

    Raises NotFound, AlreadyEnded, ImplausibleDate, and LikelyDuplicate as recording anybody does.
    """
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await keep_family(unit.connection, actor, draft.family_id)
        loaded, pregnancy = await _locked(unit, expected)
        if not any(
            m.family_id == draft.family_id and m.person_id == expected.mother_id for m in loaded.picture.memberships
        ):
            raise NotFound
        ended = record_birth(pregnancy, born_on, day_of(now))
        await check_relationships(unit, draft)
        home = current_address(loaded.picture.addresses, (draft.family_id,), day_of(now))
        duplicates = await likely_duplicates(unit, actor, FamilyDraft(draft, home), day_of(now), means)
        if not duplicates:
            await change(unit, tables.pregnancy, ended.id, mapping.of_pregnancy(ended))
            await _write(unit, means, draft, expected.mother_id, now)
            return await remember(unit, attempt, Done(draft.family_id, 201))
        shown = ids_of(hit.match.person_id for hit in duplicates)
        audit(unit, actor, Act("people.compared", draft.family_id, shown, hits=len(shown)), now)
    raise duplicate_refusal(duplicates)


async def record_the_loss(
    means: Means, actor: Actor, attempt: Attempt, expected: Expected, on: date, *, now: datetime
) -> Done:
    """The pregnancy was lost: from the commit on nobody is prompted to contact the mother. Raises as above."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        loaded, pregnancy = await _locked(unit, expected)
        ended = record_loss(pregnancy, on, day_of(now))
        await change(unit, tables.pregnancy, ended.id, mapping.of_pregnancy(ended))
        await _tell(unit, expected.mother_id, "loss", now)
        await tell_stopped(unit, expected.mother_id, loaded)
        return await remember(unit, attempt, Done(expected.mother_id, 200))


async def _locked(unit: Unit, expected: Expected) -> tuple[Loaded, Pregnancy]:
    await see_people(unit.connection, unit.actor, frozenset({expected.mother_id}), uses=False)
    await lock(unit, tables.pregnancy, expected.pregnancy_id)
    loaded = await load(unit.connection, person_ids=[expected.mother_id])
    wanted = (expected.mother_id, expected.pregnancy_id)
    found = [p for p in loaded.pregnancies if (p.mother_id, p.id) == wanted]
    if not found:
        raise NotFound
    return loaded, found[0]


async def _tell(unit: Unit, mother_id: UUID, code: str, now: datetime) -> None:
    await move_on(unit, tables.person, [mother_id])
    versions = await move_families_on(unit, mother_id)
    tell_changed(unit, unit.actor, versions, "people")
    audit(unit, unit.actor, Act("person.changed", person_ids=(mother_id,)), now)
    await enter_own(unit, unit.actor, code, versions, now, person_id=mother_id)


async def _write(unit: Unit, means: Means, draft: PeopleDraft, mother_id: UUID, now: datetime) -> None:
    await write_people(unit, draft, Keeper.of(unit.actor))
    await move_on(unit, tables.person, [mother_id])
    await refresh(unit, Keeper.of(unit.actor), [draft.family_id], means.search_key, day_of(now))
    versions = await move_on(unit, tables.family, [draft.family_id])
    tell_changed(unit, unit.actor, versions, "people", "relationships")
    born = ids_of(member.person.id for member in draft.members)
    audit(unit, unit.actor, Act("family.changed", draft.family_id, (mother_id, *born)), now)
    await enter_own(unit, unit.actor, "birth", versions, now, person_id=mother_id)
