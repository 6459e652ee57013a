"""Deciding and recording are one: what a decision looks like in its table, in the ledger, and to other services."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from connective.consent.domain.answer_text import Written, decision_text, written_question
from connective.consent.domain.answers import Decision, Refusal
from connective.consent.domain.canonical import codes, known_id, listed, one_id, written
from connective.consent.domain.decision import decide_each
from connective.consent.domain.evidence import Evidence
from connective.consent.domain.ledger import Entry, EntryKind, Heading, heading, pseudonym
from connective.consent.storage.evidence import read_evidence
from connective.consent.storage.people import person_keys
from connective.contracts.sharing import Question
from connective.kit.actor import Actor
from connective.kit.database import Unit
from connective.kit.ids import new_id, spelled_id


class Taken(NamedTuple):
    """A decision taken in the present transaction, with what it was taken from."""

    id: UUID
    spelled: str
    """Its id as text."""
    question: Question
    decision: Decision
    evidence: Evidence
    text: str
    """The decision as JSON: written once, for the record and for whoever asked."""
    asked: Written


@dataclass(frozen=True, slots=True)
class Batch:
    """The decisions of one call, with their people's keys and the pseudonyms made with them."""

    id: UUID
    taken: tuple[Taken, ...]
    keys: dict[UUID, bytes]
    names: dict[UUID, str]


async def take(unit: Unit, questions: tuple[Question, ...], at: datetime, *, decision_id: UUID | None = None) -> Batch:
    """Read and decide, the locks of the questions being held. `decision_id` is of a single decision, named already."""
    found = await read_evidence(unit, questions, at)
    people = {person for question in questions for person in question.subjects}
    keys = await person_keys(unit, unit.actor.place, people, found.person_keys)
    decisions = decide_each(questions, found.evidence, at)
    taken = tuple(
        taken_from(decision_id, question, decision, evidence)
        for question, decision, evidence in zip(questions, decisions, found.evidence, strict=True)
    )
    return Batch(new_id(), taken, keys, {person: pseudonym(person, keys[person]) for person in people})


def taken_from(decision_id: UUID | None, question: Question, decision: Decision, evidence: Evidence) -> Taken:
    """A decision that was taken, under its id or a new one, with what is written of it more than once."""
    made = (decision_id, str(decision_id)) if decision_id else spelled_id()
    return Taken(*made, question, decision, evidence, decision_text(decision), written_question(question))


def decision_row(actor: Actor, batch: Batch, nth: int) -> dict[str, Any]:
    """The row of the nth decision of a batch; of ids the texts that are there already."""
    one = batch.taken[nth]
    question, decision = one.question, one.decision
    return {
        "id": one.spelled,
        "place_id": actor.place,
        "batch_id": batch.id,
        "nth": nth,
        "discloser_organisation_id": one.asked.discloser,
        "recipient_organisation_id": one.asked.recipient,
        "purpose": question.purpose,
        "outcome": decision.outcome,
        "agreement_id": known_id(decision.agreement_id),
        "agreement_version": decision.agreement_version,
        "person_ids": "{" + one.asked.subjects.replace('"', "") + "}",
        "question": one.asked.question,
        "answer": one.text,
        "asked_by": actor.id,
        "asker_organisation_id": actor.organisation_id,
        "decided_at": decision.decided_at,
    }


def _refused(refusal: Refusal, names: Mapping[UUID, str]) -> str:
    whom = f'"{names[refusal.person_id]}"' if refusal.person_id else "null"
    return f'[{refusal.rule},"{refusal.code}","{refusal.category}",{whom}]'


def decision_facts(one: Taken, names: Mapping[UUID, str]) -> dict[str, str]:
    """What of a decision enters the ledger: everything but who the people are. Each member is canonical JSON."""
    question, asked, decision, evidence = one.question, one.asked, one.decision, one.evidence
    version = decision.agreement_version
    return {
        "agreement_id": known_id(decision.agreement_id),
        "agreement_version": "null" if version is None else str(version),
        "asked": asked.categories,
        "basis": "null" if decision.basis is None else f'"{decision.basis}"',
        "consent_record_ids": listed(map(str, decision.consent_record_ids)),
        "decision_id": f'"{one.spelled}"',
        "discloser_organisation_id": asked.discloser,
        "method": f'"{question.method}"',
        "one_off_id": one_id(evidence.one_off.one_off_id if evidence.one_off else None),
        "outcome": f'"{decision.outcome}"',
        "override_id": one_id(evidence.override.override_id if evidence.override else None),
        "permitted": written({names[s.person_id]: codes(s.categories) for s in decision.subjects}),
        "purpose": f'"{question.purpose}"',
        "recipient_organisation_id": asked.recipient,
        "refused": f"[{','.join([_refused(r, names) for r in decision.refusals])}]",
        "service_id": asked.service,
    }


def decision_heading(actor: Actor, kind: EntryKind, act: str, at: datetime) -> Heading:
    """What the entries of one call's decisions have in common."""
    return heading(actor.place, kind, act=act, at=at, actor_id=actor.id, organisation_id=actor.organisation_id)


def decision_entries(actor: Actor, batch: Batch) -> list[Entry]:
    """The ledger's entries of decisions that disclose nothing yet."""
    top = decision_heading(actor, EntryKind.DECISION, "decided", batch.taken[0].decision.decided_at)
    return [top.entry(*spelled_id(), written(decision_facts(one, batch.names))) for one in batch.taken]
