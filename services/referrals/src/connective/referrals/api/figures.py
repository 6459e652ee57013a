"""Figures for those who answer for a service, an organisation or a place; never about anybody."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation
from connective.referrals.api.deps import PartsDep, guard
from connective.referrals.commands.refusals import InvalidDetails, translated
from connective.referrals.domain.returned import SMALLEST_SHOWN, Figure, quarter
from connective.referrals.queries.count_returned import Period, count_returned

routes = router(prefix="/figures", tags=["figures"])


class ReasonOut(BaseModel):
    """How many came back for one reason; null where it is not told."""

    code: str
    count: int | None


class ReturnedOut(BaseModel):
    """Of the requests to one service that ended in the quarter, those that came back without action, and why."""

    service_id: UUID
    organisation_id: UUID
    ended: int | None
    returned: int | None
    reasons: list[ReasonOut]


class ReturnedFigures(BaseModel):
    """One figure for each service. A number under `smallest_shown` is null, but of your own organisation's requests."""

    quarter: str
    direction: str
    smallest_shown: int
    items: list[ReturnedOut]


@routes.get(
    "/returned-without-action",
    operation_id="referrals_count_returned",
    **operation(Permission.REFERRALS_FIGURE_READ, relation="own_organisation", refuses=(InvalidDetails,)),
)
async def returned(
    *,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    named: Annotated[str, Query(alias="quarter", max_length=7, description="A quarter of a year: `2026-Q1`.")],
    direction: Annotated[
        Literal["sent", "received", "place"],
        Query(description="Requests your organisation `sent` or `received`, or the `place` for hub coordinators."),
    ] = "received",
) -> ReturnedFigures:
    """Declined or lapsed requests by reason, for whole quarters: periods that overlap could be subtracted."""
    with translated():
        period = Period(*quarter(named))
    coordinates = actor.may(Permission.REFERRALS_REQUEST_COORDINATE)
    found = await count_returned(parts.room.database, actor, period, direction, coordinates=coordinates)
    guard(response)
    items = [_figure(each) for each in found]
    return ReturnedFigures(quarter=named, direction=direction, smallest_shown=SMALLEST_SHOWN, items=items)


def _figure(figure: Figure) -> ReturnedOut:
    return ReturnedOut(
        service_id=figure.service_id,
        organisation_id=figure.organisation_id,
        ended=figure.ended,
        returned=figure.returned,
        reasons=[ReasonOut(code=code, count=count) for code, count in figure.reasons.items()],
    )
