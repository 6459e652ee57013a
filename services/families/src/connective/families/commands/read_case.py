"""Read a case and its team; the look is logged."""

from datetime import datetime
from uuid import UUID

from connective.families.commands.means import Means
from connective.families.domain.cases import Case, TeamMember
from connective.families.storage.acts import Act, audit
from connective.families.storage.cases import see_case, team_of
from connective.families.storage.seeing import Standing
from connective.kit.actor import Actor


async def read_case(
    means: Means, actor: Actor, case_id: UUID, now: datetime
) -> tuple[Case, Standing, tuple[TeamMember, ...]]:
    """A case of a family that the actor's organisation keeps or is on the team of. Raises NotFound.

    A member of the team sees of the team only themselves: who else helps is data of the family.
    """
    async with means.database.unit(actor) as unit:
        case, standing = await see_case(unit.connection, actor, case_id)
        team = await team_of(unit.connection, case_id)
        audit(unit, actor, Act("case.read", case.family_id, relation=standing), now)
    return case, standing, team
