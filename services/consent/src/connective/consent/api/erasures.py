"""`/retention/requests` and `/retention/erasures`: erasure on request, how far each has come, and its certificate."""

import json
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from connective.consent.api.deletions import DeletionOut, show_deletion
from connective.consent.api.deps import Answer, Body, PartsDep, no_store
from connective.consent.api.words import Reasons
from connective.consent.commands.audit_reading import looking
from connective.consent.commands.decide_erasure import Asked, decide_erasure
from connective.consent.commands.refusals import NotNow, Unacceptable
from connective.consent.domain.days import day_of
from connective.consent.domain.erasures import KEPT_WORDS, OVERDUE_AFTER, ErasureState, Exemption, Ground, is_overdue
from connective.consent.domain.ledger import EntryKind
from connective.consent.queries.certificate import certify
from connective.consent.storage.erasures import list_erasures, list_requests, load_erasure
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep, AttemptDep, show_done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import KeyMissing, NotFound, StillRunning, TooSlow, Unavailable

routes = router(tags=["retention"])
_READ = operation(Permission.CONSENT_RETENTION_READ, relation="own_entity")
_PROOF = operation(Permission.CONSENT_RETENTION_READ, relation="own_entity", refuses=(NotNow,))
_ACT = operation(
    Permission.CONSENT_RETENTION_DECIDE,
    relation="own_entity",
    refuses=(KeyMissing, StillRunning, NotNow, Unacceptable, Unavailable, TooSlow),
)


class DecideErasure(Body):
    """Erasure was asked of a family's record, or of one person alone: granted or refused. Name nobody in reasons.

    With `information_request_id` the request that stands in the register is answered; else one is entered.
    """

    family_id: UUID
    person_id: UUID | None = None
    information_request_id: UUID | None = None
    asked_on: date
    ground: Ground
    granted: bool
    exemption: Exemption | None = None
    reasons: Reasons


class ErasureRequestOut(Answer):
    """A request for erasure and how it was decided."""

    id: UUID
    family: str
    person: str | None
    """One person of the family alone; null for the whole record."""
    asked_on: date
    due_on: date
    in_time: bool
    ground: Ground
    granted: bool
    exemption: Exemption | None
    reasons: str
    decided_by: str
    decided_at: datetime
    erasure_id: UUID | None


class PartOut(Answer):
    """One service's part: null until it has answered."""

    service: str
    asked_at: datetime
    done_at: datetime | None
    removed: int | None
    kept: int | None
    """Rows that stay, about nobody any more."""


class KeptWordsOut(Answer):
    """Records whose words stay, and the law that asks for it."""

    what: str
    records: int
    because: str


class ErasureOut(Answer):
    """An erasure, and what is outstanding of it."""

    id: UUID
    family: str
    person: str | None
    """One person of the family alone; null for the whole record."""
    rule_key: str | None
    run_id: UUID | None
    request_id: UUID | None
    state: ErasureState
    reason_code: str | None
    overdue: bool
    ordered_by: str
    ordered_at: datetime
    completed_at: datetime | None
    people: int | None
    outstanding: list[str]
    parts: list[PartOut]


class ProvedEntryOut(Answer):
    """One entry of the ledger with its proof against the checkpoint (RFC 6962)."""

    seq: int
    kind: str
    body: str
    leaf_hash: str
    proof: list[str]


class SignedOut(Answer):
    """The signed checkpoint that the entries are proved against."""

    size: int
    root: str
    text: str
    signature: str
    key_id: str
    signed_at: datetime


class CertificateOut(Answer):
    """What was erased, when, on what ground, by which services, who had received it, and the ledger's proof."""

    erasure: ErasureOut
    kept_words: list[KeptWordsOut]
    """Everything that officers and workers typed about whom was erased is gone but for these."""
    events_gone_by: date
    """By then the last events between the services that name its ids are gone; backups go as their keeper says."""
    recipients: list[DeletionOut]
    entries: list[ProvedEntryOut]
    checkpoint: SignedOut


def _show(row: dict[str, Any], now: datetime) -> ErasureOut:
    parts = json.loads(row["parts"]) if isinstance(row["parts"], str) else row["parts"]
    refused = row["state"] == ErasureState.REFUSED
    known = {
        "overdue": is_overdue(row["state"], row["ordered_at"], now),
        "outstanding": [] if refused else [part["service"] for part in parts if part["done_at"] is None],
        "parts": parts,
    }
    return ErasureOut.model_validate(row | known)


