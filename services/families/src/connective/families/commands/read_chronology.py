"""Read what happened in a family, in order; the look is logged."""

from datetime import datetime
from uuid import UUID

from connective.families.commands.means import Means
from connective.families.domain.chronology import RECORDS_OF, Entry, EntryKind, may_see, without_service
from connective.families.domain.restrictions import hides_whereabouts
from connective.families.storage.acts import Act, audit
from connective.families.storage.lists import Position, entries
from connective.families.storage.pictures import load
from connective.families.storage.seeing import Standing, see_family
from connective.kit.actor import Actor
from connective.kit.problems import NotFound


async def read_chronology(
    means: Means,
    actor: Actor,
    family_id: UUID,
    before: Position,
    *,
    limit: int,
    now: datetime,
    kind: EntryKind | None = None,
    about: UUID | None = None,
) -> list[Entry]:
    """At most `limit` entries before a position. Raises NotFound for a family the actor's organisation does not keep.

    `about` narrows it to what is about one person; what is about the whole family is left out then.

    It goes on reading until there are as many that may be shown: a page that hid some would look like the last.

    Where somebody of the family must not be located by this reader, no entry says which service it is about: the
    services used locate people too.
    """
    async with means.database.unit(actor) as unit:
        if await see_family(unit.connection, actor, family_id) is not Standing.KEEPER:
            raise NotFound
        loaded = await load(unit.connection, family_ids=[family_id])
        stored = loaded.stored_only()
        shown: list[Entry] = []
        records = None if kind is None else RECORDS_OF[kind]
        while len(shown) < limit:
            found = await entries(unit.connection, actor, family_id, before, limit=limit, records=records, about=about)
            shown += [e for e in found if may_see(e, actor.organisation) and e.person_id not in stored]
            if len(found) < limit:
                break
            before = Position(found[-1].at, found[-1].version, found[-1].id)
        shown = shown[:limit]
        audit(unit, actor, Act("chronology.read", family_id), now)
    if hides_whereabouts(loaded.restrictions, actor.id, actor.organisation_id):
        return [without_service(entry) for entry in shown]
    return shown
