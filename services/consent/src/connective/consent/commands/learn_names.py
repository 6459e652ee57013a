"""Learn what organisations are called: asked of partners once for each version of one, and kept.

Events carry no name. An officer's lists wait for nobody: until a name is known, the id stands alone.
"""

from connective.consent.commands.ports import Directory
from connective.consent.storage.organisation_names import Unnamed, keep_names, unnamed
from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.problems import NotFound, Unavailable

_SELF = service_actor("consent")
_AT_ONCE = 100


async def learn_names(database: Database, directory: Directory) -> int:
    """Ask for the names of organisations that are new or have changed; how many were asked for.

    While partners cannot answer, what is known stands, and the next turn asks again.
    """
    async with database.reading(_SELF) as connection:
        waiting = await unnamed(connection, _AT_ONCE)
    known: list[tuple[Unnamed, str | None]] = []
    for each in waiting:
        try:
            known.append((each, await directory.name(each.place_id, each.organisation_id)))
        except NotFound:
            known.append((each, None))
        except Unavailable:
            break
    if known:
        async with database.unit(_SELF) as unit:
            await keep_names(unit, known)
    return len(known)
