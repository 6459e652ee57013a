"""The question every submission answers first (domain rules, section 10: when it is not early help).

The Hub is never where a concern is reported. A worker who is reporting one now keeps the draft and gets the numbers;
once the report is noted the help goes too, because a concern never costs a family its food.
"""

from dataclasses import dataclass
from datetime import datetime

from connective.referrals.domain.refusals import DetailsRefused, FieldError, NotAReportingRoute, ReportConcernFirst

CHECKS = frozenset({"already_reported", "no_concern", "reporting_now"})


@dataclass(frozen=True, slots=True)
class SafeguardingCheck:
    """The worker's answer. An `already_reported` one says to whom, when and under which reference; never what."""

    answer: str
    reported_to: str | None = None
    reported_at: datetime | None = None
    reference: str | None = None


def _complete(check: SafeguardingCheck, now: datetime) -> list[FieldError]:
    errors = []
    if not (check.reported_to or "").strip():
        errors.append(FieldError("/safeguarding_check/reported_to", "required", "Say to whom it was reported."))
    if check.reported_at is None:
        errors.append(FieldError("/safeguarding_check/reported_at", "required", "Say when it was reported."))
    elif check.reported_at > now:
        errors.append(FieldError("/safeguarding_check/reported_at", "in-the-future", "That time has not come yet."))
    if not (check.reference or "").strip():
        detail = "Give the reference you were given, or the name of who took the call."
        errors.append(FieldError("/safeguarding_check/reference", "required", detail))
    return errors


def check_answer(check: SafeguardingCheck, now: datetime) -> None:
    """Refuse an answer that is none of the three, or a report without its particulars (DetailsRefused)."""
    if check.answer not in CHECKS:
        detail = f"Answer one of: {', '.join(sorted(CHECKS))}."
        raise DetailsRefused([FieldError("/safeguarding_check/answer", "unknown-code", detail)])
    if check.answer == "already_reported":
        errors = _complete(check, now)
        if errors:
            raise DetailsRefused(errors)


def may_send(check: SafeguardingCheck, sentence: str) -> None:
    """Refuse sending while the worker reports a concern. `sentence` is the place's own, with its numbers."""
    if check.answer == "reporting_now":
        raise ReportConcernFirst(
            f"{sentence} Your referral is kept as a draft: send it once you have noted the report."
        )


def may_receive(reporting_route: bool, sentence: str) -> None:
    """Refuse a front door, police or designated officer as the recipient of a request, over every protocol alike."""
    if reporting_route:
        raise NotAReportingRoute(f"A concern is never sent through the Hub. {sentence}")
