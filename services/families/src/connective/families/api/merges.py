"""Routes over merges: two records of one person are proposed as one, reviewed by others, and can be taken apart."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from connective.contracts.permissions import Permission
from connective.families.api.answers import Answered
from connective.families.api.deps import Parts, PartsDep
from connective.families.api.problems import (
    AlreadyEnded,
    AlreadyProposed,
    LaterMerge,
    LikelyTwin,
    MergedRecord,
    NotTheSecondPerson,
)
from connective.families.api.schemas import MergeIn, MergeReasonIn
from connective.families.commands.propose_merge import propose_merge
from connective.families.commands.read_merges import Named, list_merges, read_merge
from connective.families.commands.settle_merge import Settling, agree_to_merge, decline_merge, undo_merge
from connective.families.domain.duplicates import Likeness
from connective.families.domain.merging import Merge, MergeAction, MergeReason, MergeState
from connective.kit.actor import Actor
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, VersionDep, show_done
from connective.kit.etags import etag
from connective.kit.idempotency import Done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import MatchRequired, Stale

routes = router(tags=["people"])
_KEEPER = "own_organisation"
_REVIEW = operation(
    Permission.FAMILIES_MERGE_REVIEW,
    relation=_KEEPER,
    refuses=(AlreadyEnded, LaterMerge, LikelyTwin, NotTheSecondPerson, MatchRequired, MergedRecord, Stale),
)


class MergeListed(Answered):
    """A merge in a list: ids and codes."""

    id: UUID
    version: int
    state: MergeState
    person_id: UUID
    merged_person_id: UUID
    likeness: Likeness
    one_record: bool
    awaiting_organisation_ids: list[UUID]
    proposed_by_you: bool
    proposed_at: datetime
    settled_at: datetime | None
    undone_at: datetime | None
    reason: MergeReason | None


class MergeSideOut(Answered):
    """One of the two, as far as a search shows somebody. Nothing is named of whoever must not be found."""

    person_id: UUID
    name: str | None
    year_of_birth: int | None
    kept_by_your_organisation: bool


class MergeOut(MergeListed):
    """A merge, with what a reviewer needs: what is alike, and what is not."""

    people: list[MergeSideOut]
    shared: list[str]
    differs: list[str]
    allowed_actions: list[MergeAction]


@routes.post(
    "/people/{person_id}/merges",
    status_code=201,
    operation_id="families_propose_merge",
    **operation(
        Permission.FAMILIES_FAMILY_WRITE, relation=_KEEPER, refuses=(AlreadyProposed, LikelyTwin, MergedRecord)
    ),
)
async def propose(
    person_id: UUID, *, body: MergeIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> MergeOut:
    """Say that another record is of the same person. Nothing changes until a practice lead of each keeper agreed.

    Likely twins (one birth date, surname and home, different first names) are refused: `likely-twin`.
    """
    done = await propose_merge(parts.means, actor, attempt, person_id, body.merged_person_id, now=parts.clock())
    response.headers["Location"] = f"/people/merges/{done.resource_id}"
    return await _shown(parts, actor, done, response)


@routes.get(
    "/people/merges",
    operation_id="families_list_merges",
    **operation(Permission.FAMILIES_FAMILY_READ, relation=_KEEPER),
)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
    state: Annotated[MergeState | None, Query(description="Only those that stand so.")] = None,
) -> Page[MergeListed]:
    """What was proposed as one person among your organisation's records, the newest first."""
    before = parts.cursors.after(cursor)
    found = await list_merges(parts.means, actor, state=state, before=before, limit=limit + 1, now=parts.clock())
    response.headers["Cache-Control"] = "no-store"

    def show(merge: Any) -> MergeListed:  # noqa: ANN401 - a row of the list
        return MergeListed.model_validate(_listed(merge, actor))

    return page_of(request, response, parts.cursors, found, limit=limit, show=show)


