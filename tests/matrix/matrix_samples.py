"""What the matrix needs to know of each operation that its OpenAPI entry does not say.

A new path parameter needs a sample in `SAMPLES`; a body that validation would refuse, one in `BODIES`. Whose the
samples are stands in matrix_owners.py. A test says so in a sentence when something is missing.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from matrix_askers import Mint, Standing
from matrix_bodies import (
    LIFTING,
    a_form,
    a_rights_request,
    a_signpost,
    an_acceptance,
    an_agreement_review,
    an_intake,
    an_invitation,
    joint_terms,
    restricting,
)
from matrix_examples import example
from matrix_operations import Operation, SampleMissing

from connective.contracts.sharing import PERMIT_LIFETIME_SECONDS, PERMIT_TYPE


@dataclass(slots=True)
class Records:
    """Ids of records that were made once, and the organisations they concern, by the cast's keys."""

    ids: dict[str, str] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)
    person_ids: list[str] = field(default_factory=list)

    def nowhere(self, *kept: str) -> "Records":
        """The same with ids that are nobody's, but for those kept; organisations stay, since everybody knows them."""
        ids = {key: value if key in kept else str(uuid4()) for key, value in self.ids.items()}
        return Records(ids, self.organisations, [str(uuid4()) for _ in self.person_ids])


_CLIENT = {"name": "A system", "authentication": "client_secret_basic", "scopes": ["directory:read"]}
SAMPLES: dict[str, str] = {
    "account_id": "account",
    "address_id": "address",
    "agreement_id": "agreement",
    "agreement_review_id": "agreement_review",
    "breach_id": "breach",
    "arrangement_id": "arrangement",
    "attachment_id": "attachment",
    "case_id": "case",
    "checkpoint_id": "checkpoint",
    "client_id": "client",
    "comment_id": "comment",
    "consent_id": "consent",
    "contact_id": "contact",
    "correction_id": "correction",
    "information_request_id": "information_request",
    "decision_id": "decision",
    "deletion_id": "deletion",
    "delivery_id": "delivery",
    "disclosure_id": "disclosure",
    "entity_id": "entity",
    "entry_id": "entry",
    "erasure_id": "erasure",
    "erasure_request_id": "erasure_request",
    "family_id": "family",
    "finding_id": "finding",
    "harvest_run_id": "harvest_run",
    "hold_id": "legal_hold",
    "hub_id": "hub",
    "intake_id": "intake",
    "invitation_id": "invitation",
    "item_id": "assurance_item",
    "memorandum_id": "memorandum",
    "merge_id": "merge",
    "need_id": "need",
    "strength_id": "strength",
    "notice_id": "notice",
    "access_copy_id": "access_copy",
    "item_key": "copied_file",
    "objection_id": "objection",
    "one_off_id": "one_off",
    "organisation_id": "organisation",
    "override_id": "override",
    "patient_id": "patient",
    "person_id": "person",
    "place_id": "place",
    "pregnancy_id": "pregnancy",
    "processing_restriction_id": "processing_restriction",
    "proposal_id": "proposal",
    "provider_id": "provider",
    "referral_id": "referral",
    "relationship_id": "relationship",
    "report_id": "report",
    "request_id": "request",
    "restriction_id": "restriction",
    "ruling_id": "ruling",
    "run_id": "run",
    "sample_id": "sample",
    "service_id": "service",
    "source_id": "harvest_source",
    "voucher_id": "voucher",
    "webhook_id": "webhook",
}
"""Path parameter → the record that stands for it in `Records.ids`."""

WORDS: dict[str, str] = {
    "kind": "food_bank",
    "nth": "1",
    "number": "1",
    "person": "0" * 32,
    "rule_key": "agreement",
    "secret": "x" * 43,
    "seq": "0",
    "session_id": "0190a5c0-0000-7000-8000-0000000000d9",  # nobody's: ending it is answered alike for everybody
    "template_key": "food",
    "version": "1",
}
"""Path parameters that are no ids: the same for everybody."""

