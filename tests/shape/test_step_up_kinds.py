"""Every operation of a kind that asks for a fresh second factor asks for it, or says here why it need not (ADR 0023).

The kinds are the trust rules': break-glass, exports, signatures, and changes of keys and of who may do what. A new
operation of these kinds is found by its address or by what it answers, so that nobody has to remember a list.
"""

import json
import re
from pathlib import Path
from typing import Any

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text(encoding="utf-8"))
METHODS = ("get", "post", "put", "patch", "delete")
FILES = re.compile(r"application/(zip|pdf|x-ndjson|x-tar|gzip|ld\+json|octet-stream)|text/csv")
"""What is carried away whole."""
CARRIED_AWAY = re.compile(r"/(export|evidence|csv|download)$|/access-copies/.*/file$")
WEIGHTY = re.compile(
    r"/(sign|processing-agreement|overrides|break-glass|proposals|invitations|clients|webhooks|credentials|keys|secrets"
    r"|providers|signing-keys)$|/(rotate|rotate-\w+|regenerate|approve|issue-secret)$"
)
"""What a POST of these makes, signs or changes."""
NEED_NOT = {
    "GET /api/v1/agreements/{agreement_id}/versions/{number}/document": "a contract's own text names no family",
    "GET /api/v1/audit/processing-records/controller/csv": "the register of Article 30 names no family",
    "GET /api/v1/audit/processing-records/processor/csv": "the register of Article 30 names no family",
    "GET /api/v1/consents/{consent_id}/export": "one consent, which its worker reads anyway, for the person themselves",
    "POST /api/v1/retention/runs/{run_id}/approve": "it hands out nothing, and a second person has agreed",
}


def operations() -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": described
        for path, methods in DOCUMENT["paths"].items()
        for method, described in methods.items()
        if method in METHODS
    }


def is_of_these_kinds(name: str, described: dict[str, Any]) -> bool:
    method, _, path = name.partition(" ")
    if path.startswith(("/open-referral/", "/fhir/")):
        return False  # Published listings, and single records through the same rules as their pages.
    types = [
        kind for code, answer in described["responses"].items() if code[0] == "2" for kind in answer.get("content", ())
    ]
    if method == "GET":
        return any(FILES.fullmatch(kind) for kind in types) or CARRIED_AWAY.search(path) is not None
    return method == "POST" and WEIGHTY.search(path) is not None


def test_what_weighs_more_asks_for_a_fresh_second_factor_or_says_why_not() -> None:
    found = {name for name, each in operations().items() if is_of_these_kinds(name, each)}
    without = {name for name in found if not operations()[name].get("x-policy", {}).get("step_up")}
    assert without == {name for name in NEED_NOT if name in found}, sorted(without ^ NEED_NOT.keys())
    assert len(found) > 15


def test_a_new_operation_of_these_kinds_would_be_found() -> None:
    answers = {"200": {"content": {"application/json": {}}}}
    for name, described in (
        ("POST /api/v1/clients/{client_id}/rotate-secret", {"responses": answers}),
        ("POST /api/v1/break-glass", {"responses": answers}),
        ("POST /api/v1/leases/{lease_id}/sign", {"responses": answers}),
        ("GET /api/v1/families/export", {"responses": answers}),
        ("GET /api/v1/families/everything", {"responses": {"200": {"content": {"text/csv": {}}}}}),
    ):
        assert is_of_these_kinds(name, described), name
