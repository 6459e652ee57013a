"""Record where a family lives now; where it lived until now stays in the record, ended."""

from datetime import datetime

from connective.families.commands.means import Means
from connective.families.domain.addresses import Address, ended_by
from connective.families.domain.dates import day_of
from connective.families.storage import mapping, tables
from connective.families.storage.acts import Act, audit, enter_own, tell_changed
from connective.families.storage.cards import refresh
from connective.families.storage.mapping import Keeper
from connective.families.storage.pictures import load
from connective.families.storage.seeing import keep_family
from connective.families.storage.writing import add, change, move_on
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def add_address(means: Means, actor: Actor, attempt: Attempt, new: Address, now: datetime) -> Done:
    """Add an address of a family the actor's organisation keeps. Raises NotFound."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await keep_family(unit.connection, actor, new.family_id)
        await _end_earlier(unit, new)
        await add(unit, tables.address, mapping.of_address, [new], Keeper.of(actor))
        await refresh(unit, Keeper.of(actor), [new.family_id], means.search_key, day_of(now))
        versions = await move_on(unit, tables.family, [new.family_id])
        tell_changed(unit, actor, versions, "address")
        audit(unit, actor, Act("family.changed", new.family_id), now)
        await enter_own(unit, actor, "address", versions, now)
        return await remember(unit, attempt, Done(new.family_id, 201))


async def _end_earlier(unit: Unit, new: Address) -> None:
    loaded = await load(unit.connection, family_ids=[new.family_id])
    for old in ended_by(new, loaded.picture.addresses):
        await change(unit, tables.address, old.id, mapping.of_address(old))
