"""`/signposts`: a family was told about a service. Recorded for its keeper alone; nothing goes to the service."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning, Unavailable
from connective.referrals.api.bodies import Body, Code
from connective.referrals.api.deps import SAFEGUARDING_NOTICE, PartsDep, guard
from connective.referrals.commands.give_signpost import SignpostAsked, give_signpost
from connective.referrals.commands.read_signposts import read_signposts
from connective.referrals.commands.refusals import InvalidDetails, NotAReportingRoute, translated
from connective.referrals.domain.returned import quarter
from connective.referrals.domain.signposts import Signpost, Told
from connective.referrals.storage.signposts import count_signposts, load_signpost

routes = router(tags=["signposts"])
_OWN = "own_organisation"


class SignpostIn(Body):
    """Of what the family was told, for whom of it, and why. Free text has no place in it."""

    family_id: UUID
    service_id: UUID
    subjects: Annotated[tuple[UUID, ...], Field(max_length=20)] = ()
    """For whom; nobody named, for the whole family."""
    needs: Annotated[tuple[Code, ...], Field(min_length=1, max_length=10)]
    """Why, as codes of the needs list."""
    told: Told

    def asked(self) -> SignpostAsked:
        """What the command takes: everybody and every need once."""
        subjects, needs = tuple(dict.fromkeys(self.subjects)), tuple(dict.fromkeys(self.needs))
        return SignpostAsked(self.family_id, self.service_id, subjects, needs, self.told)


class SignpostItem(BaseModel):
    """One telling, as its own organisation sees it."""

    id: UUID
    family_id: UUID
    service_id: UUID
    service_kind: str
    subjects: list[UUID]
    needs: list[str]
    told: Told
    given_by: str
    given_at: datetime


class SignpostOut(SignpostItem):
    """The same, with whom to phone about a concern."""

    safeguarding: str


class SignpostCount(BaseModel):
    """How often families were told of one service."""

    service_id: UUID
    count: int


class SignpostFigures(BaseModel):
    """One count for each service, of your own organisation's signposts."""

    quarter: str
    items: list[SignpostCount]


def _item(each: Signpost) -> SignpostItem:
    return SignpostItem(
        id=each.id,
        family_id=each.family_id,
        service_id=each.service_id,
        service_kind=each.service_kind,
        subjects=list(each.subjects),
        needs=list(each.needs),
        told=each.told,
        given_by=each.given_by,
        given_at=each.given_at,
    )


@routes.post(
    "/signposts",
    operation_id="referrals_give_signpost",
    status_code=201,
    response_model=SignpostOut,
    description=f"Record that a family was told about a service; nothing is shared with it. {SAFEGUARDING_NOTICE}",
    **operation(
        Permission.REFERRALS_REFERRAL_WRITE,
        relation=_OWN,
        refuses=(KeyMissing, StillRunning, InvalidDetails, NotAReportingRoute, Unavailable),
    ),
)
async def give(
    *, body: SignpostIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> SignpostOut:
    """Answer what was recorded."""
    done = await give_signpost(parts.room, actor, attempt, body.asked())
    async with parts.room.database.reading(actor) as connection:
        given = await load_signpost(connection, actor, done.resource_id)
    show_done(response, done)
    guard(response)
    return SignpostOut(**_item(given).model_dump(), safeguarding=parts.room.safeguarding(actor).sentence)


@routes.get(
    "/signposts",
    operation_id="referrals_list_signposts",
    response_model=Page[SignpostItem],
    **operation(Permission.REFERRALS_REFERRAL_READ, relation=_OWN),
)
async def list_them(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    family_id: Annotated[UUID, Query(description="Of which family.")],
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[SignpostItem]:
    """What the organisation told a family of, newest first. The reading is recorded."""
    found = await read_signposts(parts.room, actor, family_id, parts.cursors.after(cursor), limit)
    guard(response)
    return page_of(request, response, parts.cursors, found, limit=limit, show=_item)


@routes.get(
    "/figures/signposts",
    operation_id="referrals_count_signposts",
    **operation(Permission.REFERRALS_FIGURE_READ, relation=_OWN, refuses=(InvalidDetails,)),
)
async def count(
    *,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    named: Annotated[str, Query(alias="quarter", max_length=7, description="A quarter of a year: `2026-Q1`.")],
) -> SignpostFigures:
    """Your own organisation's signposts of a quarter, by service."""
    with translated():
        begins, ends = quarter(named)
    async with parts.room.database.reading(actor) as connection:
        found = await count_signposts(connection, actor, begins, ends)
    guard(response)
    items = [SignpostCount(service_id=service_id, count=number) for service_id, number in found]
    return SignpostFigures(quarter=named, items=items)
