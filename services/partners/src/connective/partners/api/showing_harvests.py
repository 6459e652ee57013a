"""From sources, readings and changes to what is answered: allow-lists."""

from typing import Any
from uuid import UUID

from connective.kit.actor import Actor
from connective.partners.api.harvest_schemas import (
    ChangeOut,
    DifferenceOut,
    FieldOriginOut,
    OriginOut,
    ProblemOut,
    RunOut,
    RunWithProblemsOut,
    SourceOut,
)
from connective.partners.commands.authority import runs_the_place
from connective.partners.domain.harvests.changes import Change, ChangeState
from connective.partners.domain.harvests.merging import Difference
from connective.partners.domain.harvests.sources import Source, SourceKind, SourceState
from connective.partners.queries.harvests import FieldOrigin
from connective.partners.storage.harvests import Run


def show_source(source: Source, actor: Actor) -> SourceOut:
    """A source, with what the asker may do to it."""
    actions = []
    if runs_the_place(actor) and source.kind is not SourceKind.FILE:
        actions = ["change", "run"] if source.state is SourceState.ACTIVE else ["change"]
    return SourceOut(
        id=source.id,
        code=source.code,
        name=source.name,
        kind=source.kind,
        url=source.url,
        licence=source.licence,
        every_hours=source.every_hours,
        approves_itself=source.approves_itself,
        withdraws_after=source.withdraws_after,
        state=source.state,
        next_run_at=source.next_run_at,
        last_whole_at=source.last_whole_at,
        failures=source.failures,
        version=source.version,
        changed_at=source.changed_at,
        allowed_actions=actions,
    )


def show_run(run: Run) -> RunOut:
    """A reading without its rows."""
    return RunOut(
        id=run.id,
        source_id=run.source_id,
        state=run.state,
        started_at=run.started_at,
        ended_at=run.ended_at,
        failure=run.failure,
        pages=run.pages,
        rows=run.rows,
        told_total=run.told_total,
        counts=run.counts,
    )


def show_run_with_problems(run: Run) -> RunWithProblemsOut:
    """A reading with what was wrong with its rows."""
    problems = [ProblemOut(**each) for each in run.problems]
    return RunWithProblemsOut(**show_run(run).model_dump(), problems=problems)


def show_change(change: Change, actor: Actor) -> ChangeOut:
    """A change as those see it who answer for the listing."""
    own = change.organisation_id == actor.organisation_id
    return ChangeOut(
        id=change.id,
        source_id=change.source_id,
        run_id=change.run_id,
        record=change.record,
        record_id=change.record_id,
        organisation_id=change.organisation_id,
        kind=change.kind,
        gone=change.gone,
        name=change.name,
        differences=[_difference(each, own=own) for each in change.differences],
        state=change.state,
        made_at=change.made_at,
        decided_at=change.decided_at,
        allowed_actions=["approve", "reject"] if change.state is ChangeState.WAITING else [],
    )


def show_origin(service_id: UUID, source_id: UUID | None, name: str | None, fields: list[FieldOrigin]) -> OriginOut:
    """Where a listing comes from."""
    shown = [
        FieldOriginOut(
            field=each.field,
            licence=each.licence,
            since=each.since,
            theirs=each.theirs,
            changed_here=each.changed_here,
        )
        for each in fields
    ]
    return OriginOut(service_id=service_id, source_id=source_id, source=name, fields=shown)


def _difference(each: Difference, *, own: bool) -> DifferenceOut:
    ours = each.ours if own else _told_sites(each.ours)
    return DifferenceOut(field=each.field, ours=ours, theirs=each.theirs, kept=each.kept)


def _told_sites(value: Any) -> Any:  # noqa: ANN401 - a field of any type
    """The value without sites whose address is withheld: that is told to nobody outside the organisation."""
    if not isinstance(value, list):
        return value
    return [each for each in value if not (isinstance(each, dict) and each.get("withheld"))]