NAMES_A_RECORD = frozenset(
    {
        "POST /accounts/prohibited-uses/acceptances",
        "POST /audit/access-copies",
        "POST /audit/processing-restrictions",
        "POST /cases",
        "POST /consents",
        "POST /consents/rulings",
        "POST /decisions",
        "POST /disclosures/one-offs",
        "POST /internal/facts",
        "POST /notices",
        "POST /objections",
        "POST /overrides",
        "POST /proposals",
        "POST /referrals",
        "POST /referrals/previews",
        "POST /retention/agreement-reviews",
        "POST /retention/requests",
        "POST /rights-requests",
        "POST /signposts",
    }
)
"""Operations whose body, not their path, says whose record it is: strangers are tried on these too."""

LIST_QUERIES: dict[str, tuple[dict[str, str], ...]] = {
    "GET /requests": ({}, {"direction": "sent"}, {"direction": "place"}, {"direction": "place", "turn": "coordinator"}),
    "GET /referrals": ({}, {"family_id": "family"}),
    "GET /requests/open": ({}, {"hub_id": "hub"}),
    "GET /families": ({}, {"caseload": "mine"}),
    "GET /figures/returned-without-action": ({"quarter": "2026-Q1"},),
    "GET /figures/signposts": ({"quarter": "2026-Q1"},),
    "GET /signposts": ({"family_id": "family"},),
    "GET /requests/already-receiving": ({"family_id": "family", "service_id": "service"},),
    "GET /consents": ({"person_id": "person"},),
    "GET /notices": ({"person_id": "person"},),
    "GET /agreements/{agreement_id}/compare": ({"from": "1", "to": "1"},),
}
"""How else a list can be asked; a value that names a sample record stands for its id."""

STALE = frozenset({"POST /accounts/{account_id}/memberships/{organisation_id}/end"})
"""Operations that would take the sample from whoever asks next: they are tried with a version that it never had."""

WORKER_OF: dict[str, str] = {"POST /internal/disclosures": "partner_worker"}
"""On whose behalf a service asks, where that is not a support worker."""

_WORDS = {"text": "The quillwort is late this year.", "categories": ["progress"]}
_LATER = "2027-03-01"


def _about(records: Records) -> dict[str, Any]:
    """One person of the sample family."""
    return {"person_ids": [records.ids["person"]], "recipient_organisation_id": records.organisations["larder"]}


def _question(records: Records) -> dict[str, Any]:
    return {
        "discloser_organisation_id": records.organisations["oaklands"],
        "recipient_organisation_id": records.organisations["larder"],
        "service_kind": "food_bank",
        "subjects": [records.ids["person"]],
        "categories": ["identity"],
        "purpose": "referral",
        "method": "api",
    }


def _said(records: Records) -> dict[str, Any]:
    person = records.ids["person"]
    about = [{"person_id": person, "authority": "own"}]
    return {"kind": "agreement_to_engage", "state": "given", "given_by": person, "about": about, "how": "in_person"}


def _referral(records: Records) -> dict[str, Any]:
    person = records.ids["person"]
    request = {
        "service_id": records.ids["service"],
        "subjects": [person],
        "contact_person_id": person,
        "needs": [{"person_id": person, "code": "food_or_fuel_poverty", "severity": 3}],
        "answers": {"how": "collect_today", "crisis_reason": "benefit_delay", "cooking_facilities": "full"},
    }
    return {"family_id": records.ids["family"], "safeguarding_check": {"answer": "no_concern"}, "requests": [request]}


def _preview(records: Records) -> dict[str, Any]:
    return {name: value for name, value in _referral(records).items() if name != "safeguarding_check"}


_NOT_YET = {"reason": "recorded_in_error", "on": "2199-01-01"}
"""An ending that is still to come: refused to whoever may end it, so that the rows after this one find the record."""

