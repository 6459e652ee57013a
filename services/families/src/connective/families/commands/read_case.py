"""Read a case and its team; the look is logged."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.families.commands.means import Means
from connective.families.domain.cases import Case, TeamMember
from connective.families.storage.acts import Act, audit
from connective.families.storage.cases import see_case, team_of
from connective.families.storage.seeing import Standing
from connective.families.storage.stored_only import refuse_stored
from connective.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class CaseRead:
    """A case, its team, and what the reader's organisation is to its family."""

    case: Case
    standing: Standing
    team: tuple[TeamMember, ...]
    stored_only: tuple[UUID, ...]
    """Whom of the family the work leaves out while their data are stored only; told to the keeper alone."""


async def read_case(means: Means, actor: Actor, case_id: UUID, now: datetime) -> CaseRead:
    """A case of a family that the actor's organisation keeps or is on the team of.

    Raises NotFound, and ProcessingRestricted where everybody in the family is stored only.

    A member of the team sees of the team only themselves: who else helps is data of the family.
    """
    async with means.database.unit(actor) as unit:
        case, standing = await see_case(unit.connection, actor, case_id)
        stored = await refuse_stored(unit.connection, case.family_id)
        team = await team_of(unit.connection, case_id)
        audit(unit, actor, Act("case.read", case.family_id, relation=standing), now)
    return CaseRead(case, standing, team, stored)
