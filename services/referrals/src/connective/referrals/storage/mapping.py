"""Rows to values and back, by hand, so that a column that moves is a line that changes."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Row

from connective.contracts.categories import Category
from connective.referrals.domain.clocks import due, next_step
from connective.referrals.domain.referral import Referral
from connective.referrals.domain.request import (
    AskedNeed,
    Content,
    Decline,
    Fact,
    FamilyTold,
    Hold,
    Missing,
    Notice,
    Outcome,
    Pause,
    PeopleAsked,
    Promise,
    Relied,
    Request,
    Words,
)
from connective.referrals.domain.safeguarding import SafeguardingCheck
from connective.referrals.domain.states import OPEN, State

T = TypeVar("T")
_HOLD: TypeAdapter[Hold] = TypeAdapter(Hold)
_PAUSE: TypeAdapter[Pause] = TypeAdapter(Pause)
_DECLINE: TypeAdapter[Decline] = TypeAdapter(Decline)
_TOLD: TypeAdapter[FamilyTold] = TypeAdapter(FamilyTold)
_OUTCOME: TypeAdapter[Outcome] = TypeAdapter(Outcome)
_MISSING: TypeAdapter[tuple[Missing, ...]] = TypeAdapter(tuple[Missing, ...])
_NOTICES: TypeAdapter[tuple[Notice, ...]] = TypeAdapter(tuple[Notice, ...])
_NEEDS: TypeAdapter[tuple[AskedNeed, ...]] = TypeAdapter(tuple[AskedNeed, ...])

_ANSWERS: TypeAdapter[Mapping[str, Any]] = TypeAdapter(dict[str, Any])


def _dump(adapter: TypeAdapter[T], value: T | None) -> Any:  # noqa: ANN401 - JSON of any shape
    return None if value is None else adapter.dump_python(value, mode="json")


def _given(adapter: TypeAdapter[T], value: Any) -> T:  # noqa: ANN401 - JSON of any shape
    """A value from a column of JSON: the driver hands its text out, the engine's layer what it says."""
    return adapter.validate_json(value) if isinstance(value, str) else adapter.validate_python(value)


def _read(adapter: TypeAdapter[T], value: Any) -> T | None:  # noqa: ANN401 - JSON of any shape
    return None if value is None else _given(adapter, value)


def referral_row(value: Referral) -> dict[str, Any]:
    """A referral as columns."""
    return {
        "id": value.id,
        "place_id": value.place_id,
        "family_id": value.family_id,
        "organisation_id": value.organisation_id,
        "discloser_organisation_id": value.discloser_organisation_id,
        "made_by": value.made_by,
        "made_at": value.made_at,
        **check_row(value.check),
    }


def check_row(value: SafeguardingCheck) -> dict[str, Any]:
    """The safeguarding answer as columns of the referral."""
    return {
        "safeguarding_answer": value.answer,
        "reported_to": value.reported_to,
        "reported_at": value.reported_at,
        "report_reference": value.reference,
    }


def referral_from(row: Row[Any]) -> Referral:
    """A referral from its row."""
    return Referral(
        id=row.id,
        place_id=row.place_id,
        family_id=row.family_id,
        organisation_id=row.organisation_id,
        discloser_organisation_id=row.discloser_organisation_id,
        made_by=row.made_by,
        made_at=row.made_at,
        check=SafeguardingCheck(row.safeguarding_answer, row.reported_to, row.reported_at, row.report_reference),
    )


def request_row(value: Request) -> dict[str, Any]:
    """A request as columns: what never changes, and what each act may change."""
    return {
        "id": value.id,
        "place_id": value.place_id,
        "referral_id": value.referral_id,
        "family_id": value.family_id,
        "reference": value.reference,
        "referrer_organisation_id": value.referrer_organisation_id,
        "discloser_organisation_id": value.discloser_organisation_id,
        "recipient_organisation_id": value.recipient_organisation_id,
        "service_id": value.service_id,
        "service_kind": value.service_kind,
        "sensitive": value.sensitive,
        "form_version": value.form_version,
        "replaces": value.replaces,
        "notices": _dump(_NOTICES, value.notices),
        **changing_columns(value),
    }


def changing_columns(value: Request) -> dict[str, Any]:
    """The columns that acts change, with the clocks worked out anew."""
    return {**_state_columns(value), **_clock_columns(value), **_said_columns(value)}


