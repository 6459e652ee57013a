"""The words of FHIR R4 that requests are told in, and references between the resources."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from connective.referrals.api.fhir.wire import BASE
from connective.referrals.domain.request import Request
from connective.referrals.domain.states import State

_DIGEST_CHARACTERS = 26
"""104 bits: with the request's id before it, an id stays within FHIR's 64 characters."""

SERVICE_REQUEST_STATUS: dict[State, str] = {
    State.ACCEPTED: "active",
    State.COMPLETED: "completed",
    State.DECLINED: "revoked",
    State.DRAFT: "draft",
    State.INFORMATION_REQUESTED: "on-hold",
    State.IN_PROGRESS: "active",
    State.LAPSED: "revoked",
    State.ON_HOLD: "on-hold",
    State.RECEIVED: "active",
    State.REDIRECTED: "revoked",
    State.SUBMITTED: "active",
    State.WAITLISTED: "active",
    State.WITHDRAWN: "revoked",
}
"""ServiceRequest.status (value set `request-status`); `blocked` is absent because it is never sent."""

TASK_CODE = {
    "coding": [{"system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill"}],
    "text": "Fulfil the request",
}
RESULTING_ACTIVITY = {
    "system": "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes",
    "code": "resulting-activity",
}
NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
URI = "urn:ietf:rfc:3986"


@dataclass(frozen=True, slots=True)
class Terms:
    """Addresses of this deployment's own code systems, and the key that makes people's ids unlinkable."""

    base: str
    key: bytes

    def system(self, name: str) -> str:
        """One of our code systems."""
        return f"{self.base}{BASE}/CodeSystem/{name}"

    def extension(self, name: str) -> str:
        """The address of one of our extensions."""
        return f"{self.base}{BASE}/StructureDefinition/{name}"

    def concept(self, system: str, code: str, text: str | None = None) -> dict[str, Any]:
        """A code of ours, in words too."""
        return {
            "coding": [{"system": self.system(system), "code": code}],
            "text": text or code.replace("_", " ").capitalize(),
        }

    def url(self, reference: str) -> str:
        """The whole address of a resource."""
        return f"{self.base}{BASE}/{reference}"

    def patient_id(self, request_id: UUID, person_id: UUID) -> str:
        """One person's id within one request: nobody can tell from it that two requests are about the same person."""
        digest = hmac.new(self.key, request_id.bytes + person_id.bytes, hashlib.sha256).hexdigest()
        return f"{request_id}.{digest[:_DIGEST_CHARACTERS]}"

    def patient(self, request: Request, person_id: UUID) -> dict[str, str]:
        """A reference to a person of a request."""
        return {"reference": f"Patient/{self.patient_id(request.id, person_id)}"}

    def person_of(self, patient_id: str, people: Iterable[UUID], request_id: UUID) -> UUID | None:
        """Whose id this is among the people of a request."""
        for person in people:
            if hmac.compare_digest(self.patient_id(request_id, person).encode(), patient_id.encode()):
                return person
        return None


def organisation(organisation_id: UUID) -> dict[str, str]:
    """A reference to an organisation."""
    return {"reference": f"Organization/{organisation_id}"}


def reference_code(terms: Terms, request: Request) -> list[dict[str, str]]:
    """The spoken reference as a business identifier."""
    return [{"system": terms.system("request-reference"), "value": request.reference}]
