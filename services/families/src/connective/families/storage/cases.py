"""Cases and their teams, as their keeper or a member of the team sees them."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.families.domain.cases import Case, CaseState, ClosingReason, TeamMember
from connective.families.domain.dates import Period
from connective.families.storage import tables
from connective.families.storage.mapping import Keeper
from connective.families.storage.seeing import Standing, see_family
from connective.families.storage.writing import add_rows, change
from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound

CASE_COLUMNS = """c.id, c.family_id, c.state, c.lead_practitioner, c.opened_on, c.closed_on, c.version, c.review_on,
  c.closing_asked_by, c.closing_reason, c.closed_by"""
"""What `case_of` reads, over `help_case c`."""
_CASE = f"SELECT {CASE_COLUMNS} FROM help_case c WHERE c.id = $1 AND c.place_id = $2"  # noqa: S608 - constants only
_TEAM = """
SELECT t.case_id, t.family_id, t.member_organisation_id, t.since, t.until FROM team_member t WHERE t.case_id = $1
ORDER BY t.since, t.member_organisation_id
"""


async def see_case(connection: AsyncConnection, actor: Actor, case_id: UUID) -> tuple[Case, Standing]:
    """A case, and what the actor's organisation is to its family. Raises NotFound where nothing."""
    row = await fetch_one(connection, _CASE, (case_id, actor.place))
    if row is None:
        raise NotFound
    return case_of(row), await see_family(connection, actor, row.family_id)


def case_of(row: Any) -> Case:  # noqa: ANN401 - a row of the driver's
    """A case from its row."""
    return Case(
        id=row.id,
        family_id=row.family_id,
        state=CaseState(row.state),
        lead_practitioner=row.lead_practitioner,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        version=row.version,
        review_on=row.review_on,
        closing_asked_by=row.closing_asked_by,
        closing_reason=row.closing_reason and ClosingReason(row.closing_reason),
        closed_by=row.closed_by,
    )


async def team_of(connection: AsyncConnection, case_id: UUID) -> tuple[TeamMember, ...]:
    """The organisations on a case's team that the transaction's actor may see."""
    rows = await fetch(connection, _TEAM, (case_id,))
    return tuple(
        TeamMember(row.case_id, row.family_id, row.member_organisation_id, Period(row.since, row.until)) for row in rows
    )


async def add_case(unit: Unit, case: Case) -> None:
    """Write a new case, kept by the actor's organisation."""
    row = {"id": case.id, "family_id": case.family_id, "opened_on": case.opened_on, **_changing(case)}
    await add_rows(unit, tables.help_case, [row], Keeper.of(unit.actor))


async def change_case(unit: Unit, case: Case) -> None:
    """Write where a case stands now; the caller holds its family's row."""
    await change(unit, tables.help_case, case.id, _changing(case))


def _changing(case: Case) -> dict[str, Any]:
    return {
        "state": case.state.value,
        "lead_practitioner": case.lead_practitioner,
        "closed_on": case.closed_on,
        "version": case.version,
        "review_on": case.review_on,
        "closing_asked_by": case.closing_asked_by,
        "closing_reason": case.closing_reason and case.closing_reason.value,
        "closed_by": case.closed_by,
    }


async def add_to_team(unit: Unit, member: TeamMember) -> None:
    """Write a member of a team."""
    row = {
        "case_id": member.case_id,
        "family_id": member.family_id,
        "member_organisation_id": member.organisation_id,
        "since": member.period.since,
        "until": member.period.until,
    }
    await add_rows(unit, tables.team_member, [row], Keeper.of(unit.actor))
