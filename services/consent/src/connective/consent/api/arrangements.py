"""`/joint-arrangements`: who informs and who answers where entities are joint controllers (Article 26)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field

from connective.consent.api.acting import REFUSES, ActingDep
from connective.consent.api.deps import Answer, Body, PartsDep, show_version
from connective.consent.api.words import Line, Name, Reasons, Reference
from connective.consent.commands.change_arrangement import change_arrangement
from connective.consent.commands.draft_agreement import ReferenceTaken
from connective.consent.commands.propose_arrangement import propose_arrangement
from connective.consent.commands.refusals import Unacceptable
from connective.consent.domain.canonical import plain
from connective.consent.domain.joint_arrangements import ArrangementState, JointArrangement, allowed_actions
from connective.consent.storage.arrangements import arrangement_terms_from, list_arrangements, load_arrangement
from connective.consent.storage.organisations import entity_of
from connective.contracts.categories import Purpose
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.idempotency import Done
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation

routes = router(tags=["joint-controller arrangements"])
_ONE = "/joint-arrangements/{arrangement_id}"
_READING = operation(Permission.CONSENT_AGREEMENT_READ, relation="own_entity")
_SIGNATORY = operation(Permission.CONSENT_AGREEMENT_SIGN, relation="own_entity", refuses=REFUSES)


class ArrangementBody(Body):
    """What joint controllers settle between them; `essence` is what people may ask to see."""

    title: Name
    entity_ids: Annotated[frozenset[UUID], Field(max_length=50)]
    purposes: frozenset[Purpose]
    informs_entity_id: UUID
    answers_entity_id: UUID
    breach_entity_id: UUID
    essence: Reasons
    document_reference: Line = ""
    starts_on: date
    ends_on: date | None = None


class ProposeArrangement(Body):
    """A new arrangement."""

    reference: Reference
    terms: ArrangementBody


class EndArrangement(Body):
    """Why."""

    reason: Reasons


class ArrangementOut(Answer):
    """An arrangement; it stands once every one of its entities has confirmed it, until one of them leaves it.

    `ended_because` is why that one left.
    """

    id: UUID
    reference: str
    proposed_by_entity_id: UUID
    state: ArrangementState
    terms: ArrangementBody
    confirmed_by: list[UUID]
    awaits: list[UUID]
    allowed_actions: list[str]
    ended_because: str | None
    changed_at: datetime
    version: int


def show_arrangement(arrangement: JointArrangement, entity_id: UUID) -> ArrangementOut:
    """The arrangement as this legal entity is answered."""
    proposed = arrangement.state is ArrangementState.PROPOSED
    return ArrangementOut(
        id=arrangement.id,
        reference=arrangement.reference,
        proposed_by_entity_id=arrangement.proposed_by_entity_id,
        state=arrangement.state,
        terms=ArrangementBody.model_validate(plain(arrangement.terms)),
        confirmed_by=sorted(arrangement.confirmed_by),
        awaits=sorted(arrangement.terms.entity_ids - arrangement.confirmed_by) if proposed else [],
        allowed_actions=list(allowed_actions(arrangement, entity_id)),
        ended_because=arrangement.ended_because or None,
        changed_at=arrangement.changed_at,
        version=arrangement.version,
    )


async def _answer(arrangement_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ArrangementOut:
    async with parts.database.reading(actor) as connection:
        entity_id = await entity_of(connection, actor)
        arrangement = await load_arrangement(connection, actor, entity_id, arrangement_id)
    show_version(response, arrangement.version)
    return show_arrangement(arrangement, entity_id)


async def _after(acting: ActingDep, done: Done) -> ArrangementOut:
    acting.show(done, f"/joint-arrangements/{done.resource_id}" if done.status == 201 else None)
    return await _answer(done.resource_id, acting.actor, acting.parts, acting.response)


@routes.post(
    "/joint-arrangements",
    status_code=201,
    operation_id="consent_propose_joint_arrangement",
    **operation(
        Permission.CONSENT_AGREEMENT_DRAFT, relation="own_entity", refuses=(*REFUSES, Unacceptable, ReferenceTaken)
    ),
)
async def propose(body: ProposeArrangement, acting: ActingDep) -> ArrangementOut:
    """Propose who informs people and who answers them; each entity's signatory then confirms it."""
    terms = arrangement_terms_from(body.terms.model_dump())
    done = await propose_arrangement(
        acting.database, acting.actor, acting.attempt, reference=body.reference, terms=terms, now=acting.now()
    )
    return await _after(acting, done)


@routes.get("/joint-arrangements", operation_id="consent_list_joint_arrangements", **_READING)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[ArrangementOut]:
    """The arrangements your legal entity is part of."""
    after = parts.cursors.after(cursor)
    async with parts.database.reading(actor) as connection:
        entity_id = await entity_of(connection, actor)
        found = await list_arrangements(connection, actor, entity_id, after, limit + 1)
    shown = [show_arrangement(each, entity_id) for each in found]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get(_ONE, operation_id="consent_read_joint_arrangement", **_READING)
async def read(arrangement_id: UUID, actor: ActorDep, parts: PartsDep, response: Response) -> ArrangementOut:
    """One arrangement."""
    return await _answer(arrangement_id, actor, parts, response)


@routes.post(f"{_ONE}/confirm", operation_id="consent_confirm_joint_arrangement", **_SIGNATORY)
async def confirm(arrangement_id: UUID, acting: ActingDep) -> ArrangementOut:
    """Confirm the arrangement for your legal entity."""
    done = await change_arrangement(
        acting.database, acting.actor, acting.attempt, arrangement_id, act="confirmed", reason="", now=acting.now()
    )
    return await _after(acting, done)


@routes.post(f"{_ONE}/end", operation_id="consent_end_joint_arrangement", **_SIGNATORY)
async def end(arrangement_id: UUID, body: EndArrangement, acting: ActingDep) -> ArrangementOut:
    """Leave the arrangement, which ends it for all."""
    done = await change_arrangement(
        acting.database, acting.actor, acting.attempt, arrangement_id, act="ended", reason=body.reason, now=acting.now()
    )
    return await _after(acting, done)
