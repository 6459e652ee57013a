"""Record how two people of a family are related, since when, and with what responsibility."""

from datetime import datetime
from uuid import UUID

from connective.families.commands.drafts import PeopleDraft
from connective.families.commands.means import Means
from connective.families.commands.people_in import check_relationships
from connective.families.domain.relationships import Relationship
from connective.families.storage import mapping, tables
from connective.families.storage.acts import Act, audit, enter_own, tell_changed
from connective.families.storage.mapping import Keeper
from connective.families.storage.seeing import keep_family
from connective.families.storage.writing import add, move_on
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def add_relationship(
    means: Means, actor: Actor, attempt: Attempt, family_id: UUID, new: Relationship, *, now: datetime
) -> Done:
    """Add a relationship in a family the actor's organisation keeps. Raises NotFound or BadRelationship."""
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        await keep_family(unit.connection, actor, family_id)
        await check_relationships(unit, PeopleDraft(family_id, relationships=(new,)))
        await add(unit, tables.relationship, mapping.of_relationship, [new], Keeper.of(actor))
        versions = await move_on(unit, tables.family, [family_id])
        tell_changed(unit, actor, versions, "relationships")
        audit(unit, actor, Act("family.changed", family_id, (new.person_id, new.of_person_id)), now)
        await enter_own(unit, actor, "relationships", versions, now)
        return await remember(unit, attempt, Done(family_id, 201))