def show_kept_words(counts: dict[str, int]) -> list[KeptWordsOut]:
    """Each kind of record whose words stay, with its reason."""
    return [
        KeptWordsOut(what=what, records=number, because=KEPT_WORDS[what]) for what, number in sorted(counts.items())
    ]


def _show_request(row: dict[str, Any]) -> ErasureRequestOut:
    return ErasureRequestOut.model_validate(row | {"in_time": day_of(row["decided_at"]) <= row["due_on"]})


async def _request(request_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ErasureRequestOut:
    asked = {"erasure_request_id": request_id}
    async with looking(parts.database, actor, "erasure_request_read", parts.clock(), asked) as look:
        rows = await list_requests(look, None, 1, request_id)
        if not rows:
            raise NotFound
    no_store(response)
    return _show_request(rows[0])


@routes.post("/retention/requests", status_code=201, operation_id="consent_decide_erasure_request", **_ACT)
async def decide(
    body: DecideErasure, actor: ActorDep, attempt: AttemptDep, parts: PartsDep, response: Response
) -> ErasureRequestOut:
    """Decide a request for erasure (UK GDPR Article 17). What is granted is ordered erased in every service."""
    asked = Asked(**body.model_dump())
    done = await decide_erasure(
        parts.database, parts.keepers, actor, attempt, asked, is_holiday=parts.is_holiday, now=parts.clock()
    )
    show_done(response, done)
    response.headers["Location"] = f"/retention/requests/{done.resource_id}"
    return await _request(done.resource_id, actor, parts, response)


@routes.get("/retention/requests", operation_id="consent_list_erasure_requests", **_READ)
async def list_asked(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[ErasureRequestOut]:
    """Requests for erasure that your legal entity decided, newest first."""
    before = parts.cursors.after(cursor)
    async with looking(parts.database, actor, "erasure_requests_listed", parts.clock()) as look:
        rows = await list_requests(look, before, limit + 1)
    no_store(response)
    shown = [_show_request(row) for row in rows]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get("/retention/requests/{erasure_request_id}", operation_id="consent_read_erasure_request", **_READ)
async def read_asked(
    erasure_request_id: UUID, actor: ActorDep, parts: PartsDep, response: Response
) -> ErasureRequestOut:
    """One request for erasure."""
    return await _request(erasure_request_id, actor, parts, response)


@routes.get("/retention/erasures", operation_id="consent_list_erasures", **_READ)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    state: Annotated[
        str | None,
        Query(pattern="^(ordered|under_way|complete|refused|overdue)$", description="In this state, or overdue."),
    ] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[ErasureOut]:
    """The erasures your legal entity ordered, newest first: asked at, done by each service at, outstanding."""
    before, now = parts.cursors.after(cursor), parts.clock()
    async with looking(parts.database, actor, "erasures_listed", now, {"state": state}) as look:
        overdue = now - OVERDUE_AFTER
        rows = await list_erasures(look, before, limit + 1, state=state, overdue_before=overdue)
    no_store(response)
    shown = [_show(row, now) for row in rows]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get("/retention/erasures/{erasure_id}", operation_id="consent_read_erasure", **_READ)
async def read(erasure_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ErasureOut:
    """One erasure."""
    now = parts.clock()
    async with looking(parts.database, actor, "erasure_read", now, {"erasure_id": erasure_id}) as look:
        row = await load_erasure(look, erasure_id)
    no_store(response)
    return _show(row, now)


@routes.get("/retention/erasures/{erasure_id}/certificate", operation_id="consent_read_certificate", **_PROOF)
async def certificate(erasure_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> CertificateOut:
    """The certificate of an erasure that every service has answered, with the ledger's proof of it."""
    now, asked = parts.clock(), {"erasure_id": erasure_id}
    async with looking(parts.database, actor, "certificate_read", now, asked, kind=EntryKind.EXPORT) as look:
        found = await certify(look, erasure_id)
        entity_id = look.entity_id
    no_store(response)
    return CertificateOut(
        erasure=_show(found, now),
        kept_words=show_kept_words(found["kept_words"]),
        events_gone_by=found["events_gone_by"],
        recipients=[show_deletion(row, now, entity_id) for row in found["recipients"]],
        entries=[ProvedEntryOut.model_validate(entry) for entry in found["entries"]],
        checkpoint=SignedOut.model_validate(found["checkpoint"]),
    )
