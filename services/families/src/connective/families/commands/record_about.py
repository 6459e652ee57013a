"""Record what makes life hard for one person, or what goes well: one act about two kinds of record."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table

from connective.families.commands.means import Means
from connective.families.domain.needs import PersonNeed
from connective.families.domain.strengths import PersonStrength
from connective.families.storage import mapping, tables
from connective.families.storage.acts import Act, audit, enter_own, tell_changed
from connective.families.storage.mapping import Keeper
from connective.families.storage.seeing import see_people
from connective.families.storage.writing import add, move_families_on
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember


@dataclass(frozen=True, slots=True)
class _Kind:
    """What differs between the two: where they are kept, and what they are called."""

    table: Table
    columns: Callable[[Any], dict[str, Any]]
    one: str
    many: str


_NEED = _Kind(tables.need, mapping.of_need, "need", "needs")
_STRENGTH = _Kind(tables.strength, mapping.of_strength, "strength", "strengths")


async def record_about(
    means: Means, actor: Actor, attempt: Attempt, new: PersonNeed | PersonStrength, now: datetime
) -> Done:
    """Add a need or a strength of a person the actor's organisation keeps. Raises NotFound."""
    kind = _NEED if isinstance(new, PersonNeed) else _STRENGTH
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await see_people(unit.connection, actor, frozenset({new.person_id}))
        await add(unit, kind.table, kind.columns, [new], Keeper.of(actor))
        versions = await move_families_on(unit, new.person_id)
        tell_changed(unit, actor, versions, kind.many)
        audit(unit, actor, Act(f"{kind.one}.recorded", person_ids=(new.person_id,)), now)
        await enter_own(unit, actor, kind.one, versions, now, person_id=new.person_id, detail_code=new.code)
        return await remember(unit, attempt, Done(new.id, 201))
