"""List the cases of the asker's organisation, the next review first; the look is logged."""

from collections.abc import Sequence
from datetime import datetime

from connective.families.commands.means import Means
from connective.families.storage.acts import Act, audit
from connective.families.storage.case_list import START, CaseFilter, ListedCase, Position, cases_kept
from connective.kit.actor import Actor


async def list_cases(
    means: Means, actor: Actor, wanted: CaseFilter, *, after: Position | None, limit: int, now: datetime
) -> Sequence[ListedCase]:
    """At most `limit` and one more, which tells that there is a next page."""
    async with means.database.unit(actor) as unit:
        found = await cases_kept(unit.connection, actor, wanted, after or START, limit + 1)
        shown = tuple({each.case.family_id for each in found[:limit] if each.family_name is not None})
        audit(unit, actor, Act("cases.listed", hits=len(found[:limit]), family_ids=shown), now)
    return found
