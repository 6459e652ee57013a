"""Refusals as FHIR peers expect them: an OperationOutcome (FHIR R4, http.html#Status-Codes) for the same problem."""

from typing import Any

from connective.kit.problems import FieldError, Refusal

MEDIA_TYPE = "application/fhir+json"

_ISSUE_OF_STATUS = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    409: "business-rule",
    412: "conflict",
    413: "too-long",
    415: "not-supported",
    422: "business-rule",
    428: "required",
    429: "throttled",
    503: "transient",
    504: "timeout",
}
"""Status of the answer → a code of the required value set `issue-type`; whatever is not here is our own fault."""


def operation_outcome(refusal: Refusal, *, base: str = "") -> dict[str, Any]:
    """The body of the answer to a refusal: one issue, or one for each field. `base` is the deployment's address."""
    about = [_issue(refusal, refusal.detail, base, None)] if not refusal.errors else []
    about += [_issue(refusal, f"{refusal.detail} {each.detail}", base, each) for each in refusal.errors]
    return {"resourceType": "OperationOutcome", "issue": about}


def _issue(refusal: Refusal, words: str, base: str, field: FieldError | None) -> dict[str, Any]:
    coding = {"system": f"{base}/problems", "code": refusal.code, "display": refusal.title}
    issue = {
        "severity": "fatal" if refusal.status >= 500 else "error",
        "code": _ISSUE_OF_STATUS.get(refusal.status, "exception"),
        "details": {"coding": [coding], "text": refusal.title},
        "diagnostics": words,
    }
    return issue if field is None else issue | {"expression": [field.pointer]}
