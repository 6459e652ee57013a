"""A request as a FHIR ServiceRequest, and what may be shared of it as a FHIR Consent, at the moment of one reading."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from connective.contracts.categories import Category
from connective.referrals.api.fhir import terms as words
from connective.referrals.api.fhir.terms import SERVICE_REQUEST_STATUS, Terms
from connective.referrals.api.fhir.wire import Resource, instant
from connective.referrals.commands.open_request import Opened, Tombstone
from connective.referrals.commands.read_own_request import OwnRequest
from connective.referrals.domain.forms import Form, FormField
from connective.referrals.domain.request import AskedNeed, Content, Request, Words
from connective.referrals.domain.told import Message

Read = OwnRequest | Opened | Tombstone
_ANSWERS = "answers"


def service_request(terms: Terms, read: Read, updated_at: datetime) -> Resource:
    """The request as this reading shows it; of a final one its recipient sees the frame alone."""
    request = read.request
    subject, *others = request.people.everyone
    resource: Resource = {
        "resourceType": "ServiceRequest",
        "id": str(request.id),
        "meta": {"versionId": str(request.version), "lastUpdated": instant(updated_at)},
        "identifier": words.reference_code(terms, request),
        "status": SERVICE_REQUEST_STATUS[request.state],
        "intent": "order",
        "priority": "routine" if request.needed_by is None else "urgent",
        "code": terms.concept("service-kind", request.service_kind),
        "subject": terms.patient(request, subject),
        "authoredOn": instant(request.submitted_at or updated_at),
        "requester": words.organisation(request.referrer_organisation_id),
        "performer": [words.organisation(request.recipient_organisation_id)],
        "supportingInfo": [
            {"reference": f"Consent/{request.id}"},
            *(terms.patient(request, each) for each in others),
        ],
    }
    if request.needed_by is not None:
        resource["occurrenceDateTime"] = instant(request.needed_by)
    if not isinstance(read, Tombstone):
        _say(terms, resource, read)
    return resource


def _say(terms: Terms, resource: Resource, read: OwnRequest | Opened) -> None:
    """Add what was written: needs as reasons, answers as a contained QuestionnaireResponse, words as notes."""
    shown = read.content if isinstance(read, OwnRequest) else Content(read.answers, read.needs, read.words)
    needs, answers = shown.needs, shown.answers
    if needs:
        resource["reasonCode"] = [_need(terms, need) for need in needs]
    items = [_item(field, answers[field.name]) for field in read.form.answered if field.name in answers]
    if items:
        resource["contained"] = [_answered(terms, read.form, items)]
        resource["supportingInfo"].append({"reference": f"#{_ANSWERS}"})
    notes = _notes(shown.words, read.messages)
    if notes:
        resource["note"] = notes
    if isinstance(read, Opened) and read.withheld:
        url = terms.extension("withheld")
        resource["extension"] = [{"url": url, "valueString": name} for name in read.withheld]


def _need(terms: Terms, need: AskedNeed) -> dict[str, Any]:
    severity = {"url": terms.extension("severity"), "valueInteger": need.severity}
    return {**terms.concept("need", need.code), "extension": [severity]}


def _notes(said: Words | None, messages: Iterable[Message]) -> list[dict[str, Any]]:
    notes: list[dict[str, Any]] = [] if said is None else [{"text": said.text}]
    shown = [each for each in messages if each.words is not None]
    notes += [
        {"authorString": str(each.party), "time": instant(each.at), "text": each.words.text}
        for each in shown
        if each.words is not None
    ]
    return notes


def _answered(terms: Terms, form: Form, items: list[dict[str, Any]]) -> Resource:
    return {
        "resourceType": "QuestionnaireResponse",
        "id": _ANSWERS,
        "questionnaire": f"{terms.base}/api/v1/forms/{form.kind}/versions/{form.version}",
        "status": "completed",
        "item": items,
    }


def _item(field: FormField, value: Any) -> dict[str, Any]:  # noqa: ANN401 - an answer of any of the form's types
    given = value if isinstance(value, list) else [value]
    labels = {choice.code: choice.label for choice in field.choices}
    answers = [_answer(each, labels.get(each) if isinstance(each, str) else None) for each in given]
    item = {"linkId": field.name, "text": field.label}
    return item | {"answer": answers} if answers else item


def _answer(value: Any, label: str | None) -> dict[str, Any]:  # noqa: ANN401 - as above
    if label is not None:
        return {"valueCoding": {"code": value, "display": label}}
    if isinstance(value, bool):
        return {"valueBoolean": value}
    return {"valueInteger": value} if isinstance(value, int) else {"valueString": str(value)}


def consent(terms: Terms, read: Read, at: datetime) -> Resource:
    """What may be shared, and under which agreement; agreeing to take part is not the lawful basis."""
    request = read.request
    return {
        "resourceType": "Consent",
        "id": str(request.id),
        "meta": {"versionId": str(request.version)},
        "status": "inactive" if isinstance(read, Tombstone) else "active",
        "scope": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]
        },
        "category": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IDSCL"}]},
        ],
        "patient": terms.patient(request, request.people.subjects[0]),
        "dateTime": instant(at),
        "organization": [words.organisation(request.discloser_organisation_id)],
        "policyRule": {"text": _policy(read)},
        "provision": _provision(terms, request, read),
    }


def _policy(read: Read) -> str:
    if not isinstance(read, Opened):
        return "Decided at each reading by the recipient; an agreement to take part is not the lawful basis."
    decision = read.disclosure.decision
    under = "a one-off decision"
    if decision.agreement_reference is not None:
        under = f"agreement {decision.agreement_reference}, version {decision.agreement_version}"
    basis = f"; lawful basis {decision.basis}" if decision.basis else ""
    return f"Shared under {under}{basis}. An agreement to take part is not the lawful basis."


def _provision(terms: Terms, request: Request, read: Read) -> dict[str, Any]:
    role = {"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"}
    provision: dict[str, Any] = {
        "type": "deny" if isinstance(read, Tombstone) else "permit",
        "actor": [
            {"role": {"coding": [role]}, "reference": words.organisation(request.recipient_organisation_id)},
        ],
        "purpose": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActReason", "code": "CAREMGT"}],
    }
    permitted, refused = _categories(read)
    if permitted:
        provision["class"] = _classes(terms, permitted)
    if refused:
        provision["provision"] = [{"type": "deny", "class": _classes(terms, refused)}]
    return provision


def _categories(read: Read) -> tuple[frozenset[Category], frozenset[Category]]:
    if isinstance(read, Opened):
        decision = read.disclosure.decision
        return decision.categories, frozenset(refusal.category for refusal in decision.refusals)
    if isinstance(read, Tombstone):
        return frozenset(), frozenset()
    gone_without = (*read.request.missing, *read.request.without)
    return frozenset(), frozenset(each.category for each in gone_without if each.category is not None)


def _classes(terms: Terms, categories: frozenset[Category]) -> list[dict[str, str]]:
    return [{"system": terms.system("category"), "code": str(each)} for each in sorted(categories)]