BODIES: dict[str, Callable[[Records], Any]] = {
    "POST /agreements/{agreement_id}/versions/{number}/comments": lambda _: {"text": "Why?", "pointer": "/flows/0"},
    "POST /accounts/{account_id}/access-confirmations": lambda r: {
        "organisation_id": r.organisations["larder"],
        "outcome": "keep",
    },
    "POST /agreement-templates/{template_key}/clone": lambda r: {
        "reference": f"CLONE-{uuid4().hex[:8]}",
        "referrer_id": r.ids["entity"],
        "provider_id": r.ids["entity"],
        "starts_on": _LATER,
    },
    "POST /families/{family_id}/people": lambda _: {
        "people": [{"key": "new", "given_names": f"Aa{uuid4().hex[:6]}".translate(_LETTERS), "family_name": "Ashcombe"}]
    },
    "POST /families/{family_id}/relationships": lambda r: {
        "person": r.person_ids[0],
        "of": r.person_ids[1],
        "kind": "partner",
    },
    "POST /families/{family_id}/addresses": lambda _: {"lines": ["1 Fore Street"], "town": "Chard"},
    "POST /families/{family_id}/addresses/{address_id}/end": lambda _: _NOT_YET,
    "POST /families/{family_id}/people/{person_id}/end": lambda _: _NOT_YET,
    "POST /families/{family_id}/relationships/{relationship_id}/end": lambda _: _NOT_YET,
    "POST /people/{person_id}/contacts/{contact_id}/end": lambda _: _NOT_YET,
    "POST /people/{person_id}/needs/{need_id}/end": lambda _: _NOT_YET,
    "POST /people/{person_id}/strengths/{strength_id}/end": lambda _: _NOT_YET,
    "POST /people/{person_id}/pregnancies": lambda _: {"due_on": "2199-01-01"},
    "POST /people/{person_id}/pregnancies/{pregnancy_id}/birth": lambda r: {
        "family_id": r.ids["family"],
        "born_on": "1950-01-01",  # long before the mother was due, so that nobody is born
        "children": [{"family_name": "Ashcombe"}],
    },
    "POST /people/{person_id}/pregnancies/{pregnancy_id}/loss": lambda _: {"on": "2199-01-01"},
    "POST /people/{person_id}/merges": lambda r: {"merged_person_id": r.person_ids[1]},
    "POST /people/merges/{merge_id}/decline": lambda _: {"reason": "different_people"},
    "POST /people/merges/{merge_id}/undo": lambda _: {"reason": "different_people"},
    "POST /people/searches": lambda _: {
        "given_names": "Nobody",
        "family_name": "Atall",
        "date_of_birth": "2014-02-03",
        "purpose": "early_help_coordination",
    },
    "PATCH /people/{person_id}": lambda _: {"language": "Cornish"},
    "POST /people/{person_id}/contacts": lambda _: {"kind": "phone", "value": "07700 900555"},
    "POST /people/{person_id}/strengths": lambda _: {"code": "trusted_adult"},
    "POST /people/{person_id}/needs": lambda _: {"code": "parenting_support", "severity": 1},
    "POST /people/{person_id}/restrictions": lambda _: {"kind": "conflict", "named_account_ids": [str(uuid4())]},
    "POST /audit/breaches": lambda _: {
        "kind": "loss",
        "description": "A folder was lost on the bus.",
        "aware_at": "2026-01-02T09:00:00Z",
        "since": "2026-01-01T00:00:00Z",
        "until": "2026-01-02T00:00:00Z",
    },
    "POST /audit/breaches/{breach_id}/assess": lambda _: {"risk": "unlikely", "assessment": "It was found closed."},
    "POST /audit/breaches/{breach_id}/decide": lambda _: {"people_told": False, "reason": "It was found closed."},
    "POST /audit/corrections": lambda r: {
        "what": "The year of birth was wrong.",
        "categories": ["identity"],
        "since": "2026-01-01T00:00:00Z",
        "person_ids": [r.ids["person"]],
    },
    "POST /audit/corrections/{correction_id}/confirm": lambda _: {"outcome": "done"},
    "POST /audit/information-requests": lambda _: {
        "reference": f"SAR-{uuid4().hex[:8]}",
        "kind": "access",
        "received_on": "2026-01-05",
    },
    "POST /audit/information-requests/{information_request_id}/answer": lambda _: {"outcome": "done"},
    "POST /audit/information-requests/{information_request_id}/extend": lambda _: {"months": 1, "reason": "Complex."},
    "POST /audit/information-requests/{information_request_id}/pause": lambda _: {"reason": "identity"},
    "POST /audit/samples": lambda _: {
        "of": "disclosures",
        "since": "2026-01-01T00:00:00Z",
        "until": "2026-02-01T00:00:00Z",
        "size": 3,
    },
    "POST /cases": lambda r: {"family_id": r.ids["family"]},
    "POST /cases/{case_id}/plan": lambda _: {"review_on": "2199-01-01"},
    "POST /cases/{case_id}/review": lambda _: {"review_on": "2199-01-01"},
    "POST /cases/{case_id}/propose-closure": lambda _: {"reason": "needs_met"},
    "POST /cases/{case_id}/team": lambda r: {"organisation_id": r.organisations["minster"]},
    "POST /internal/facts": lambda r: {"family_id": r.ids["family"], "person_ids": [r.ids["person"]]},
    "POST /internal/holdings/file": lambda r: {
        "place_id": r.ids["place"],
        "family_ids": [r.ids["family"]],
        "person_ids": [r.ids["person"]],
        "file_id": r.ids["attachment"],
    },
    "POST /internal/service-facts": lambda r: {"service_ids": [r.ids["service"]]},
    "PATCH /organisations/{organisation_id}": lambda _: {"telephone": "01632 960199"},
    "POST /organisations/{organisation_id}/assurance/items": lambda _: {
        "kind": "insurance",
        "evidence": "Policy AX-1",
        "issued_on": "2026-01-01",
    },
    "POST /organisations/{organisation_id}/assurance/items/{item_id}/decide": lambda _: {"decision": "verified"},
    "PATCH /services/{service_id}": lambda _: {"telephone": "01632 960198"},
    "POST /services/{service_id}/reports": lambda _: {"wrong": ["hours"]},
    "PUT /services/{service_id}/capacity": lambda _: {"available": 7, "unit": "families"},
    "POST /agreements/{agreement_id}/versions/{number}/sign": lambda _: {"text_hash": "0" * 64},
    "POST /memoranda/{memorandum_id}/sign": lambda _: {"text_hash": "0" * 64},
    "POST /joint-arrangements": lambda r: {
        "reference": f"JOINT-{uuid4().hex[:8]}",
        "terms": joint_terms(r.ids["council"], r.ids["entity"], _LATER),
    },
    "POST /accounts/prohibited-uses/acceptances": lambda r: an_acceptance(r.organisations["larder"]),
    "POST /accounts/{account_id}/training": lambda _: {"course": "Data protection", "completed_on": "2026-01-05"},
    "POST /clients": lambda r: _CLIENT | {"organisation_id": r.organisations["larder"]},
    "POST /proposals": lambda r: {"kind": "client_change", "client_id": r.ids["client"], "scopes": ["requests:read"]},
    "POST /forms/{kind}/versions": lambda _: a_form(),
    "PUT /forms/{kind}/versions/{version}": lambda _: a_form(),
    "POST /invitations": lambda r: an_invitation(r.organisations["larder"]),
    "POST /harvest-sources": lambda _: {
        "code": f"feed-{uuid4().hex[:12]}",
        "name": "Another directory",
        "url": "https://directory.example.org/v3",
    },
    "POST /harvest-sources/files": lambda _: {
        "id": "matrix-pantry",
        "name": "Matrix Pantry",
        "status": "active",
        "organization": {"id": "matrix-trust", "name": "The Matrix Trust"},
    },
    "POST /webhooks": lambda _: {"url": "https://hook.example.org/", "events": ["hub.referrals.request.*"]},
    "POST /webhooks/{webhook_id}/replay": lambda _: {"since": "2026-01-01T00:00:00Z"},
    "POST /consents": _said,
    "POST /consents/rulings": lambda r: {
        "person_id": r.ids["person"],
        "kind": "consent",
        "share": True,
        "reasons": "It is in her interest.",
    },
    "POST /decisions": lambda r: {"questions": [_question(r)]},
    "POST /disclosures/one-offs": lambda r: {
        **_about(r),
        "ground": "vital_interests",
        "categories": ["identity"],
        "reason": "She could not be woken.",
    },
    "POST /internal/decisions": lambda r: {"questions": [_question(r)]},
    "POST /internal/disclosures": lambda r: {
        "question": _question(r),
        "request_id": r.ids["request"],
        "request_version": 1,
    },
    "POST /notices": lambda r: {"person_ids": [r.ids["person"]], "how": "in_person", "told_on": "2026-01-05"},
    "POST /objections": lambda r: {
        "person_id": r.ids["person"],
        "raised_by": r.ids["person"],
        "recipient_organisation_ids": [r.organisations["salt"]],
    },
    "POST /overrides": lambda r: {
        **_about(r),
        "categories": ["safeguarding"],
        "share": True,
        "reason": "She was not seen for a week.",
        "risk_of_not_sharing": "Nobody would look.",
        "family_told": True,
    },
    "POST /intake": lambda r: an_intake(r.ids["service"]),
    "POST /intake/self-referrals": lambda r: {
        **{name: value for name, value in an_intake(r.ids["service"]).items() if name != "family_agrees"},
        "place_id": r.ids["place"],
    },
    "POST /intake/self-referrals/progress": lambda _: {"reference": "INT-7K3M-92QD", "progress_code": "ABCD-EFGH-IJKL"},
    "POST /intake/{intake_id}/match": lambda r: {"family_id": r.ids["family"], "person_id": r.ids["person"]},
    "POST /intake/{intake_id}/close": lambda _: {"code": "helped"},
    "POST /referrals": _referral,
    "POST /referrals/previews": _preview,
    "POST /audit/access-copies": lambda r: {"person_id": r.ids["person"]},
    "POST /rights-requests": lambda r: a_rights_request(r.ids["person"]),
    "POST /audit/processing-restrictions": lambda r: restricting(r.ids["information_request"]),
    "POST /audit/processing-restrictions/{processing_restriction_id}/lift": lambda _: LIFTING,
    "POST /audit/access-copies/{access_copy_id}/release": lambda _: {"content_hash": "0" * 64},
    "POST /retention/deletions/{deletion_id}/confirm": lambda _: {
        "how": "deleted",
        "name": "A. Keeper",
        "done_on": "2026-01-05",
    },
    "POST /retention/requests": lambda r: {
        "family_id": r.ids["family"],
        "asked_on": "2026-01-05",
        "ground": "not_necessary",
        "granted": False,
        "exemption": "legal_claims",
        "reasons": "A claim was announced.",
    },
    "POST /retention/agreement-reviews": lambda r: an_agreement_review(r.ids["agreement"]),
    "POST /retention/runs/{run_id}/approve": lambda _: {"list_hash": "0" * 64},
    "POST /retention/holds": lambda r: {
        "reference": "HOLD-2",
        "reason": "A claim was announced.",
        "review_on": str(datetime.now(UTC).date() + timedelta(days=30)),
        "family_ids": [r.ids["family"]],
    },
    "PUT /retention/holds/{hold_id}/review": lambda _: {
        "review_on": str(datetime.now(UTC).date() + timedelta(days=60)),
        "note": "The claim goes on.",
    },
    "PUT /retention/schedule/{rule_key}": lambda _: {
        "counted": [{"trigger": "agreement_ended", "years": 7}],
        "reason": "Our policy.",
        "source": "RP-7",
    },
    "POST /requests/{request_id}/vouchers": lambda _: {"adults": 1},
    "POST /signposts": lambda r: a_signpost(r.ids),
    "POST /links": lambda r: {"request_id": r.ids["request"]},
    "POST /links/contacts": lambda r: {
        "organisation_id": r.organisations["larder"],
        "email": "desk@larder.example.org",
        "pin": "482915",
    },
    "PUT /fhir/Task/{request_id}": lambda r: {
        "resourceType": "Task",
        "id": r.ids["request"],
        "status": "received",
        "intent": "order",
    },
    "POST /requests/{request_id}/ask": lambda _: _WORDS,
    "POST /requests/triage": lambda r: {"action": "accept", "items": [{"request_id": r.ids["request"], "version": 1}]},
    "POST /requests/{request_id}/messages": lambda _: _WORDS,
    "POST /requests/{request_id}/answer": lambda _: _WORDS,
    "POST /requests/{request_id}/waitlist": lambda _: {"expected_on": _LATER},
    "POST /requests/{request_id}/decline": lambda _: _decline("at_capacity"),
    "POST /requests/{request_id}/reassess": lambda _: _decline("assessed_not_eligible"),
    "POST /requests/{request_id}/pause": lambda _: {"reason": "family_away", "review_on": _LATER},
    "POST /requests/{request_id}/propose-redirect": lambda r: {"service_id": r.ids["service"], "reason": "other"},
    "POST /requests/{request_id}/redirect": lambda r: {"service_id": r.ids["service"]},
    "POST /requests/{request_id}/complete": lambda _: {"code": "received", "no_view_reason": "not_asked"},
}
"""Operation → a body that passes validation."""


