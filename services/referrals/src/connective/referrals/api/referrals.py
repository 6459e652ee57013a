"""Referrals: make one, read one's own."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from connective.contracts.permissions import Permission
from connective.contracts.sharing import ServiceFacts
from connective.kit.actor import Actor
from connective.kit.answers import json_answer
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.express import Plain, plain_body
from connective.kit.idempotency import HEADER, Attempt, read_attempt
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import Unavailable
from connective.referrals.api.answers import ReferralItem, ReferralOut
from connective.referrals.api.bodies import ReferralIn
from connective.referrals.api.deps import SAFEGUARDING_NOTICE, Parts, PartsDep, guard
from connective.referrals.api.shaping import Shaper
from connective.referrals.commands.make_referral import HELD_BACK, ReferralAsked, make_referral
from connective.referrals.commands.read_referral import read_referral
from connective.referrals.commands.refusals import InvalidDetails, NotAReportingRoute, ReportConcernFirst, numbers
from connective.referrals.domain.referral import Referral
from connective.referrals.domain.request import Request as Made
from connective.referrals.domain.states import State
from connective.referrals.domain.status import referral_status
from connective.referrals.queries.list_referrals import list_referrals

routes = router(tags=["referrals"])
_OWN = "own_organisation"
_KEY = HEADER.lower().encode()


def shaper(parts: Parts, actor: Actor) -> Shaper:
    """Shapes answers for this reader now."""
    return Shaper(actor, parts.room.safeguarding(actor).sentence, parts.room.clock())


@routes.post(
    "/referrals",
    operation_id="referrals_make_referral",
    status_code=201,
    response_model=ReferralOut,
    description=f"Make one referral with up to ten requests; each is sent, blocked or kept. {SAFEGUARDING_NOTICE}",
    **operation(
        Permission.REFERRALS_REFERRAL_WRITE,
        relation=_OWN,
        refuses=(InvalidDetails, NotAReportingRoute, ReportConcernFirst, Unavailable),
    ),
)
async def make(body: ReferralIn, actor: ActorDep, attempt: AttemptDep, parts: PartsDep) -> Response:
    """Answer where every request stands; one that is `blocked` says what is missing and what can be done today."""
    return await _make(parts, actor, attempt, body)


async def make_plainly(parts: Parts, attempt_key: bytes, asked: Plain) -> Response | None:
    """The same on the express lane: nothing else asks so much of the Hub at once."""
    body = plain_body(asked, ReferralIn)
    key = asked.headers.get(_KEY)
    if body is None or key is None:
        return None
    attempt = read_attempt(key.decode("latin-1"), f"POST {asked.path}", asked.body, attempt_key)
    return await _make(parts, asked.actor, attempt, body)


async def _make(parts: Parts, actor: Actor, attempt: Attempt, body: ReferralIn) -> Response:
    asked = ReferralAsked(
        family_id=body.family_id,
        check=body.safeguarding_check.value(),
        asks=tuple(item.ask() for item in body.requests),
        submit=body.submit,
    )
    made = await make_referral(parts.room, actor, attempt, asked)
    if made.done.status == HELD_BACK:
        raise _report_first(parts, actor, made.done.resource_id)
    if made.referral is None:
        answer = await _read(parts, actor, made.done.resource_id)
    else:
        answer = _answer(parts, actor, made.referral, made.requests, made.services)
    show_done(answer, made.done)
    answer.headers["Location"] = f"/referrals/{made.done.resource_id}"
    return answer


def _report_first(parts: Parts, actor: Actor, referral_id: UUID) -> ReportConcernFirst:
    safeguarding = parts.room.safeguarding(actor)
    return ReportConcernFirst(
        f"{safeguarding.sentence} Everything is kept as a draft: send it once you have noted the report.",
        referral_id=str(referral_id),
        numbers=numbers(safeguarding),
    )


async def _read(parts: Parts, actor: Actor, referral_id: UUID) -> Response:
    read = await read_referral(parts.room, actor, referral_id)
    return _answer(parts, actor, read.referral, read.requests, read.services)


def _answer(
    parts: Parts, actor: Actor, referral: Referral, requests: Sequence[Made], services: dict[UUID, ServiceFacts]
) -> Response:
    answer = json_answer(shaper(parts, actor).referral(referral, requests, services))
    guard(answer, sum(request.version for request in requests))
    return answer


@routes.get(
    "/referrals",
    operation_id="referrals_list_referrals",
    response_model=Page[ReferralItem],
    **operation(Permission.REFERRALS_REFERRAL_READ, relation=_OWN),
)
async def list_own(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    family_id: Annotated[UUID | None, Query(description="Only those of this family.")] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[ReferralItem]:
    """The organisation's own referrals, newest first."""
    rows = await list_referrals(parts.room.database, actor, parts.cursors.after(cursor), limit, family_id)
    guard(response)
    return page_of(request, response, parts.cursors, rows, limit=limit, show=_item)


def _item(row: Any) -> ReferralItem:  # noqa: ANN401 - a row of the list
    status = referral_status([State(state) for state in row.states or ()])
    return ReferralItem(id=row.id, family_id=row.family_id, made_at=row.made_at, status=status)


@routes.get(
    "/referrals/{referral_id}",
    operation_id="referrals_read_referral",
    response_model=ReferralOut,
    **operation(Permission.REFERRALS_REFERRAL_READ, relation=_OWN),
)
async def read_one(referral_id: UUID, actor: ActorDep, parts: PartsDep) -> Response:
    """One referral of the organisation's own, and where each of its requests stands. The reading is recorded."""
    return await _read(parts, actor, referral_id)
