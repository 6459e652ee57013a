"""The life of an agreement's version: submitting, reviewing, signing, suspending, ending."""

from uuid import UUID

from fastapi import Response

from connective.consent.api.agreement_answers import VersionOut
from connective.consent.api.agreements import VersionNumber, answer_version
from connective.consent.api.deps import Body, PartsDep
from connective.consent.api.words import HashHex, Reasons, Text
from connective.consent.commands.halt_agreement import halt_agreement
from connective.consent.commands.review_agreement import review_agreement
from connective.consent.commands.sign_agreement import sign_agreement
from connective.consent.commands.submit_agreement import submit_agreement
from connective.consent.domain.agreement import Action
from connective.consent.domain.refused import AgreementIncomplete, NotNow, NotYours, Unacceptable
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning

routes = router(tags=["agreements"])
_ACTING = (KeyMissing, StillRunning, NotNow, NotYours)
_ONE = "/agreements/{agreement_id}/versions/{number}"


class ReviewBody(Body):
    """What a data protection officer says of the text."""

    approved: bool
    note: Text = ""


class SignBody(Body):
    """The hash of the text that was read, as the version shows it."""

    text_hash: HashHex


class HaltBody(Body):
    """Why."""

    reason: Reasons


@routes.post(
    f"{_ONE}/submit",
    operation_id="consent_submit_agreement",
    **operation(Permission.CONSENT_AGREEMENT_DRAFT, relation="own_entity", refuses=(*_ACTING, AgreementIncomplete)),
)
async def submit(
    *,
    agreement_id: UUID,
    number: VersionNumber,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> VersionOut:
    """Freeze a draft and send it to the parties' officers. What stops it is answered in an officer's sentences."""
    done = await submit_agreement(parts.database, actor, attempt, agreement_id, number, now=parts.clock())
    show_done(response, done)
    return await answer_version(agreement_id, number, actor, parts, response)


@routes.post(
    f"{_ONE}/review",
    operation_id="consent_review_agreement",
    **operation(Permission.CONSENT_AGREEMENT_REVIEW, relation="own_entity", refuses=_ACTING),
)
async def review(
    *,
    agreement_id: UUID,
    number: VersionNumber,
    body: ReviewBody,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> VersionOut:
    """Review the frozen text for your legal entity; when every founding party approves, signatures are awaited."""
    done = await review_agreement(
        parts.database,
        actor,
        attempt,
        agreement_id,
        number,
        approved=body.approved,
        words=body.note,
        now=parts.clock(),
    )
    show_done(response, done)
    return await answer_version(agreement_id, number, actor, parts, response)


@routes.post(
    f"{_ONE}/sign",
    operation_id="consent_sign_agreement",
    **operation(Permission.CONSENT_AGREEMENT_SIGN, relation="own_entity", refuses=(*_ACTING, Unacceptable)),
)
async def sign(
    *,
    agreement_id: UUID,
    number: VersionNumber,
    body: SignBody,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> VersionOut:
    """Sign for your legal entity. The last signature puts it in force by itself, once its start day has come."""
    done = await sign_agreement(
        parts.database, actor, attempt, agreement_id, number, text_hash=body.text_hash, now=parts.clock()
    )
    show_done(response, done)
    return await answer_version(agreement_id, number, actor, parts, response)


async def _halt(
    action: Action,
    agreement_id: UUID,
    number: int,
    *,
    body: HaltBody,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> VersionOut:
    done = await halt_agreement(
        parts.database,
        actor,
        attempt,
        agreement_id,
        number,
        action=action,
        reason=body.reason,
        now=parts.clock(),
    )
    show_done(response, done)
    return await answer_version(agreement_id, number, actor, parts, response)


@routes.post(
    f"{_ONE}/suspend",
    operation_id="consent_suspend_agreement",
    **operation(Permission.CONSENT_AGREEMENT_REVIEW, relation="own_entity", refuses=_ACTING),
)
async def suspend(
    *,
    agreement_id: UUID,
    number: VersionNumber,
    body: HaltBody,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> VersionOut:
    """Stop all sharing under it at once. Any party's data protection officer may."""
    return await _halt(
        Action.SUSPEND, agreement_id, number, body=body, actor=actor, attempt=attempt, parts=parts, response=response
    )


@routes.post(
    f"{_ONE}/reinstate",
    operation_id="consent_reinstate_agreement",
    **operation(Permission.CONSENT_AGREEMENT_REVIEW, relation="own_entity", refuses=_ACTING),
)
async def reinstate(
    *,
    agreement_id: UUID,
    number: VersionNumber,
    body: HaltBody,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> VersionOut:
    """Let sharing go on after a suspension."""
    return await _halt(
        Action.REINSTATE, agreement_id, number, body=body, actor=actor, attempt=attempt, parts=parts, response=response
    )


@routes.post(
    f"{_ONE}/terminate",
    operation_id="consent_terminate_agreement",
    **operation(Permission.CONSENT_AGREEMENT_SIGN, relation="own_entity", refuses=_ACTING),
)
async def terminate(
    *,
    agreement_id: UUID,
    number: VersionNumber,
    body: HaltBody,
    actor: ActorDep,
    attempt: AttemptDep,
    parts: PartsDep,
    response: Response,
) -> VersionOut:
    """End it for good. Any party's signatory may end one in force; before that, the lead's may give it up."""
    return await _halt(
        Action.TERMINATE, agreement_id, number, body=body, actor=actor, attempt=attempt, parts=parts, response=response
    )
