"""What other services ask of consent, on behalf of whoever asked them.

The answers are put together from text that was written for the record already: a decision becomes JSON once.
"""

from uuid import UUID

from fastapi import Response

from connective.consent.api.deps import Parts, PartsDep
from connective.consent.commands.decide import decide_questions
from connective.consent.commands.decide_intake import decide_intake
from connective.consent.commands.disclose import Disclosed, disclose
from connective.consent.commands.recording import Taken
from connective.contracts.permissions import Permission
from connective.contracts.sharing import (
    DecisionsAnswered,
    DecisionsAsked,
    DisclosureAnswered,
    DisclosureAsked,
    IntakeAsked,
)
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.express import Plain, Ready, plain_body
from connective.kit.policy import Access, operation

_JSON = "application/json"
routes = router(tags=["internal"])


@routes.post(
    "/internal/decisions",
    operation_id="consent_decide_internally",
    response_model=DecisionsAnswered,
    **operation(Permission.CONSENT_DECISION_ASK, relation="place", access=Access.INTERNAL),
)
async def decide(body: DecisionsAsked, actor: ActorDep, parts: PartsDep) -> Response:
    """Decide and record one or many questions in one transaction."""
    batch = await decide_questions(parts.database, actor, body.questions, parts.clock())
    return Response(decisions_text(batch.taken), media_type=_JSON)


async def decide_plainly(parts: Parts, asked: Plain) -> Ready | None:
    """The same on the express lane: every referral asks it."""
    body = plain_body(asked, DecisionsAsked)
    if body is None:
        return None
    batch = await decide_questions(parts.database, asked.actor, body.questions, parts.clock())
    return Ready(decisions_text(batch.taken).encode(), [])


@routes.post(
    "/internal/intakes",
    operation_id="consent_decide_intake",
    response_model=DecisionsAnswered,
    **operation(Permission.CONSENT_DECISION_ASK, relation="place", access=Access.INTERNAL),
)
async def decide_about_intake(body: IntakeAsked, actor: ActorDep, parts: PartsDep) -> Response:
    """Keep what a sender says of a family's yes, and decide whether the recipient may be sent it."""
    batch = await decide_intake(parts.database, actor, body, parts.clock())
    return Response(decisions_text(batch.taken), media_type=_JSON)


@routes.post(
    "/internal/disclosures",
    operation_id="consent_disclose_internally",
    response_model=DisclosureAnswered,
    **operation(Permission.CONSENT_DISCLOSURE_RECORD, relation="recipient", access=Access.INTERNAL),
)
async def record_disclosure(body: DisclosureAsked, actor: ActorDep, parts: PartsDep) -> Response:
    """Decide and record the reading of one request by its recipient; a permit comes back unless it is denied."""
    disclosed = await disclose(parts.database, parts.signer, actor, body, parts.clock())
    return Response(disclosure_text(disclosed), media_type=_JSON)


async def disclose_plainly(parts: Parts, asked: Plain) -> Ready | None:
    """The same on the express lane: every reading of a request asks it."""
    body = plain_body(asked, DisclosureAsked)
    if body is None:
        return None
    disclosed = await disclose(parts.database, parts.signer, asked.actor, body, parts.clock())
    return Ready(disclosure_text(disclosed).encode(), [])


def _recorded(taken: Taken) -> str:
    return f'"decision_id":"{taken.spelled}","decision":{taken.text}'


def decisions_text(taken: tuple[Taken, ...]) -> str:
    """The JSON of DecisionsAnswered."""
    return f'{{"items":[{",".join(f"{{{_recorded(one)}}}" for one in taken)}]}}'


def disclosure_text(disclosed: Disclosed) -> str:
    """The JSON of DisclosureAnswered; a permit is a compact JWT, which needs no escape."""
    rest = f'"disclosure_id":{_or_null(disclosed.disclosure_id)},"permit":{_or_null(disclosed.permit)}'
    return f"{{{_recorded(disclosed.taken)},{rest}}}"


def _or_null(value: UUID | str | None) -> str:
    return "null" if value is None else f'"{value}"'