def _state_columns(value: Request) -> dict[str, Any]:
    return {
        "subjects": list(value.people.subjects),
        "contact_person_id": value.people.contact,
        "people": list(value.people.everyone),
        "content_version": value.content_version,
        "state": str(value.state),
        "version": value.version,
        "since": value.since,
        "is_open": value.state in OPEN,
        "submitted_at": value.submitted_at,
        "received_at": value.received_at,
        "asked_in": value.asked_in and str(value.asked_in),
        "expected_on": value.expected_on,
        "relied_agreement_id": value.relied.agreement_id,
        "relied_consent_ids": list(value.relied.consent_record_ids),
    }


def _clock_columns(value: Request) -> dict[str, Any]:
    owed, step = due(value), next_step(value)
    return {
        "needed_by": value.needed_by,
        "due_clock": owed and owed.clock,
        "due_owner": owed and str(owed.owner),
        "due_at": owed and owed.at,
        "next_step_at": step and step.at,
        "acknowledge_within_days": value.promise.acknowledge_within_days,
        "decide_within_days": value.promise.decide_within_days,
        "contact_attempts_promised": value.promise.contact_attempts,
        "contact_attempts": value.contact_attempts,
        "escalations": value.escalations,
    }


def _said_columns(value: Request) -> dict[str, Any]:
    return {
        "hold": _dump(_HOLD, value.hold),
        "pause": _dump(_PAUSE, value.pause),
        "decline": _dump(_DECLINE, value.decline),
        "family_told": _dump(_TOLD, value.family_told),
        "outcome": _dump(_OUTCOME, value.outcome),
        "missing": _dump(_MISSING, value.missing),
        "without": _dump(_MISSING, value.without),
    }


def request_from(row: Row[Any]) -> Request:
    """A request from its row."""
    return Request(
        id=row.id,
        place_id=row.place_id,
        referral_id=row.referral_id,
        family_id=row.family_id,
        reference=row.reference,
        referrer_organisation_id=row.referrer_organisation_id,
        discloser_organisation_id=row.discloser_organisation_id,
        recipient_organisation_id=row.recipient_organisation_id,
        service_id=row.service_id,
        service_kind=row.service_kind,
        sensitive=row.sensitive,
        form_version=row.form_version,
        people=PeopleAsked(tuple(row.subjects), row.contact_person_id),
        content_version=row.content_version,
        promise=Promise(row.acknowledge_within_days, row.decide_within_days, row.contact_attempts_promised),
        state=State(row.state),
        version=row.version,
        since=row.since,
        needed_by=row.needed_by,
        submitted_at=row.submitted_at,
        received_at=row.received_at,
        asked_in=None if row.asked_in is None else State(row.asked_in),
        expected_on=row.expected_on,
        hold=_read(_HOLD, row.hold),
        pause=_read(_PAUSE, row.pause),
        decline=_read(_DECLINE, row.decline),
        family_told=_read(_TOLD, row.family_told),
        outcome=_read(_OUTCOME, row.outcome),
        missing=_given(_MISSING, row.missing),
        without=_given(_MISSING, row.without),
        notices=_given(_NOTICES, row.notices),
        relied=Relied(row.relied_agreement_id, tuple(row.relied_consent_ids)),
        contact_attempts=row.contact_attempts,
        escalations=row.escalations,
        replaces=row.replaces,
    )


def words_columns(words: Words | None) -> dict[str, Any]:
    """Free text and the categories its author ticked."""
    return {
        "words_text": words and words.text,
        "words_categories": None if words is None else sorted(words.categories),
    }


def words_from(row: Row[Any]) -> Words | None:
    """Free text of a row that has some."""
    if row.words_text is None:
        return None
    return Words(row.words_text, frozenset(Category(code) for code in row.words_categories))


def content_row(request: Request, value: Content) -> dict[str, Any]:
    """What the referrer wrote, as columns."""
    return {
        "request_id": request.id,
        "version": request.content_version,
        "answers": dict(value.answers),
        "needs": _dump(_NEEDS, value.needs),
        **words_columns(value.words),
    }


def content_from(row: Row[Any]) -> Content:
    """What the referrer wrote, from its row."""
    return Content(_given(_ANSWERS, row.answers), _given(_NEEDS, row.needs), words_from(row))


def history_row(request: Request, fact: Fact) -> dict[str, Any]:
    """One thing that happened, as columns."""
    return {
        "request_id": request.id,
        "version": fact.version,
        "fact": fact.name,
        "action": fact.action and str(fact.action),
        "before": str(fact.before),
        "after": str(fact.after),
        "reason_code": fact.reason_code,
        "party": str(fact.by.party),
        "actor_id": fact.by.actor_id,
        "organisation_id": fact.by.organisation_id,
        "at": fact.at,
        **words_columns(fact.words),
    }
