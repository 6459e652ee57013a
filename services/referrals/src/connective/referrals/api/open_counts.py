"""`/requests/open`: how the open requests of a hub stand, in counts."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation
from connective.referrals.api.deps import PartsDep, guard
from connective.referrals.domain.open_requests import Age
from connective.referrals.domain.progress import SMALLEST_TOLD
from connective.referrals.domain.states import Party
from connective.referrals.queries.count_open import count_open

routes = router(tags=["requests"])


class OpenCell(BaseModel):
    """How many open requests one organisation was asked that are of one age."""

    recipient_organisation_id: UUID
    age: Age
    requests: int | None
    """Rounded to the nearest five; null where there are fewer than ten."""


class TurnCell(BaseModel):
    """The next step of how many open requests is one party's."""

    turn: Party | Literal["nobody"]
    requests: int | None
    """Rounded to the nearest five; null where there are fewer than ten."""


class OpenCountsOut(BaseModel):
    """How open requests stand. No sums are told, so that nothing hidden can be worked out."""

    smallest_told: int
    by_recipient: list[OpenCell]
    by_turn: list[TurnCell]


@routes.get(
    "/requests/open",
    operation_id="referrals_count_open_requests",
    **operation(Permission.REFERRALS_REQUEST_COORDINATE, relation="place"),
)
async def count_them(
    *,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    hub_id: Annotated[
        UUID | None, Query(description="Requests to and from this hub's members; left out, the whole place.")
    ] = None,
) -> OpenCountsOut:
    """Open requests, drafts apart: with whom and for how long, and whose turn it is."""
    found = await count_open(parts.room.database, actor, hub_id=hub_id, now=parts.room.clock())
    guard(response)
    return OpenCountsOut(
        smallest_told=SMALLEST_TOLD,
        by_recipient=[
            OpenCell(recipient_organisation_id=whom, age=age, requests=count) for whom, age, count in found.by_recipient
        ],
        by_turn=[TurnCell.model_validate({"turn": turn, "requests": count}) for turn, count in found.by_turn],
    )
