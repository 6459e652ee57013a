"""What is recorded beside the lifecycle: tries to reach a family, the family told of a no, a concern reported."""

from dataclasses import dataclass, replace
from datetime import datetime

from connective.referrals.domain.clocks import is_quiet
from connective.referrals.domain.refusals import DetailsRefused, FieldError, IllegalAction
from connective.referrals.domain.request import By, Fact, FamilyTold, Notice, Request
from connective.referrals.domain.states import FINAL, OPEN, UNSENT, State

NOT_ENGAGED = "not_engaged"
CONTACT_ATTEMPTED = "contact_attempted"
FAMILY_TOLD = "family_told"
UNABLE = "unable_to_contact"
SILENCE = (
    "The service has tried to reach the family as often as it promises, and nobody answered. Silence can be a sign: "
    "see the family yourself, and speak to your safeguarding lead if you are worried."
)
TOLD_CODES = frozenset({"told", "unsafe_to_tell"})
ATTEMPT_METHODS = frozenset({"home_visit", "letter", "message", "telephone"})


@dataclass(frozen=True, slots=True)
class Try:
    """One try to reach the family, and whether somebody of it was reached."""

    method: str
    reached: bool = False


def log_contact_attempt(request: Request, tried: Try, by: By, at: datetime) -> tuple[Request, tuple[Fact, ...]]:
    """Count one try in vain: a service promises some before it may say that it could not. Being reached ends the count.

    The try that makes the promise full tells the referrer: silence can be a sign (domain rules, section 4).
    Raises IllegalAction for a request that is not in the recipient's hands, DetailsRefused for an unknown method.
    """
    if request.state not in OPEN - UNSENT - {State.SUBMITTED}:
        raise IllegalAction("contact-attempts", request.state, ())
    if tried.method not in ATTEMPT_METHODS:
        detail = f"Use one of: {', '.join(sorted(ATTEMPT_METHODS))}."
        raise DetailsRefused([FieldError("/method", "unknown-code", detail)])
    attempts = 0 if tried.reached else request.contact_attempts + 1
    after = replace(request, contact_attempts=attempts, version=request.version + 1)
    silent_now = is_silent(after) and not is_silent(request)
    name = NOT_ENGAGED if silent_now else CONTACT_ATTEMPTED
    return after, (Fact(name, None, request.state, request.state, after.version, at, by, announced=silent_now),)


def is_silent(request: Request) -> bool:
    """Whether the service has tried as often as it promises, at least once, and reached nobody of the family."""
    return request.contact_attempts >= max(request.promise.contact_attempts, 1)


def silence(request: Request) -> Notice | None:
    """What the referrer is prompted with when nobody could reach the family; nothing after a death or a loss."""
    ended = request.decline.code if request.decline is not None else request.outcome and request.outcome.code
    silent = ended == UNABLE if request.state in FINAL else is_silent(request)
    if not silent or is_quiet(request):
        return None
    return Notice(NOT_ENGAGED, SILENCE)


def tell_family(request: Request, code: str, by: By, at: datetime) -> tuple[Request, tuple[Fact, ...]]:
    """End the task that every decline leaves: the family was told, or telling would be unsafe.

    Raises IllegalAction unless the request was declined and the task is open.
    """
    if request.state is not State.DECLINED or request.family_told is not None:
        raise IllegalAction("family-told", request.state, ())
    if code not in TOLD_CODES:
        detail = f"Use one of: {', '.join(sorted(TOLD_CODES))}."
        raise DetailsRefused([FieldError("/code", "unknown-code", detail)])
    after = replace(request, family_told=FamilyTold(code, at), version=request.version + 1)
    fact = Fact(FAMILY_TOLD, None, request.state, request.state, after.version, at, by, code, announced=False)
    return after, (fact,)
