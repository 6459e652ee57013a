"""How a family's own asking goes, for whoever holds the reference and the code that it was told."""

from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.ids import read_reference
from connective.kit.problems import NotFound
from connective.referrals.domain.intake import Intake
from connective.referrals.domain.own_progress import is_code_of
from connective.referrals.storage.intakes import find_asked

_PREFIX = "INT"


async def read_own_progress(database: Database, key: bytes, typed: str, code: str) -> Intake:
    """The intake, without what was sent. Raises NotFound alike for an unknown reference and a wrong code."""
    try:
        reference = read_reference(_PREFIX, typed)
    except ValueError as error:
        raise NotFound from error
    if not is_code_of(key, reference, code):
        raise NotFound
    async with database.reading(service_actor("referrals")) as connection:
        found = await find_asked(connection, reference)
    if found is None:
        raise NotFound
    return found
