"""Bring an organisation into the team around a family."""

from datetime import datetime
from uuid import UUID

from connective.families.commands.means import Means
from connective.families.domain.cases import CaseState, TeamMember
from connective.families.domain.dates import Period, day_of
from connective.families.domain.refusals import AlreadyEnded, AlreadyOnTeam
from connective.families.storage import tables
from connective.families.storage.acts import Act, audit, enter_own, tell_changed
from connective.families.storage.cases import add_to_team, see_case, team_of
from connective.families.storage.seeing import keep_family
from connective.families.storage.stored_only import refuse_stored
from connective.families.storage.writing import move_on
from connective.kit.actor import Actor
from connective.kit.idempotency import Attempt, Done, earlier, remember


async def join_team(
    means: Means, actor: Actor, attempt: Attempt, case_id: UUID, organisation_id: UUID, *, now: datetime
) -> Done:
    """Add an organisation to a case's team, from today.

    It may then know that there is a case; what it may see of the family is decided at each read. Raises NotFound,
    ProcessingRestricted, AlreadyEnded or AlreadyOnTeam.
    """
    async with means.database.unit(actor) as unit:
        done = await earlier(unit, attempt)
        if done is not None:
            return done
        case, _ = await see_case(unit.connection, actor, case_id)
        await keep_family(unit.connection, actor, case.family_id)
        await refuse_stored(unit.connection, case.family_id)
        if case.state is CaseState.CLOSED:
            raise AlreadyEnded("This case is closed.")
        known = {member.organisation_id for member in await team_of(unit.connection, case_id)}
        if organisation_id in known | {actor.organisation}:
            raise AlreadyOnTeam("This organisation is on the team already.")
        await add_to_team(unit, TeamMember(case_id, case.family_id, organisation_id, Period(day_of(now))))
        versions = await move_on(unit, tables.family, [case.family_id])
        await move_on(unit, tables.help_case, [case_id])
        tell_changed(unit, actor, versions, "team")
        audit(unit, actor, Act("team.joined", case.family_id), now)
        await enter_own(unit, actor, "team", versions, now)
        return await remember(unit, attempt, Done(case_id, 201))
