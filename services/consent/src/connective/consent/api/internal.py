"""What other services ask of consent, on behalf of whoever asked them."""

from connective.consent.api.deps import PartsDep
from connective.consent.commands.decide import decide_questions
from connective.consent.commands.disclose import disclose
from connective.contracts.permissions import Permission
from connective.contracts.sharing import DecisionsAnswered, DecisionsAsked, DisclosureAnswered, DisclosureAsked
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.policy import Access, operation

routes = router(tags=["internal"])


@routes.post(
    "/internal/decisions",
    operation_id="consent_decide_internally",
    **operation(Permission.CONSENT_DECISION_ASK, relation="place", access=Access.INTERNAL),
)
async def decide(body: DecisionsAsked, actor: ActorDep, parts: PartsDep) -> DecisionsAnswered:
    """Decide and record one or many questions in one transaction."""
    return await decide_questions(parts.database, actor, body.questions, parts.clock())


@routes.post(
    "/internal/disclosures",
    operation_id="consent_disclose_internally",
    **operation(Permission.CONSENT_DISCLOSURE_RECORD, relation="recipient", access=Access.INTERNAL),
)
async def record_disclosure(body: DisclosureAsked, actor: ActorDep, parts: PartsDep) -> DisclosureAnswered:
    """Decide and record the reading of one request by its recipient; a permit comes back unless it is denied."""
    return await disclose(parts.database, parts.signer, actor, body, parts.clock())
