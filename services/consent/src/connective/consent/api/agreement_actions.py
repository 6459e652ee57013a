"""The life of an agreement's version: submitting, reviewing, signing, suspending, ending."""

from collections.abc import Awaitable
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from connective.consent.api.acting import REFUSES, ActingDep
from connective.consent.api.agreement_answers import VersionOut
from connective.consent.api.agreements import VersionNumber, answer_version
from connective.consent.api.deps import Body
from connective.consent.api.words import HashHex, Line, Reasons, Text
from connective.consent.commands.halt_agreement import halt_agreement
from connective.consent.commands.refusals import AgreementIncomplete, Unacceptable
from connective.consent.commands.review_agreement import review_agreement
from connective.consent.commands.sign_agreement import sign_agreement
from connective.consent.commands.submit_agreement import submit_agreement
from connective.consent.domain.agreement import Action
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.idempotency import Done
from connective.kit.policy import operation

routes = router(tags=["agreements"])
_ONE = "/agreements/{agreement_id}/versions/{number}"
_OFFICER = operation(Permission.CONSENT_AGREEMENT_REVIEW, relation="own_entity", refuses=REFUSES)
_SIGNATORY = operation(Permission.CONSENT_AGREEMENT_SIGN, relation="own_entity", refuses=(*REFUSES, Unacceptable))
_SIGNING = operation(
    Permission.CONSENT_AGREEMENT_SIGN, relation="own_entity", refuses=(*REFUSES, Unacceptable), step_up=True
)
_LEAD = operation(Permission.CONSENT_AGREEMENT_DRAFT, relation="own_entity", refuses=(*REFUSES, AgreementIncomplete))


class ReviewBody(Body):
    """What a data protection officer says of the text."""

    approved: bool
    note: Text = ""


class SignBody(Body):
    """The hash of the text that was read, as the version shows it, and how the printed agreement names who signs."""

    text_hash: HashHex
    name: Line = ""
    position: Line = ""


class HaltBody(Body):
    """Why."""

    reason: Reasons


class _OneVersion:
    """The version a verb acts on, and the way back to its answer."""

    def __init__(self, agreement_id: UUID, number: VersionNumber, acting: ActingDep) -> None:
        self.agreement_id, self.number, self.acting = agreement_id, number, acting

    async def after(self, work: Awaitable[Done]) -> VersionOut:
        """Do the work, and answer the version as it then stands."""
        acting = self.acting
        acting.show(await work)
        return await answer_version(self.agreement_id, self.number, acting.actor, acting.parts, acting.response)

    async def halt(self, action: Action, body: HaltBody) -> VersionOut:
        """Suspend, reinstate or terminate, for the reason given."""
        acting = self.acting
        return await self.after(
            halt_agreement(
                acting.database,
                acting.actor,
                acting.attempt,
                self.agreement_id,
                self.number,
                action=action,
                reason=body.reason,
                now=acting.now(),
            )
        )


OneDep = Annotated[_OneVersion, Depends()]


@routes.post(f"{_ONE}/submit", operation_id="consent_submit_agreement", **_LEAD)
async def submit(one: OneDep) -> VersionOut:
    """Freeze a draft and send it to the parties' officers. What stops it is answered in an officer's sentences."""
    acting = one.acting
    return await one.after(
        submit_agreement(acting.database, acting.actor, acting.attempt, one.agreement_id, one.number, now=acting.now())
    )


@routes.post(f"{_ONE}/review", operation_id="consent_review_agreement", **_OFFICER)
async def review(one: OneDep, body: ReviewBody) -> VersionOut:
    """Review the frozen text for your legal entity; when every founding party approves, signatures are awaited."""
    acting = one.acting
    return await one.after(
        review_agreement(
            acting.database,
            acting.actor,
            acting.attempt,
            one.agreement_id,
            one.number,
            approved=body.approved,
            words=body.note,
            now=acting.now(),
        )
    )


@routes.post(f"{_ONE}/sign", operation_id="consent_sign_agreement", **_SIGNING)
async def sign(one: OneDep, body: SignBody) -> VersionOut:
    """Sign for your legal entity. The last signature puts it in force by itself, once its start day has come."""
    acting = one.acting
    return await one.after(
        sign_agreement(
            acting.database,
            acting.actor,
            acting.attempt,
            one.agreement_id,
            one.number,
            **body.model_dump(),
            now=acting.now(),
        )
    )


@routes.post(f"{_ONE}/suspend", operation_id="consent_suspend_agreement", **_OFFICER)
async def suspend(one: OneDep, body: HaltBody) -> VersionOut:
    """Stop all sharing under it at once. Any party's data protection officer may."""
    return await one.halt(Action.SUSPEND, body)


@routes.post(f"{_ONE}/reinstate", operation_id="consent_reinstate_agreement", **_OFFICER)
async def reinstate(one: OneDep, body: HaltBody) -> VersionOut:
    """Let sharing go on after a suspension."""
    return await one.halt(Action.REINSTATE, body)


@routes.post(f"{_ONE}/terminate", operation_id="consent_terminate_agreement", **_SIGNATORY)
async def terminate(one: OneDep, body: HaltBody) -> VersionOut:
    """End it for good. Any party's signatory may end one in force; before that, the lead's may give it up."""
    return await one.halt(Action.TERMINATE, body)
