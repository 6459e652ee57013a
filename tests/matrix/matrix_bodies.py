"""Bodies that records are made with, and operations tried with."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any


def joint_terms(council: str, other: str, starts_on: str) -> dict[str, Any]:
    """An arrangement of joint controllers in which the council does what falls to one of them."""
    return {
        "title": "Parcels together",
        "entity_ids": [council, other],
        "purposes": ["referral"],
        "informs_entity_id": council,
        "answers_entity_id": council,
        "breach_entity_id": council,
        "essence": "The council tells families and answers them.",
        "starts_on": starts_on,
    }


def a_form() -> dict[str, Any]:
    """A form of a place's own, with one thing to ask."""
    size = {"name": "household_size", "label": "How many to feed", "help": "For the parcel.", "type": "number"}
    return {
        "title": "Food parcel",
        "required_categories": ["household"],
        "fields": [{**size, "categories": ["household"], "required": True, "minimum": 1, "maximum": 20}],
    }


def an_intake(service_id: str, first_name: str = "Wilmot") -> dict[str, Any]:
    """A family that a partner sends from its own system."""
    return {
        "service_id": service_id,
        "safeguarding_check": {"answer": "no_concern"},
        "people": [{"first_name": first_name, "last_name": "Threlkeld", "part": "adult"}],
        "contact": {"telephone": "01632 960456"},
        "family_agrees": {"agreed_on": "2026-01-05", "how": "in_person", "notice_reference": "Our leaflet"},
    }


def a_signpost(ids: Mapping[str, str]) -> dict[str, Any]:
    """The sample family is told of the sample service."""
    told = {"subjects": [ids["person"]], "needs": ["food_or_fuel_poverty"], "told": "in_person"}
    return {"family_id": ids["family"], "service_id": ids["service"], **told}


LIFTING = {"because": "person_asked", "person_told_on": "2199-01-01"}
"""Of a restriction of processing, on a day still to come: refused, so that the rows after this one find it standing."""


def restricting(information_request_id: str) -> dict[str, Any]:
    """Through a request that asks for a copy: refused, so that the rows after this one find the record in use."""
    return {"ground": "unlawful", "information_request_id": information_request_id}


def a_rights_request(person_id: str) -> dict[str, Any]:
    """A copy of their data, asked for by the person."""
    return {"kind": "access", "person_id": person_id, "asked_by": person_id}


def an_agreement_review(agreement_id: str) -> dict[str, Any]:
    """An officer keeps an agreement on."""
    review_on = str(datetime.now(UTC).date() + timedelta(days=30))
    why = "What was shared under it is kept."
    return {"agreement_id": agreement_id, "decision": "kept", "reason": why, "review_on": review_on}


def an_invitation(organisation_id: str) -> dict[str, Any]:
    """Somebody is to pack parcels there."""
    who = {"email": "packs.parcels@example.org", "name": "Somebody New", "roles": ["partner_volunteer"]}
    return {"organisation_id": organisation_id, "organisation_name": "The larder", **who}


def an_acceptance(organisation_id: str) -> dict[str, Any]:
    """An organisation accepts each use of the text that the product brings."""
    uses = ["debt_recovery", "immigration_enforcement", "marketing", "recruitment", "rent_enforcement", "research"]
    return {"organisation_id": organisation_id, "version": 1, "accepts": uses}
