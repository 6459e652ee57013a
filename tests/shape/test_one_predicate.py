"""Every resource that is both listed and read one by one is compared by a test, or says why it needs none."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONSENT = "services/consent/tests/integration/test_one_predicate.py"
OFFICERS = "services/consent/tests/integration/test_one_predicate_of_registers.py"
FAMILIES = "services/families/tests/api/test_one_predicate.py"
REFERRALS = "services/referrals/tests/api/test_one_predicate.py"
PARTNERS = "services/partners/tests/api/test_one_predicate.py"
GATEWAY = "gateway/tests/api/test_one_predicate.py"
COMPARED: dict[str, tuple[str, str]] = {
    "/accounts": (GATEWAY, "accounts"),
    "/agreement-templates": (OFFICERS, "/agreement-templates"),
    "/agreements": (CONSENT, "list_agreements"),
    "/audit/access-copies": (OFFICERS, "/audit/access-copies"),
    "/audit/breaches": (OFFICERS, "/audit/breaches"),
    "/audit/corrections": (OFFICERS, "/audit/corrections"),
    "/audit/findings": (OFFICERS, "/audit/findings"),
    "/audit/information-requests": (OFFICERS, "/audit/information-requests"),
    "/audit/processing-restrictions": (OFFICERS, "/audit/processing-restrictions"),
    "/audit/samples": (OFFICERS, "/audit/samples"),
    "/cases": (FAMILIES, "/cases"),
    "/clients": (GATEWAY, "clients"),
    "/consents": (CONSENT, "list_consents"),
    "/notices": (CONSENT, "list_notices"),
    "/consents/rulings": (OFFICERS, "/consents/rulings"),
    "/disclosures": (OFFICERS, "/disclosures"),
    "/disclosures/one-offs": (CONSENT, "list_one_offs"),
    "/families": (FAMILIES, "/families"),
    "/forms": (REFERRALS, "/forms"),
    "/harvest-sources": (PARTNERS, "/harvest-sources"),
    "/harvest-sources/{source_id}/runs": (PARTNERS, "/runs"),
    "/hubs": (PARTNERS, "/hubs"),
    "/intake": (REFERRALS, "/intake"),
    "/invitations": (GATEWAY, "invitations"),
    "/joint-arrangements": (OFFICERS, "/joint-arrangements"),
    "/ledger/checkpoints": (OFFICERS, "/ledger/checkpoints"),
    "/ledger/entries": (OFFICERS, "/ledger/entries"),
    "/legal-entities": (OFFICERS, "/legal-entities"),
    "/memoranda": (OFFICERS, "/memoranda"),
    "/objections": (CONSENT, "list_objections"),
    "/organisations": (PARTNERS, "/organisations"),
    "/overrides": (CONSENT, "list_overrides"),
    "/people/merges": (FAMILIES, "/people/merges"),
    "/places": (GATEWAY, "places"),
    "/proposals": (GATEWAY, "proposals"),
    "/providers": (GATEWAY, "providers"),
    "/referrals": (REFERRALS, "/referrals"),
    "/requests": (REFERRALS, "/requests"),
    "/retention/agreement-reviews": (OFFICERS, "/retention/agreement-reviews"),
    "/retention/deletions": (OFFICERS, "/retention/deletions"),
    "/retention/erasures": (OFFICERS, "/retention/erasures"),
    "/retention/holds": (OFFICERS, "/retention/holds"),
    "/retention/requests": (OFFICERS, "/retention/requests"),
    "/retention/runs": (OFFICERS, "/retention/runs"),
    "/retention/schedule": (OFFICERS, "/retention/schedule"),
    "/services": (PARTNERS, "/services"),
    "/vouchers": (REFERRALS, "/vouchers"),
    "/webhooks": (PARTNERS, "/webhooks"),
    "/webhooks/{webhook_id}/deliveries": (PARTNERS, "/deliveries"),
    "/fhir/Task": (REFERRALS, "/fhir/Task"),
    "/open-referral/v3/organizations": (PARTNERS, "organizations"),
    "/open-referral/v3/service_at_locations": (PARTNERS, "service_at_locations"),
    "/open-referral/v3/services": (PARTNERS, "services"),
    "/open-referral/v3/taxonomies": (PARTNERS, "taxonomies"),
    "/open-referral/v3/taxonomy_terms": (PARTNERS, "taxonomy_terms"),
}
"""Each list → the test that holds it against reading one by one, and the words by which that test asks for it."""
NEEDS_NONE: dict[str, str] = {}
"""Each list that is compared by no test → why it need not be."""


@pytest.fixture(scope="module")
def listed() -> set[str]:
    """Every address that is read whole, and one by one below it."""
    paths = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    read = {path.removeprefix("/api/v1") for path, operations in paths.items() if "get" in operations}
    ones = {path.rpartition("/")[0] for path in read if path.endswith("}")}
    return ones & read


def test_no_resource_is_forgotten(listed: set[str]) -> None:
    named = COMPARED.keys() | NEEDS_NONE.keys()
    assert not listed - named, "compare what their lists show with what is read one by one, or say why not"
    assert not named - listed, "these are not both listed and read one by one any more"
    assert not COMPARED.keys() & NEEDS_NONE.keys()


def test_each_is_compared_where_the_table_says(listed: set[str]) -> None:
    texts = {file: (ROOT / file).read_text(encoding="utf-8") for file, _ in COMPARED.values()}
    missing = [
        path
        for path, (file, words) in COMPARED.items()
        if f'{words}"' not in texts[file] and f"{words}(" not in texts[file]
    ]
    assert not missing, "the test named does not ask for these"
    assert all(len(reason.split()) > 4 for reason in NEEDS_NONE.values()), "a reason is a sentence"
    assert listed
