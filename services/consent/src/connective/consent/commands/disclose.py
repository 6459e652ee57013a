from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from connective.consent.commands.recording import (
    Batch,
    Taken,
    decision_entries,
    decision_facts,
    decision_heading,
    decision_row,
    take,
)
from connective.consent.domain.canonical import one_id, words, written
from connective.consent.domain.ledger import Entry, EntryKind
from connective.consent.storage.locks import locks_for_deciding
from connective.consent.storage.records import array_text, record
from connective.consent.storage.works import DECIDING
from connective.contracts.categories import Category
from connective.contracts.consent_events import DisclosureRecorded
from connective.contracts.sharing import (
    PERMIT_LIFETIME_SECONDS,
    PERMIT_TYPE,
    DisclosureAsked,
    Outcome,
)
from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.ids import new_id, spelled_id
from connective.kit.problems import Conflict, NotAllowed
from connective.kit.tokens import Signer

PERMIT_AUDIENCE = "families"


@dataclass(frozen=True, slots=True)
class Disclosed:
    """The recorded decision and, unless it was a denial, the disclosure and its permit."""

    taken: Taken
    disclosure_id: UUID | None
    permit: str | None


async def disclose(
    database: Database, signer: Signer, actor: Actor, asked: DisclosureAsked, now: datetime
) -> Disclosed:
    """Decide one reading of a request and record it, before anything is shown; answer a permit unless it is denied.

    The disclosure starts when this transaction commits. Raises NotAllowed for a reader who is not of the recipient, and
    Conflict for an id under which a disclosure is recorded.
    """
    if actor.organisation != asked.question.recipient_organisation_id:
        raise NotAllowed("Only people and clients of the recipient read a request that was sent to it.")
    locks = locks_for_deciding(actor.place, (asked.question,))
    try:
        async with database.unit(actor, by_key=True, first=locks, work=DECIDING) as unit:
            batch = await take(unit, (asked.question,), now)
            disclosure_id = await _record(unit, batch, asked)
    except IntegrityError as error:
        if "disclosure_pkey" not in str(error.orig):
            raise
        raise Conflict("A disclosure of this id is recorded already: a reading has one of its own.") from error
    one = batch.taken[0]
    permit = _permit(signer, actor, asked, one, disclosure_id) if disclosure_id else None
    return Disclosed(one, disclosure_id, permit)


async def _record(unit: Unit, batch: Batch, asked: DisclosureAsked) -> UUID | None:
    actor, one = unit.actor, batch.taken[0]
    row = decision_row(actor, batch, 0)
    if one.decision.outcome is Outcome.DENY:
        await record(unit, [row], None, decision_entries(actor, batch))
        return None
    disclosure_id = asked.disclosure_id or new_id()
    disclosed = _disclosure_row(actor, asked, one, disclosure_id)
    unit.tell(_fact(asked, one, disclosure_id), version=1)
    await record(unit, [row], disclosed, [_entry(actor, batch, asked, disclosure_id)])
    return disclosure_id


def _categories(one: Taken) -> frozenset[Category]:
    return frozenset(c for subject in one.decision.subjects for c in subject.categories)


def _people(one: Taken) -> list[UUID]:
    return [s.person_id for s in one.decision.subjects if s.categories]


def _disclosure_row(actor: Actor, asked: DisclosureAsked, one: Taken, disclosure_id: UUID) -> dict[str, Any]:
    discloser, recipient = one.evidence.discloser, one.evidence.recipient
    assert discloser is not None and recipient is not None  # noqa: S101, PT018 - rule 1 denies without them
    return {
        "id": disclosure_id,
        "place_id": actor.place,
        "decision_id": one.id,
        "request_id": asked.request_id,
        "request_version": asked.request_version,
        "case_id": asked.case_id,
        "discloser_organisation_id": discloser.organisation_id,
        "recipient_organisation_id": recipient.organisation_id,
        "discloser_entity_id": discloser.legal_entity_id,
        "recipient_entity_id": recipient.legal_entity_id,
        "agreement_id": one.decision.agreement_id,
        "agreement_version": one.decision.agreement_version,
        "purpose": one.question.purpose.value,
        "categories": array_text(sorted(_categories(one))),
        "person_ids": array_text(_people(one)),
        "reader_id": actor.id,
        "disclosed_at": one.decision.decided_at,
    }


def _fact(asked: DisclosureAsked, one: Taken, disclosure_id: UUID) -> DisclosureRecorded:
    return DisclosureRecorded(
        disclosure_id=disclosure_id,
        decision_id=one.id,
        request_id=asked.request_id,
        discloser_organisation_id=one.question.discloser_organisation_id,
        recipient_organisation_id=one.question.recipient_organisation_id,
        categories=tuple(sorted(_categories(one))),
        purpose=one.question.purpose,
        at=one.decision.decided_at,
    )


def _entry(actor: Actor, batch: Batch, asked: DisclosureAsked, disclosure_id: UUID) -> Entry:
    one = batch.taken[0]
    facts = decision_facts(one, batch.names) | {
        "disclosure_id": one_id(disclosure_id),
        **_read(asked),
        "caller": words(actor.caller) if actor.caller else "null",
    }
    top = decision_heading(actor, EntryKind.DISCLOSURE, "disclosed", one.decision.decided_at)
    return top.entry(*spelled_id(), written(facts))


def _read(asked: DisclosureAsked) -> dict[str, str]:
    """What was read, for the ledger, as it is written there."""
    if asked.request_id is None:
        assert asked.case_id is not None  # noqa: S101 - a reading is of one of the two
        return {"case_id": one_id(asked.case_id)}
    return {"request_id": one_id(asked.request_id), "request_version": str(asked.request_version)}


def _permit(signer: Signer, actor: Actor, asked: DisclosureAsked, one: Taken, disclosure_id: UUID) -> str:
    issued = int(one.decision.decided_at.timestamp())
    subjects = {str(s.person_id): sorted(s.categories) for s in one.decision.subjects if s.categories}
    claims = {
        "aud": PERMIT_AUDIENCE,
        "jti": str(disclosure_id),
        "iat": issued,
        "exp": issued + PERMIT_LIFETIME_SECONDS,
        "place": str(actor.place),
        "organisation": str(asked.question.recipient_organisation_id),
        "discloser": str(asked.question.discloser_organisation_id),
        **({"request_id": str(asked.request_id)} if asked.request_id else {"case_id": str(asked.case_id)}),
        "subjects": subjects,
    }
    return signer.sign(PERMIT_TYPE, claims)
