"""A request as a FHIR Task: who does it, and where it stands. It holds no category data, so nothing is disclosed."""

from typing import Any

from connective.referrals.api.fhir import terms as words
from connective.referrals.api.fhir.terms import Terms
from connective.referrals.api.fhir.wire import Resource, instant
from connective.referrals.domain.clocks import due
from connective.referrals.domain.request import Decline, Request
from connective.referrals.domain.states import FINAL, State
from connective.referrals.domain.status import FHIR_STATUS
from connective.referrals.queries.find_tasks import Found


def task(terms: Terms, found: Found, *, whole: bool) -> Resource:
    """A Task; `whole` adds what was said to the family with a no, which a list does not repeat."""
    request = found.request
    resource: Resource = {
        "resourceType": "Task",
        "id": str(request.id),
        "meta": {"versionId": str(request.version), "lastUpdated": instant(found.updated_at)},
        "identifier": words.reference_code(terms, request),
        "status": FHIR_STATUS[request.state],
        "businessStatus": terms.concept("request-state", str(request.state)),
        "intent": "order",
        "priority": "routine" if request.needed_by is None else "urgent",
        "code": words.TASK_CODE,
        "focus": {"reference": f"ServiceRequest/{request.id}"},
        "for": terms.patient(request, request.people.subjects[0]),
        "authoredOn": instant(request.submitted_at or found.updated_at),
        "lastModified": instant(found.updated_at),
        "requester": words.organisation(request.referrer_organisation_id),
        "owner": words.organisation(request.recipient_organisation_id),
    }
    reason = _reason(request, found.reason_code)
    if reason is not None:
        resource["statusReason"] = terms.concept("reason", reason)
    owed = due(request)
    if owed is not None:
        resource["restriction"] = {"period": {"end": instant(owed.at)}}
    output = _outcome(terms, request) + (_told(terms, request.decline) if whole else [])
    if output:
        resource["output"] = output
    return resource


def _reason(request: Request, last: str | None) -> str | None:
    """The code of why it stands where it does; codes always return (domain rules, section 3)."""
    if request.hold is not None:
        return request.hold.reasons[0]
    if request.pause is not None:
        return request.pause.reason_code
    if request.decline is not None:
        return request.decline.code
    if request.state is State.INFORMATION_REQUESTED:
        return "information_requested"
    return last if request.state in FINAL and request.state is not State.COMPLETED else None


def _outcome(terms: Terms, request: Request) -> list[dict[str, Any]]:
    if request.outcome is None:
        return []
    kind = terms.concept("task-output", "outcome")
    kind["coding"].append(words.RESULTING_ACTIVITY)
    return [{"type": kind, "valueCodeableConcept": terms.concept("outcome", request.outcome.code)}]


def _told(terms: Terms, decline: Decline | None) -> list[dict[str, Any]]:
    if decline is None:
        return []
    said = {
        "family_sentence": decline.family_sentence,
        "next_step": decline.next_step,
        "second_look": decline.second_look,
    }
    return [{"type": terms.concept("task-output", name), "valueString": text} for name, text in said.items()]
