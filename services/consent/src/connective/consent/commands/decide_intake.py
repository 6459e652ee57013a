"""Decide about people whom a partner's system sends from outside: no record of the Hub is known to be theirs yet.

The intake itself stands for them, as one subject of unknown age. What the sender says of their yes and of the notice
they were shown is kept as said of that subject; the seven rules then decide as they do about anybody.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from connective.consent.commands.consent_facts import consent_event, enter_consent
from connective.consent.commands.decide import decide_in
from connective.consent.commands.ledger_entries import note
from connective.consent.commands.recording import Batch
from connective.consent.domain.consent import How, Kind, Manner, Scope, Spoken
from connective.consent.domain.days import day_of
from connective.consent.domain.ledger import EntryKind, pseudonym
from connective.consent.storage.locks import lock_for_changing, lock_for_deciding
from connective.consent.storage.people import keep_facts, person_keys
from connective.consent.storage.statements import (
    Act,
    add_consent,
    add_consent_act,
    add_notice,
    manner_columns,
    scope_columns,
)
from connective.consent.storage.works import DECIDING
from connective.contracts.authority import Authority
from connective.contracts.consent_events import ConsentGiven
from connective.contracts.sharing import IntakeAsked, PersonFacts
from connective.kit.actor import Actor
from connective.kit.database import Database, Unit
from connective.kit.ids import new_id
from connective.kit.problems import Invalid, NotFound

STANDS = timedelta(days=35)
"""How long the sender's word stands: a week more than an intake waits for a person."""


async def decide_intake(database: Database, actor: Actor, asked: IntakeAsked, now: datetime) -> Batch:
    """Keep what the sender says of the family's yes, decide and record, in one transaction.

    Raises NotFound for an organisation that sends in another's name, and Invalid for a yes from the future.
    """
    if asked.question.discloser_organisation_id != actor.organisation:
        raise NotFound
    if asked.agreed_on > day_of(now):
        raise Invalid("The day on which the family agreed lies in the future.")
    question = asked.question
    (subject,) = question.subjects
    async with database.unit(actor, by_key=True, work=DECIDING) as unit:
        await lock_for_changing(unit, question.subjects)
        await keep_facts(unit, actor.place, [_facts_of(subject)], now)
        keys = await person_keys(unit, actor.place, question.subjects)
        for kind in Kind:
            await _say_yes(unit, asked, kind, keys, now)
        await _say_told(unit, asked, pseudonym(subject, keys[subject]), now)
        await lock_for_deciding(unit, (question,))
        return await decide_in(unit, (question,), now)


def _facts_of(subject: UUID) -> PersonFacts:
    return PersonFacts(
        person_id=subject, family_ids=(), age_years=None, living=True, responsible=(), whereabouts_restricted=False
    )


def _manner(asked: IntakeAsked) -> Manner:
    return Manner(How(asked.agreed_how), notice_reference=asked.notice_reference, evidence="as the sender says")


def _scope(asked: IntakeAsked, kind: Kind) -> Scope:
    question = asked.question
    return Scope(
        frozenset({question.recipient_organisation_id}),
        frozenset({question.service_kind} if question.service_kind else ()),
        frozenset({question.purpose}),
        question.categories if kind is Kind.CONSENT else frozenset(),
    )


async def _say_yes(unit: Unit, asked: IntakeAsked, kind: Kind, keys: Mapping[UUID, bytes], now: datetime) -> None:
    subjects = asked.question.subjects
    manner = _manner(asked)
    values: dict[str, Any] = {
        "id": new_id(),
        "family_id": None,
        "kind": kind.value,
        "state": "given",
        "giver_id": subjects[0],
        "giver_kind": "person",
        "spoken_by": "",
        **scope_columns(_scope(asked, kind)),
        **manner_columns(manner),
        "note": "",
        "said_at": now,
        "expires_at": now + STANDS,
        "withdrawn_at": None,
        "version": 1,
    }
    await add_consent(unit.connection, unit.actor, values, [Spoken(subjects[0], Authority.OWN)])
    act = Act(values["id"], "given", now, "", manner)
    await add_consent_act(unit.connection, unit.actor.place, unit.actor, act)
    unit.tell(consent_event(ConsentGiven, values, subjects), version=1)
    await enter_consent(unit, act.act, values, subjects, keys, at=now, place_id=unit.actor.place)


async def _say_told(unit: Unit, asked: IntakeAsked, name: str, now: datetime) -> None:
    notice_id, question = new_id(), asked.question
    values = {
        "id": notice_id,
        "recipient_organisation_ids": [question.recipient_organisation_id],
        "purposes": [question.purpose.value],
        "how": asked.agreed_how,
        "interpreter": None,
        "language": "en",
        "document_reference": asked.notice_reference,
        "document_version": "",
        "told_on": asked.agreed_on,
        "recorded_at": now,
    }
    await add_notice(unit.connection, unit.actor, values, question.subjects)
    said = {
        "notice_id": notice_id,
        "document_reference": asked.notice_reference,
        "document_version": "",
        "people": [name],
    }
    await note(unit, EntryKind.NOTICE, "told", now, said)