@routes.get(
    "/people/merges/{merge_id}",
    operation_id="families_read_merge",
    **operation(Permission.FAMILIES_FAMILY_READ, relation=_KEEPER),
)
async def read(merge_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> MergeOut:
    """One merge, to look at before anybody agrees. That you looked is logged."""
    return await _shown(parts, actor, Done(merge_id, 200), response)


class _Reviewing:
    """What every review takes beside the merge's address."""

    def __init__(
        self, actor: ActorDep, attempt: AttemptDep, version: VersionDep, parts: PartsDep, response: Response
    ) -> None:
        self.actor, self.attempt, self.version, self.parts, self.response = actor, attempt, version, parts, response

    def settling(self, merge_id: UUID, reason: MergeReason | None = None) -> Settling:
        """Which merge, in which version, and why."""
        return Settling(merge_id, self.version, reason)

    async def show(self, done: Done) -> MergeOut:
        """Where it stands afterwards."""
        return await _shown(self.parts, self.actor, done, self.response)


_ReviewingDep = Annotated[_Reviewing, Depends()]


@routes.post("/people/merges/{merge_id}/agree", operation_id="families_agree_to_merge", **_REVIEW)
async def agree(merge_id: UUID, asked: _ReviewingDep) -> MergeOut:
    """Agree for your organisation that they are one; somebody else than the proposer. The last makes them one."""
    settling = asked.settling(merge_id)
    return await asked.show(
        await agree_to_merge(asked.parts.means, asked.actor, asked.attempt, settling, asked.parts.clock())
    )


@routes.post("/people/merges/{merge_id}/decline", operation_id="families_decline_merge", **_REVIEW)
async def decline(merge_id: UUID, body: MergeReasonIn, asked: _ReviewingDep) -> MergeOut:
    """Leave the two records as they are, and say why."""
    settling = asked.settling(merge_id, body.reason)
    return await asked.show(
        await decline_merge(asked.parts.means, asked.actor, asked.attempt, settling, asked.parts.clock())
    )


@routes.post("/people/merges/{merge_id}/undo", operation_id="families_undo_merge", **_REVIEW)
async def undo(merge_id: UUID, body: MergeReasonIn, asked: _ReviewingDep) -> MergeOut:
    """Take the two apart: each record is again what it was. What was added since stays with the one that stayed."""
    settling = asked.settling(merge_id, body.reason)
    return await asked.show(
        await undo_merge(asked.parts.means, asked.actor, asked.attempt, settling, asked.parts.clock())
    )


def _listed(merge: Merge, actor: Actor) -> dict[str, object]:
    return {
        "id": merge.id,
        "version": merge.version,
        "state": merge.state,
        "person_id": merge.person_id,
        "merged_person_id": merge.merged_person_id,
        "likeness": merge.likeness,
        "one_record": merge.one_record,
        "awaiting_organisation_ids": list(merge.awaiting),
        "proposed_by_you": merge.proposed_by == actor.id,
        "proposed_at": merge.proposed_at,
        "settled_at": merge.settled_at,
        "undone_at": merge.undone_at,
        "reason": merge.reason,
    }


def _side(named: Named, actor: Actor) -> MergeSideOut:
    return MergeSideOut(
        person_id=named.person_id,
        name=named.name,
        year_of_birth=named.birth_year,
        kept_by_your_organisation=named.keeper_id == actor.organisation,
    )


async def _shown(parts: Parts, actor: Actor, done: Done, response: Response) -> MergeOut:
    found = await read_merge(parts.means, actor, done.resource_id, parts.clock())
    show_done(response, done)
    response.headers["ETag"] = etag(found.merge.version)
    response.headers["Cache-Control"] = "no-store"
    allowed = sorted(found.merge.legal) if actor.may(Permission.FAMILIES_MERGE_REVIEW) else []
    if MergeAction.AGREE in allowed and found.merge.proposed_by == actor.id:
        allowed.remove(MergeAction.AGREE)
    return MergeOut.model_validate(
        {
            **_listed(found.merge, actor),
            "people": [_side(each, actor) for each in found.people],
            "shared": list(found.merge.shared),
            "differs": list(found.merge.differs),
            "allowed_actions": allowed,
        }
    )
