"""What became of a referral when it was sent: each request sent, or blocked with the way to clear it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.sharing_preview import Reason, reasons
from connective.frontend.domain.words import count, in_time, service_kind, telephone


@dataclass(frozen=True, slots=True)
class Result:
    """One request."""

    id: str
    version: str
    reference: str
    service: str
    organisation: str
    sent: bool
    blocked: bool
    state: str
    promise: str
    missing: list[Reason]
    without: list[Reason]
    today: list[str]
    notices: list[str]
    telephone: str
    may_resend: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """The page."""

    heading: str
    safeguarding: str
    results: list[Result]
    sent: int
    blocked: int


def result_of(referral: Mapping[str, Any], services: Mapping[str, Mapping[str, Any]]) -> Sent:
    """Put the page together: what went first, then what waits for something."""
    results = [_result(each, services.get(each["service_id"], {})) for each in referral["requests"]]
    sent, blocked = sum(each.sent for each in results), sum(each.blocked for each in results)
    heading = f"{count(sent, 'request')} sent" if sent else "Nothing was sent yet"
    if blocked:
        heading += f", {blocked} blocked"
    ordered = sorted(results, key=lambda each: not each.blocked)
    return Sent(heading, referral["safeguarding"], ordered, sent, blocked)


def _result(request: Mapping[str, Any], service: Mapping[str, Any]) -> Result:
    blocked = request["state"] == "blocked"
    return Result(
        id=request["id"],
        version=f'"{request["version"]}"',
        reference=request["reference"],
        service=service.get("name") or service_kind(request["service_kind"]),
        organisation=service.get("organisation_name") or "",
        sent=bool(request["submitted_at"]) and not blocked,
        blocked=blocked,
        state=request["state"],
        promise=_promise(request, service),
        missing=reasons(request["missing"]),
        without=reasons(request["without"]),
        today=[each["sentence"] for each in request["today"]],
        notices=[each["sentence"] for each in request["notices"]],
        telephone=telephone(service.get("telephone") or ""),
        may_resend=blocked and "submit" in request["allowed_actions"],
    )


def _promise(request: Mapping[str, Any], service: Mapping[str, Any]) -> str:
    if request["state"] != "submitted":
        return ""
    by = f" {in_time(request['due']['at'])}" if request["due"] else ""
    within = service.get("decide_within_days")
    then = f", and to say yes or no within {count(within, 'working day')}" if within else ""
    return f"They promise to open it{by}{then}."