_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def _decline(code: str) -> dict[str, Any]:
    words = "We cannot help with this now; others can."
    return {"code": code, "family_sentence": words, "next_step": "Ask the library.", "second_look": "Phone us."}


def values(operation: Operation, records: Records) -> dict[str, str]:
    """The path parameters of the sample. Raises SampleMissing."""
    found = {}
    for name in operation.path_parameters:
        if name in WORDS:
            found[name] = WORDS[name]
        elif name in SAMPLES:
            key = SAMPLES[name]
            if key not in records.ids:
                raise SampleMissing(f"{operation.name}: make a record {key!r} in matrix_records.py.")
            found[name] = records.ids[key]
        else:
            raise SampleMissing(f"{operation.name}: add the path parameter {name!r} to SAMPLES in matrix_samples.py.")
    return found


def body(operation: Operation, records: Records, *, missing: bool = False) -> Any:
    """A body that passes validation; None for an operation that takes none. `missing`: about what does not exist."""
    if operation.name in BODIES:
        return BODIES[operation.name](records.nowhere("service") if missing else records)
    schema = operation.body_schema
    return None if schema is None else example(schema, operation.document)


def headers(operation: Operation) -> Mapping[str, str]:
    """An Idempotency-Key and a version, where it takes them."""
    sent = {}
    if operation.takes_header("Idempotency-Key"):
        sent["Idempotency-Key"] = str(uuid4())
    if operation.takes_header("If-Match"):
        sent["If-Match"] = '"7"' if operation.name in STALE else '"1"'
    return sent


@dataclass(frozen=True, slots=True)
class Besides:
    """What an operation takes besides path and body."""

    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


def besides(operation: Operation, records: Records, mint: Mint, standing: Standing) -> Besides:
    """The filter that a list asks for, and the permit of the one operation that takes one, as consent signs it."""
    if operation.name in LIST_QUERIES:
        return Besides(
            query={name: records.ids.get(word, word) for name, word in LIST_QUERIES[operation.name][0].items()}
        )
    if operation.name != "GET /internal/shared":
        return Besides()
    now = int(time.time())
    claims = {
        "aud": "families",
        "jti": str(uuid4()),
        "iat": now,
        "exp": now + PERMIT_LIFETIME_SECONDS,
        "place": str(standing.place),
        "organisation": str(standing.organisation),
        "request_id": records.ids["request"],
        "subjects": {records.ids["person"]: ["identity"]},
    }
    return Besides({"Hub-Permit": mint.signer("consent").sign(PERMIT_TYPE, claims)}, {"field": "given_names"})
