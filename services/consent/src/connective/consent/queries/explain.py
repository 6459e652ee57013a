"""Reads what the rules would look at now, for the path of decisions that were recorded."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.consent.domain.explain import Path, explain
from connective.consent.queries.disclosures import decision_visible, pseudonyms
from connective.consent.storage.evidence import read_evidence
from connective.consent.storage.organisations import entity_of
from connective.consent.storage.tables import decision
from connective.contracts.sharing import Decision, Question, RecordedDecision
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.problems import NotFound


async def _paths(unit: Unit, asked: Sequence[tuple[Question, Decision]], at: datetime, names: Any) -> list[Path]:  # noqa: ANN401 - a Naming
    questions = [question for question, _ in asked]
    found = await read_evidence(unit, questions, at)
    return [
        explain(question, recorded, evidence, at, names)
        for (question, recorded), evidence in zip(asked, found.evidence, strict=True)
    ]


async def explain_asked(
    connection: AsyncConnection,
    actor: Actor,
    questions: Sequence[Question],
    items: Sequence[RecordedDecision],
    at: datetime,
) -> list[Path]:
    """The paths of decisions that the actor has just asked for; people by the ids that were asked about."""
    asked = [(question, item.decision) for question, item in zip(questions, items, strict=True)]
    return await _paths(Unit(connection, actor), asked, at, str)


async def explain_recorded(connection: AsyncConnection, actor: Actor, decision_id: UUID, at: datetime) -> Path:
    """The path of one decision, for an officer who may read it; people by pseudonym. Raises NotFound."""
    wanted = select(decision.c.question, decision.c.answer, decision.c.person_ids).where(
        decision.c.id == decision_id, decision_visible(actor.place, await entity_of(connection, actor))
    )
    row = (await connection.execute(wanted)).first()
    if row is None:
        raise NotFound
    names = await pseudonyms(connection, list(row.person_ids))
    asked = (Question.model_validate(row.question), Decision.model_validate(row.answer))
    (path,) = await _paths(Unit(connection, actor), [asked], at, names.__getitem__)
    return path
