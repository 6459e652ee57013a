"""A consent record as ISO/IEC TS 27560:2023 lays it out, in the terms of the Data Privacy Vocabulary (DPV, JSON-LD).

One document holds one record per person the statement is about. Its `@context` stands inside, so that nobody needs a
network to read it, and keeps ISO's field names. Two traps of the profile: DPV names the grounds of the GDPR only under
its EU extension (the United Kingdom's are given beside them, as text), and an agreement to engage is no consent under
data-protection law: it says so, and names no lawful basis.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.consent.domain.consent import ConsentState, Kind
from connective.contracts.categories import OFFENCE_CATEGORIES, SPECIAL_CATEGORIES, Category

SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#record"
VALID_STATES = frozenset({"dpv:ConsentGiven", "dpv:RenewedConsentGiven"})
"""Only in these may anything rest on the record."""
STATES = {
    ConsentState.EXPIRED: "dpv:ConsentExpired",
    ConsentState.GIVEN: "dpv:ConsentGiven",
    ConsentState.REFUSED: "dpv:ConsentRefused",
    ConsentState.WITHDRAWN: "dpv:ConsentWithdrawn",
}
_LINK = {"@type": "@id"}
CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "loc": "https://w3id.org/dpv/loc#",
    "hub": "urn:connective:terms:",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "schema_version": {"@id": "dct:conformsTo", **_LINK},
    "record_id": "dct:identifier",
    "pii_principal_id": {"@id": "dpv:hasDataSubject", **_LINK},
    "kind": {"@id": "hub:kind", **_LINK},
    "authority": {"@id": "hub:authority", **_LINK},
    "processing": "dpv:hasProcess",
    "privacy_notice": "dpv:hasNotice",
    "notice_version": "dct:hasVersion",
    "language": "dct:language",
    "purposes": {"@id": "dpv:hasPurpose", **_LINK},
    "services": {"@id": "dpv:hasService", **_LINK},
    "lawful_basis": {"@id": "dpv:hasLegalBasis", **_LINK},
    "consent_is_lawful_basis": {"@id": "hub:consentIsLawfulBasis", "@type": "xsd:boolean"},
    "uk_gdpr": "hub:ukGdpr",
    "pii_information": "dpv:hasPersonalData",
    "pii_type": {"@id": "dct:type", **_LINK},
    "pii_optional": {"@id": "hub:piiOptional", "@type": "xsd:boolean"},
    "special_pii_category": {"@id": "hub:specialCategory", "@type": "xsd:boolean"},
    "pii_controllers": {"@id": "dpv:hasDataController", **_LINK},
    "collection_method": "dpv:hasDataSource",
    "processing_method": {"@id": "dpv:hasProcessing", **_LINK},
    "storage_locations": {"@id": "dpv:hasLocation", **_LINK},
    "retention_period": "dpv:hasStorageCondition",
    "jurisdiction": {"@id": "dpv:hasJurisdiction", **_LINK},
    "recipient_third_parties": {"@id": "dpv:hasRecipient", **_LINK},
    "withdrawal_method": "dpv:hasConsentControl",
    "privacy_rights": {"@id": "dpv:hasRight", **_LINK},
    "authority_party": {"@id": "dpv:hasAuthority", **_LINK},
    "parties": "hub:party",
    "party_id": "dct:identifier",
    "party_name": "dpv:hasName",
    "party_address": "dpv:hasAddress",
    "party_contact": "dpv:hasContact",
    "party_type": {"@id": "dct:type", **_LINK},
    "events": "hub:event",
    "event_time": {"@id": "dct:date", "@type": "xsd:dateTime"},
    "event_type": {"@id": "hub:eventType", **_LINK},
    "event_state": {"@id": "dpv:hasConsentStatus", **_LINK},
    "validity_duration": {"@id": "dct:valid", "@type": "xsd:duration"},
    "entity_id": {"@id": "dpv:isImplementedByEntity", **_LINK},
    "indication_method": "dpv:hasIndicationMethod",
}
"""Every term the document uses; relative to nothing outside it."""
REGULATOR = {
    "@id": "urn:connective:authority:ico",
    "party_id": "urn:connective:authority:ico",
    "party_name": "Information Commissioner's Office",
    "party_address": "Wycliffe House, Water Lane, Wilmslow, SK9 5AF",
    "party_contact": "https://ico.org.uk/make-a-complaint/",
    "party_type": "dpv:DataProtectionAuthority",
}
_RIGHTS = ("A7-3", "A13", "A15", "A16", "A17", "A18", "A21", "A77")


@dataclass(frozen=True, slots=True)
class Controller:
    """The legal entity behind an organisation, as the register of the place has it."""

    entity_id: UUID
    name: str
    contact: str
    ico_registration: str


def _urn(kind: str, value: object) -> str:
    return f"urn:connective:{kind}:{value}"


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _every_or(kind: str, codes: Sequence[object]) -> list[str]:
    return [_urn(kind, code) for code in codes] or [_urn(kind, "every")]


def _lawful_basis(record: Mapping[str, Any]) -> dict[str, Any]:
    if record["kind"] != Kind.CONSENT.value:
        return {
            "@id": _urn("lawful-basis", "in-the-agreement"),
            "consent_is_lawful_basis": False,
            "uk_gdpr": "The data-sharing agreement states the basis; agreeing to be helped is not one.",
        }
    special = set(record["categories"]) & {c.value for c in SPECIAL_CATEGORIES}
    articles = "6(1)(a) and 9(2)(a)" if special else "6(1)(a)"
    basis = "eu-gdpr:A9-2-a" if special else "eu-gdpr:A6-1-a"
    return {"@id": basis, "consent_is_lawful_basis": True, "uk_gdpr": f"UK GDPR Article {articles}"}


def _data(categories: Sequence[str]) -> list[dict[str, Any]]:
    if not categories:
        return [{"pii_type": _urn("category", "none"), "pii_optional": True}]
    marked = SPECIAL_CATEGORIES | OFFENCE_CATEGORIES
    return [
        {"pii_type": _urn("category", code), "pii_optional": False, "special_pii_category": Category(code) in marked}
        for code in categories
    ]


def _processing(record: Mapping[str, Any], controller: Controller) -> dict[str, Any]:
    interpreter = record["interpreter"]
    return {
        "privacy_notice": {
            "@type": "dpv:PrivacyNotice",
            "record_id": record["notice_reference"] or "not recorded",
            "notice_version": record["notice_version"] or "not recorded",
        },
        "language": interpreter["language"] if interpreter else "en",
        "purposes": _every_or("purpose", record["purposes"]),
        "services": _every_or("service-kind", record["service_kinds"]),
        "lawful_basis": _lawful_basis(record),
        "pii_information": _data(record["categories"]),
        "pii_controllers": [_urn("entity", controller.entity_id)],
        "collection_method": record["how"],
        "processing_method": ["dpv:Store", "dpv:Share"],
        "storage_locations": ["loc:GB"],
        "retention_period": "As long as the record it belongs to, by the controller's retention policy.",
        "jurisdiction": ["loc:GB"],
        "recipient_third_parties": _every_or("organisation", record["recipient_organisation_ids"]),
        "withdrawal_method": "Tell any worker of the controller, in any way.",
        "privacy_rights": [f"eu-gdpr:{article}" for article in _RIGHTS],
        "authority_party": REGULATOR["@id"],
    }


def _party(controller: Controller, role: str) -> dict[str, Any]:
    return {
        "@id": _urn("entity", controller.entity_id),
        "party_id": _urn("entity", controller.entity_id),
        "party_name": controller.name,
        "party_address": f"As in the ICO's public register under {controller.ico_registration}",
        "party_contact": controller.contact,
        "party_type": role,
    }


def _event(record: Mapping[str, Any], act: Mapping[str, Any]) -> dict[str, Any]:
    consent = record["kind"] == Kind.CONSENT.value
    event = {
        "event_time": _instant(act["at"]),
        "event_type": "dpv:ExplicitlyExpressedConsent" if consent else "hub:AgreementToEngage",
        "event_state": STATES[ConsentState(act["act"])],
        "entity_id": _urn("entity" if record["giver_kind"] == "body" else "person", record["giver_id"]),
        "validity_duration": "P0D",
    }
    if act["act"] == ConsentState.GIVEN.value and record["expires_at"] is not None:
        event["validity_duration"] = f"P{(record['expires_at'] - record['said_at']).days}D"
    if act["how"]:
        event["indication_method"] = act["how"]
    return event


def export(record: Mapping[str, Any], controller: Controller, recipients: Mapping[UUID, Controller]) -> dict[str, Any]:
    """The document. `record` is as it is read, with `about` and `acts`; `recipients` by organisation."""
    parties = [_party(controller, "dpv:DataController"), REGULATOR]
    known = {c.entity_id: c for c in recipients.values() if c.entity_id != controller.entity_id}
    parties += [_party(each, "dpv:Recipient") for each in known.values()]
    events = [_event(record, act) for act in record["acts"]]
    graph = [
        {
            "@id": _urn("consent", f"{record['id']}:{about['person_id']}"),
            "@type": "dpv:ConsentRecord",
            "schema_version": SCHEMA,
            "record_id": f"{record['id']}:{about['person_id']}",
            "pii_principal_id": _urn("person", about["person_id"]),
            "kind": f"hub:{record['kind']}",
            "authority": f"hub:{about['authority']}",
            "processing": [_processing(record, controller)],
            "parties": parties,
            "events": events,
        }
        for about in record["about"]
    ]
    return {"@context": CONTEXT, "@graph": graph}
