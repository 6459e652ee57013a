"""`/retention/agreement-reviews`: what officers decided about agreements at the end of their time, with its proof."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from connective.consent.api.deps import Answer, Body, PartsDep, no_store
from connective.consent.api.erasures import ProvedEntryOut, SignedOut
from connective.consent.api.words import HashHex, Reasons
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.decide_agreement_end import AgreementEnd, decide_agreement_end
from connective.consent.commands.refusals import NotNow, NotYours, Unacceptable
from connective.consent.domain.agreement import State
from connective.consent.domain.agreement_ends import Fate
from connective.consent.domain.ledger import EntryKind
from connective.consent.queries.certificate import prove_ids
from connective.consent.storage.agreement_ends import list_agreement_reviews, load_agreement_review
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, StillRunning

routes = router(tags=["retention"])
_READ = operation(Permission.CONSENT_RETENTION_READ, relation="own_entity")
_PROOF = operation(Permission.CONSENT_RETENTION_READ, relation="own_entity", refuses=(NotNow,))
_ACT = operation(
    Permission.CONSENT_RETENTION_DECIDE,
    relation="own_entity",
    refuses=(KeyMissing, StillRunning, NotNow, NotYours, Unacceptable),
)


class DecideAgreementEnd(Body):
    """Kept on, until somebody looks again on `review_on`; or destroyed. Name nobody in the reason."""

    agreement_id: UUID
    decision: Fate
    reason: Reasons
    text_hash: HashHex | None = None
    """Of its last version, as you read it; null where that never left draft."""
    review_on: date | None = None


class KeptSignatureOut(Answer):
    """A signature: for which legal entity, by whose account, upon which hash."""

    legal_entity_id: UUID
    signatory_id: str
    text_hash: str
    at: datetime


class KeptVersionOut(Answer):
    """What is kept of a version for good: enough to prove that a copy of its text is what was signed."""

    number: int
    state: State
    text_hash: str
    starts_on: date
    ends_on: date
    changed_at: datetime
    signatures: list[KeptSignatureOut]


class AgreementReviewOut(Answer):
    """What an officer decided about an agreement at the end of its time."""

    id: UUID
    agreement_id: UUID
    reference: str
    legal_entity_id: UUID
    decision: Fate
    reason: str
    review_on: date | None
    versions: list[KeptVersionOut]
    reviewed_by: str
    reviewed_at: datetime


class AgreementProofOut(Answer):
    """The review, its entry in the ledger, and the signed checkpoint that proves the entry."""

    review: AgreementReviewOut
    entries: list[ProvedEntryOut]
    checkpoint: SignedOut


@routes.post("/retention/agreement-reviews", status_code=201, operation_id="consent_decide_agreement_end", **_ACT)
async def decide(
    body: DecideAgreementEnd, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> AgreementReviewOut:
    """Decide about an agreement that your legal entity leads and whose time after its end is over: a list names it.

    Destroyed is its text with terms, names, notes and comments; hashes, days and signatures stay here. Not while a
    legal hold names it, a recipient owes a confirmation, or a record is kept that was shared under it: keep it on then.
    """
    said = AgreementEnd(body.decision, body.reason, body.text_hash, body.review_on)
    done = await decide_agreement_end(parts.database, actor, attempt, body.agreement_id, said, now=parts.clock())
    show_done(response, done)
    response.headers["Location"] = f"/retention/agreement-reviews/{done.resource_id}"
    return await read(done.resource_id, actor, parts, response)


@routes.get("/retention/agreement-reviews", operation_id="consent_list_agreement_reviews", **_READ)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    agreement_id: Annotated[UUID | None, Query(description="Only of this agreement.")] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[AgreementReviewOut]:
    """What was decided about agreements that your legal entity led, was a party of or audited; newest first."""
    before, asked = parts.cursors.after(cursor), {"agreement_id": agreement_id}
    async with looking(parts.database, actor, "agreement_reviews_listed", parts.clock(), asked) as look:
        rows = await list_agreement_reviews(look, agreement_id=agreement_id, before=before, limit=limit + 1)
    no_store(response)
    return page_of(
        request, response, parts.cursors, [AgreementReviewOut.model_validate(row) for row in rows], limit=limit
    )


@routes.get("/retention/agreement-reviews/{agreement_review_id}", operation_id="consent_read_agreement_review", **_READ)
async def read(agreement_review_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> AgreementReviewOut:
    """One of them. It stays when the agreement has gone."""
    asked = {"agreement_review_id": agreement_review_id}
    async with looking(parts.database, actor, "agreement_review_read", parts.clock(), asked) as look:
        row = await load_agreement_review(look, agreement_review_id)
    no_store(response)
    return AgreementReviewOut.model_validate(row)


@routes.get(
    "/retention/agreement-reviews/{agreement_review_id}/proof", operation_id="consent_prove_agreement_review", **_PROOF
)
async def proof(agreement_review_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> AgreementProofOut:
    """The review with the ledger's proof of it: 409 for the seconds until its entry is sealed and signed."""
    asked, kind = {"agreement_review_id": agreement_review_id}, EntryKind.EXPORT
    async with looking(parts.database, actor, "agreement_review_proved", parts.clock(), asked, kind=kind) as look:
        row = await load_agreement_review(look, agreement_review_id)
        entries, checkpoint = await prove_ids(look, [row["entry_id"]])
    no_store(response)
    return AgreementProofOut(
        review=AgreementReviewOut.model_validate(row),
        entries=[ProvedEntryOut.model_validate(entry) for entry in entries],
        checkpoint=SignedOut.model_validate(checkpoint),
    )
