"""What is recorded beside the lifecycle: tries to reach a family, the family told of a no, a concern reported."""

from dataclasses import replace
from datetime import datetime

from connective.referrals.domain.refusals import DetailsRefused, FieldError, IllegalAction
from connective.referrals.domain.request import FamilyTold, Request
from connective.referrals.domain.states import OPEN, UNSENT, State

TOLD_CODES = frozenset({"told", "unsafe_to_tell"})
ATTEMPT_METHODS = frozenset({"home_visit", "letter", "message", "telephone"})


def log_contact_attempt(request: Request, method: str) -> Request:
    """Count one try to reach the family: a service promises some before it may say that it could not.

    Raises IllegalAction for a request that is not in the recipient's hands, DetailsRefused for an unknown method.
    """
    if request.state not in OPEN - UNSENT - {State.SUBMITTED}:
        raise IllegalAction("contact-attempts", request.state, ())
    if method not in ATTEMPT_METHODS:
        detail = f"Use one of: {', '.join(sorted(ATTEMPT_METHODS))}."
        raise DetailsRefused([FieldError("/method", "unknown-code", detail)])
    return replace(request, contact_attempts=request.contact_attempts + 1, version=request.version + 1)


def tell_family(request: Request, code: str, at: datetime) -> Request:
    """End the task that every decline leaves: the family was told, or telling would be unsafe.

    Raises IllegalAction unless the request was declined and the task is open.
    """
    if request.state is not State.DECLINED or request.family_told is not None:
        raise IllegalAction("family-told", request.state, ())
    if code not in TOLD_CODES:
        detail = f"Use one of: {', '.join(sorted(TOLD_CODES))}."
        raise DetailsRefused([FieldError("/code", "unknown-code", detail)])
    return replace(request, family_told=FamilyTold(code, at), version=request.version + 1)
