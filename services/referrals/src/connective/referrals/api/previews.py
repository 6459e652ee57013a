"""Previews: who would see what if a referral were sent now."""

from uuid import UUID

from fastapi import Response
from pydantic import BaseModel

from connective.contracts.categories import Category
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import operation
from connective.kit.problems import Unavailable
from connective.referrals.api.answers import MissingOut, NoticeOut, TodayOut
from connective.referrals.api.bodies import PreviewIn
from connective.referrals.api.deps import PartsDep, guard
from connective.referrals.api.shaping import missing_out
from connective.referrals.commands.preview_referral import Preview, preview_referral
from connective.referrals.commands.refusals import InvalidDetails, NotAReportingRoute
from connective.referrals.domain.sending import what_today

routes = router(tags=["referrals"])


class SeenOut(BaseModel):
    """One category that would be seen, with the lines of the form in it."""

    category: Category
    lines: list[str]


class PreviewOut(BaseModel):
    """What would become of one request: whether it goes, what is seen, and what is missing or gone without."""

    service_id: UUID
    goes: bool
    sees: list[SeenOut]
    missing: list[MissingOut]
    without: list[MissingOut]
    warnings: list[str]
    notices: list[NoticeOut]
    today: list[TodayOut]


class PreviewsOut(BaseModel):
    """One answer for each request, in the order asked."""

    items: list[PreviewOut]


@routes.post(
    "/referrals/previews",
    operation_id="referrals_preview_referral",
    **operation(
        Permission.REFERRALS_REFERRAL_WRITE,
        relation="own_organisation",
        refuses=(InvalidDetails, NotAReportingRoute, Unavailable),
    ),
)
async def preview(body: PreviewIn, actor: ActorDep, parts: PartsDep, response: Response) -> PreviewsOut:
    """Who would see what, by the rules of sending. Nothing is stored or shared; that it was decided is recorded.

    It is decided anew when the referral is sent, and at every reading after that.
    """
    asks = [item.ask() for item in body.requests]
    previews = await preview_referral(parts.room, actor, body.family_id, asks)
    guard(response)
    return PreviewsOut(items=[_shown(each) for each in previews])


def _shown(each: Preview) -> PreviewOut:
    service = each.service
    today = () if each.goes else what_today(service.name, service.kind, service.telephone)
    return PreviewOut(
        service_id=service.service_id,
        goes=each.goes,
        sees=[SeenOut(category=category, lines=list(lines)) for category, lines in each.sees.items()],
        missing=missing_out(each.weighed.missing),
        without=missing_out(each.weighed.without),
        warnings=list(each.warnings),
        notices=[NoticeOut(code=notice.code, sentence=notice.sentence) for notice in each.notices],
        today=[TodayOut(kind=option.kind, sentence=option.sentence) for option in today],
    )
