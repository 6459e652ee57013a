"""Correct or complete what is recorded of one person."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from connective.families.commands.means import Means
from connective.families.commands.quiet import tell_stopped
from connective.families.domain.dates import day_of
from connective.families.domain.people import Person
from connective.families.storage import mapping, tables
from connective.families.storage.acts import Act, audit, enter_own, tell_changed
from connective.families.storage.cards import refresh
from connective.families.storage.mapping import Keeper
from connective.families.storage.pictures import load
from connective.families.storage.seeing import see_people
from connective.families.storage.writing import change, lock, move_families_on, move_on
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.etags import refuse_stale

Apply = Callable[[Person], tuple[Person, dict[str, bytes | None]]]
"""From the person as recorded to the person as they should be, with columns that the domain does not hold."""


async def change_person(
    means: Means, actor: Actor, person_id: UUID, version: int, apply: Apply, *, now: datetime
) -> None:
    """Change a person the actor's organisation keeps. Raises NotFound, Stale, or what the domain refuses."""
    async with means.database.unit(actor) as unit:
        await see_people(unit.connection, actor, frozenset({person_id}))
        await lock(unit, tables.person, person_id)
        before = await load(unit.connection, person_ids=[person_id])
        person = before.picture.people[person_id]
        refuse_stale(version, person.version)
        changed, more = apply(person)
        columns = {k: v for k, v in mapping.of_person(changed).items() if k not in {"id", "version"}}
        await change(unit, tables.person, person_id, columns | more)
        await move_on(unit, tables.person, [person_id])
        died = person.living and not changed.living
        await _tell(unit, means, person_id, now, "death" if died else "person")
        await tell_stopped(unit, person_id, before)


async def _tell(unit: Unit, means: Means, person_id: UUID, now: datetime, code: str) -> None:
    actor = unit.actor
    versions = await move_families_on(unit, person_id)
    await refresh(unit, Keeper.of(actor), versions, means.search_key, day_of(now))
    tell_changed(unit, actor, versions, "people")
    audit(unit, actor, Act("person.changed", person_ids=(person_id,)), now)
    await enter_own(unit, actor, code, versions, now, person_id=person_id)
