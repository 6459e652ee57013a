"""What this FHIR surface can do, as a CapabilityStatement (FHIR R4): anybody may read it before having a credential."""

from typing import Any

from connective.kit.outcomes import MEDIA_TYPE
from connective.referrals.api.fhir.searching import PARAMETERS
from connective.referrals.api.fhir.wire import BASE, Resource

PUBLISHED = "2026-11-22"
"""When this statement last changed."""
_OAUTH = {
    "system": "http://terminology.hl7.org/CodeSystem/restful-security-service",
    "code": "OAuth",
}


def _resource(kind: str, about: str, *also: str) -> dict[str, Any]:
    return {
        "type": kind,
        "documentation": about,
        "interaction": [{"code": code} for code in ("read", *also)],
        "versioning": "versioned",
        "readHistory": False,
        "updateCreate": False,
        "conditionalCreate": False,
        "conditionalRead": "not-match",
    }


def _task() -> dict[str, Any]:
    about = "A request and where it stands. Only its owner changes it: status, statusReason, output."
    parameters = [{"name": name, "type": kind} for name, kind in PARAMETERS.items()]
    task = _resource("Task", about, "search-type", "update")
    return task | {"versioning": "versioned-update", "searchParam": parameters}


def capability_statement(base: str, version: str, sentence: str) -> Resource:
    """The statement; `sentence` says what is not done here: nobody watches for a concern."""
    reading = "Each read is decided and recorded as a disclosure, and receives the request."
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": PUBLISHED,
        "publisher": "Connective",
        "kind": "instance",
        "description": f"Requests for help as FHIR R4 (patterned on Gravity SDOH and BSeR). {sentence}",
        "software": {"name": "Connective", "version": version},
        "implementation": {"description": "This deployment of Connective", "url": f"{base}{BASE}"},
        "fhirVersion": "4.0.1",
        "format": [MEDIA_TYPE, "json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "cors": False,
                    "service": [{"coding": [_OAUTH]}],
                    "description": f"Client credentials; see {base}/.well-known/oauth-authorization-server",
                },
                "resource": [
                    _task(),
                    _resource("ServiceRequest", f"What is asked for. {reading}"),
                    _resource("Patient", f"Somebody a request is about, in permitted categories. {reading}"),
                    _resource("Consent", f"What may be shared of a request, and what not. {reading}"),
                    _resource("Organization", "An organisation of the place, as the directory has it."),
                ],
            }
        ],
    }
