"""What the run of all examples needs to know of each that its OpenAPI entry does not say."""

IDS: dict[str, str] = {
    "account_id": "account",
    "agreement_id": "agreement",
    "answers_entity_id": "council",
    "asked_by": "person",
    "breach_entity_id": "council",
    "change_ids": "0190a5c0-0000-7000-8000-0000000000c4",
    "client_id": "client",
    "contact_person_id": "person",
    "discloser_organisation_id": "oaklands_organisation",
    "entity_ids/0": "council",
    "entity_ids/1": "entity",
    "family_id": "family",
    "family_ids": "family",
    "from_account_id": "trust_dpo_account",
    "given_by": "person",
    "information_request_id": "information_request",
    "informs_entity_id": "council",
    "legal_entity_id": "council",
    "merged_person_id": "person_1",
    "named_account_ids": "account",
    "of": "person_1",
    "organisation_id": "larder_organisation",
    "party_ids/0": "council",
    "party_ids/1": "entity",
    "person": "person_0",
    "person_id": "person",
    "person_ids": "person",
    "place_id": "place",
    "provider_id": "entity",
    "raised_by": "person",
    "recipient_organisation_id": "larder_organisation",
    "recipient_organisation_ids": "salt_organisation",
    "referrer_id": "council",
    "request_id": "request",
    "service_id": "service",
    "subjects": "person",
    "to_account_id": "worker_account",
}
"""Field of a body → the record whose id it takes: a sample, an organisation of the cast, or an id as it stands."""
IDS_OF: dict[str, dict[str, str]] = {
    "POST /families/{family_id}/relationships": {"of": "person_2"},
    "POST /requests/{request_id}/assign": {"account_id": "worker_account"},
    "POST /requests/{request_id}/propose-redirect": {"service_id": "homes_service"},
    "POST /services": {"organisation_id": "oaklands_organisation"},
}
"""The same for one operation, where it differs from its neighbours."""
BY: dict[str, str] = {
    "POST /services": "role partner_admin",
}
"""Operation → who sends it, where the first role that may is not the one that it is meant for."""
PATHS: dict[str, dict[str, str]] = {"PUT /forms/{kind}/versions/{version}": {"version": "1001"}}
"""Operation → words of its path: the draft that the example before it made."""

_STEP = "POST /requests/{request_id}"
BEFORE: dict[str, tuple[str, ...]] = {
    "PUT /fhir/Task/{request_id}": (),
    f"{_STEP}/amend": (),
    f"{_STEP}/answer": ("receive", "ask"),
    f"{_STEP}/ask": ("receive",),
    f"{_STEP}/assign": ("receive",),
    f"{_STEP}/complete": ("receive", "accept"),
    f"{_STEP}/concern-reported": ("receive",),
    f"{_STEP}/contact-attempts": ("receive", "accept"),
    f"{_STEP}/decline": ("receive",),
    f"{_STEP}/family-told": ("receive", "decline"),
    f"{_STEP}/messages": ("receive",),
    f"{_STEP}/pause": ("receive", "accept", "start"),
    f"{_STEP}/propose-redirect": ("receive",),
    f"{_STEP}/reassess": ("receive", "accept"),
    f"{_STEP}/redirect": ("receive",),
    f"{_STEP}/second-look": ("receive", "decline"),
    f"{_STEP}/second-look/answer": ("receive", "decline", "second-look"),
    f"{_STEP}/submit": ("correct",),
    f"{_STEP}/waitlist": ("receive",),
    f"{_STEP}/withdraw": (),
}
"""Operation on a request → the steps before it, from one that was just sent: each has a request of its own."""

CLOSING = frozenset(
    {
        "POST /families/{family_id}/addresses/{address_id}/end",
        "POST /families/{family_id}/people/{person_id}/end",
        "POST /families/{family_id}/relationships/{relationship_id}/end",
        "POST /people/{person_id}/contacts/{contact_id}/end",
        "POST /people/{person_id}/needs/{need_id}/end",
        "POST /people/{person_id}/strengths/{strength_id}/end",
        "POST /people/{person_id}/pregnancies/{pregnancy_id}/birth",
        "POST /people/{person_id}/pregnancies/{pregnancy_id}/loss",
        "POST /accounts/{account_id}/disable",
        "POST /agreements/{agreement_id}/versions/{number}/reinstate",
        "POST /agreements/{agreement_id}/versions/{number}/suspend",
        "POST /agreements/{agreement_id}/versions/{number}/terminate",
        "POST /audit/processing-restrictions/{processing_restriction_id}/lift",
        "POST /consents/{consent_id}/withdraw",
        "POST /intake/{intake_id}/close",
        "POST /joint-arrangements/{arrangement_id}/end",
        "POST /memoranda/{memorandum_id}/end",
        "POST /objections/{objection_id}/resolve",
        "POST /organisations/{organisation_id}/reinstate",
        "POST /organisations/{organisation_id}/suspend",
        "POST /people/merges/{merge_id}/decline",
        "POST /retention/holds/{hold_id}/lift",
    }
)
"""What closes a sample record for whoever asks next: tried after the matrix, which may have closed it already."""

JUSTIFIED: dict[str, tuple[int, str]] = {
    "POST /intake/self-referrals/progress": (404, "only the family was told the code that goes with a reference"),
    "POST /agreements/{agreement_id}/versions/{number}/review": (409, "the sample's version is in force"),
    "PUT /agreements/{agreement_id}/versions/{number}": (409, "the sample's version is in force"),
    "POST /agreements/{agreement_id}/versions/{number}/sign": (422, "a hash is of the text that its signer read"),
    "POST /audit/access-copies/{access_copy_id}/release": (409, "a hash is of the copy that was read"),
    "POST /audit/information-requests/{information_request_id}/extend": (409, "the example before it answered it"),
    "POST /audit/information-requests/{information_request_id}/pause": (409, "the example before it answered it"),
    "POST /audit/processing-restrictions": (422, "the sample request asks for a copy, and for no restriction"),
    "POST /cases/{case_id}/plan": (409, "the sample case is not assessed"),
    "POST /cases/{case_id}/review": (409, "the sample case is not assessed"),
    "POST /intake/{intake_id}/match": (422, "the sample's recipient keeps no family of that name"),
    "POST /links": (409, "the sample's recipient takes no links"),
    "POST /memoranda/{memorandum_id}/commitments/{number}/reports": (409, "the sample memorandum is a draft"),
    "POST /memoranda/{memorandum_id}/sign": (409, "the sample memorandum is a draft"),
    "POST /people/merges/{merge_id}/undo": (409, "the sample merge is proposed, not done"),
    "POST /requests/triage": (207, "each item has its own status"),
    "POST /requests/{request_id}/vouchers": (409, "the sample request is not blocked"),
    "POST /retention/agreement-reviews": (409, "the sample agreement is in force"),
    "POST /retention/runs/{run_id}/approve": (409, "a hash is of the list that was read"),
}
"""Operation → how else its example is answered on the sample records, and why that is right."""
