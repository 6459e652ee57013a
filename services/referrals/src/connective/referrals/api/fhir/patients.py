"""A person of a request as a FHIR Patient: the fields that one reading was permitted, and nothing else."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from connective.referrals.api.fhir import terms as words
from connective.referrals.api.fhir.terms import Terms
from connective.referrals.api.fhir.wire import Resource
from connective.referrals.commands.open_request import Opened
from connective.referrals.domain.request import Request

_GENDERS = frozenset({"female", "male", "other", "unknown"})
_REDACTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "REDACTED"}
_IN_ELEMENTS = frozenset(
    {
        *("address.current", "address.outward_postcode", "contact.email", "contact.phone", "person.date_of_birth"),
        *("person.full_name", "person.known_as", "person.language", "person.nhs_number"),
    }
)
"""Fields of the record that have an element of their own; the others are extensions."""


def bare_patient(terms: Terms, request: Request, person_id: UUID) -> Resource:
    """Somebody of whom nothing more is said than the Hub's own id."""
    return {
        "resourceType": "Patient",
        "id": terms.patient_id(request.id, person_id),
        "identifier": [{"system": words.URI, "value": f"urn:uuid:{person_id}"}],
    }


def patient(terms: Terms, opened: Opened, person_id: UUID) -> Resource:
    """Somebody as the reading permits."""
    resource = bare_patient(terms, opened.request, person_id)
    sources = {field.name: field.source for field in opened.form.fields}
    given = opened.people.get(person_id, {})
    known = {sources[name]: value for name, value in given.items()}
    resource["meta"] = {"versionId": str(opened.request.version)}
    if opened.withheld:
        resource["meta"]["security"] = [_REDACTED]
    resource["identifier"] += _nhs_number(known)
    resource |= {name: value for name, value in _elements(known).items() if value}
    others = {name: value for name, value in given.items() if not _has_element(sources[name], value)}
    if others:
        resource["extension"] = [_extension(terms.extension(name), value) for name, value in sorted(others.items())]
    return resource


def _has_element(source: str, value: object) -> bool:
    return source in _IN_ELEMENTS or (source == "person.sex" and value in _GENDERS)


def _nhs_number(known: Mapping[str, Any]) -> list[dict[str, str]]:
    number = known.get("person.nhs_number")
    return [] if number is None else [{"system": words.NHS_NUMBER, "value": str(number).replace(" ", "")}]


def _elements(known: Mapping[str, Any]) -> dict[str, Any]:
    names = [("official", known.get("person.full_name")), ("usual", known.get("person.known_as"))]
    reached = [("phone", known.get("contact.phone")), ("email", known.get("contact.email"))]
    address = {"text": known.get("address.current"), "postalCode": known.get("address.outward_postcode")}
    lived = {name: value for name, value in address.items() if value}
    sex, language = known.get("person.sex"), known.get("person.language")
    return {
        "name": [{"use": use, "text": name} for use, name in names if name],
        "telecom": [{"system": system, "value": value} for system, value in reached if value],
        "gender": sex if sex in _GENDERS else None,
        "birthDate": known.get("person.date_of_birth"),
        "address": [{"use": "home", **lived}] if lived else [],
        "communication": [{"language": {"text": language}}] if language else [],
    }


def _extension(url: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 - a shared field is text, number, truth, list or counts
    if isinstance(value, Mapping):
        return {"url": url, "extension": [_extension(name, each) for name, each in sorted(value.items())]}
    if isinstance(value, list):
        return {"url": url, "extension": [_extension(str(place), each) for place, each in enumerate(value)]}
    kind = "Boolean" if isinstance(value, bool) else "Integer" if isinstance(value, int) else "String"
    return {"url": url, f"value{kind}": value if kind != "String" else str(value)}
