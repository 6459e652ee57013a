"""`/memoranda`: what partners commit to do together, signed and tracked. A memorandum permits no sharing."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Request, Response

from connective.consent.api.acting import REFUSES, ActingDep
from connective.consent.api.deps import Body, PartsDep, show_version
from connective.consent.api.memorandum_answers import MemorandumBody, MemorandumOut, show_memorandum
from connective.consent.api.words import HashHex, Line, Reasons, Reference, Text
from connective.consent.commands.change_memorandum import (
    end_memorandum,
    report_commitment,
    sign_memorandum,
    submit_memorandum,
)
from connective.consent.commands.draft_agreement import ReferenceTaken
from connective.consent.commands.draft_memorandum import draft_memorandum
from connective.consent.commands.edit_memorandum import edit_memorandum
from connective.consent.commands.refusals import AgreementIncomplete, NotNow, NotYours, Unacceptable
from connective.consent.domain.days import day_of
from connective.consent.domain.memorandum import Progress
from connective.consent.storage.memoranda import list_memoranda, load_memorandum, memorandum_terms_from
from connective.consent.storage.organisations import entity_of
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, VersionDep
from connective.kit.idempotency import Done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import MatchRequired, Stale

routes = router(tags=["memoranda"])
_ONE = "/memoranda/{memorandum_id}"
_READING = operation(Permission.CONSENT_AGREEMENT_READ, relation="own_entity")
_SIGNATORY = operation(Permission.CONSENT_AGREEMENT_SIGN, relation="own_entity", refuses=(*REFUSES, Unacceptable))
_SIGNING = operation(
    Permission.CONSENT_AGREEMENT_SIGN, relation="own_entity", refuses=(*REFUSES, Unacceptable), step_up=True
)
CommitmentNumber = Annotated[int, Path(ge=1, le=200, description="The commitment, counted from 1 as in the text.")]


class DraftMemorandum(Body):
    """A new memorandum."""

    reference: Reference
    terms: MemorandumBody


class SignMemorandum(Body):
    """The hash of the text that was read, and how the printed memorandum names who signs."""

    text_hash: HashHex
    name: Line = ""
    position: Line = ""


class ReportBody(Body):
    """How a commitment stands."""

    progress: Progress
    note: Text = ""


class EndMemorandum(Body):
    """Why."""

    reason: Reasons


async def _answer(memorandum_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> MemorandumOut:
    async with parts.database.reading(actor) as connection:
        entity_id = await entity_of(connection, actor)
        one = await load_memorandum(connection, actor.place, entity_id, memorandum_id)
    show_version(response, one.revision)
    return show_memorandum(one, entity_id, day_of(parts.clock()))


async def _after(acting: ActingDep, done: Done) -> MemorandumOut:
    acting.show(done, f"/memoranda/{done.resource_id}" if done.status == 201 else None)
    return await _answer(done.resource_id, acting.actor, acting.parts, acting.response)


@routes.post(
    "/memoranda",
    status_code=201,
    operation_id="consent_draft_memorandum",
    **operation(Permission.CONSENT_AGREEMENT_DRAFT, relation="own_entity", refuses=(*REFUSES, ReferenceTaken)),
)
async def draft(body: DraftMemorandum, acting: ActingDep) -> MemorandumOut:
    """Draft a memorandum, led by your legal entity."""
    terms = memorandum_terms_from(body.terms.model_dump())
    done = await draft_memorandum(
        acting.database, acting.actor, acting.attempt, reference=body.reference, terms=terms, now=acting.now()
    )
    return await _after(acting, done)


@routes.get("/memoranda", operation_id="consent_list_memoranda", **_READING)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[MemorandumOut]:
    """The memoranda your legal entity leads or is party to."""
    after, today = parts.cursors.after(cursor), day_of(parts.clock())
    async with parts.database.reading(actor) as connection:
        entity_id = await entity_of(connection, actor)
        found = await list_memoranda(connection, actor, entity_id, after, limit + 1)
    shown = [show_memorandum(one, entity_id, today) for one in found]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get(_ONE, operation_id="consent_read_memorandum", **_READING)
async def read(memorandum_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> MemorandumOut:
    """One memorandum: its text, its signatures, and how each commitment stands."""
    return await _answer(memorandum_id, actor, parts, response)


@routes.put(
    _ONE,
    operation_id="consent_edit_memorandum",
    **operation(
        Permission.CONSENT_AGREEMENT_DRAFT, relation="own_entity", refuses=(NotNow, NotYours, Stale, MatchRequired)
    ),
)
async def edit(
    *,
    memorandum_id: UUID,
    body: MemorandumBody,
    actor: ActorDep,
    version: VersionDep,
    parts: PartsDep,
    response: Response,
) -> MemorandumOut:
    """Replace the terms of a draft."""
    terms = memorandum_terms_from(body.model_dump())
    await edit_memorandum(parts.database, actor, memorandum_id, revision=version, terms=terms, now=parts.clock())
    return await _answer(memorandum_id, actor, parts, response)


@routes.post(
    f"{_ONE}/submit",
    operation_id="consent_submit_memorandum",
    **operation(Permission.CONSENT_AGREEMENT_DRAFT, relation="own_entity", refuses=(*REFUSES, AgreementIncomplete)),
)
async def submit(memorandum_id: UUID, acting: ActingDep) -> MemorandumOut:
    """Freeze the text and ask each party's signatory to sign."""
    done = await submit_memorandum(acting.database, acting.actor, acting.attempt, memorandum_id, acting.now())
    return await _after(acting, done)


@routes.post(f"{_ONE}/sign", operation_id="consent_sign_memorandum", **_SIGNING)
async def sign(memorandum_id: UUID, body: SignMemorandum, acting: ActingDep) -> MemorandumOut:
    """Sign for your legal entity; the last signature puts it in force."""
    done = await sign_memorandum(
        acting.database, acting.actor, acting.attempt, memorandum_id, **body.model_dump(), now=acting.now()
    )
    return await _after(acting, done)


@routes.post(f"{_ONE}/end", operation_id="consent_end_memorandum", **_SIGNATORY)
async def end(memorandum_id: UUID, body: EndMemorandum, acting: ActingDep) -> MemorandumOut:
    """End it. Any party's signatory may end one in force; before that, the lead's may give it up."""
    done = await end_memorandum(
        acting.database, acting.actor, acting.attempt, memorandum_id, reason=body.reason, now=acting.now()
    )
    return await _after(acting, done)


@routes.post(
    f"{_ONE}/commitments/{{number}}/reports",
    operation_id="consent_report_commitment",
    **operation(Permission.CONSENT_AGREEMENT_DRAFT, relation="own_entity", refuses=(*REFUSES, Unacceptable)),
)
async def report(memorandum_id: UUID, number: CommitmentNumber, body: ReportBody, acting: ActingDep) -> MemorandumOut:
    """Say how a commitment stands: by the partner that made it, or the lead. Earlier reports are kept."""
    done = await report_commitment(
        acting.database,
        acting.actor,
        acting.attempt,
        memorandum_id,
        commitment=number,
        progress=body.progress,
        words=body.note,
        now=acting.now(),
    )
    return await _after(acting, done)
