"""A legal hold: whatever the schedule says, this is not erased while a claim, inquiry or investigation needs it.

It names families, people or agreements, says why, and is looked at again on a day: a hold that nobody looks at would
keep records for ever (UK GDPR Article 5(1)(e), Article 17(3)(e)).
"""

from datetime import date
from enum import StrEnum

from connective.consent.domain.refusals import NotNow, Unacceptable
from connective.consent.domain.retention import Span

LONGEST = Span(years=1)
"""Until the next look at most."""


class HoldState(StrEnum):
    """Where a hold stands on a day."""

    LIFTED = "lifted"
    REVIEW_DUE = "review_due"
    """It still holds; somebody must look at it."""
    STANDING = "standing"


def state_on(review_on: date, lifted: bool, today: date) -> HoldState:
    """Where a hold stands; one whose review is overdue goes on holding."""
    if lifted:
        return HoldState.LIFTED
    return HoldState.REVIEW_DUE if review_on <= today else HoldState.STANDING


def check_review_day(review_on: date, today: date) -> None:
    """May it stand until then? Raises Unacceptable for a day that has come, or is more than a year away."""
    if not today < review_on <= LONGEST.after(today):
        sentence = "Name a day within a year from now on which the hold is looked at again."
        raise Unacceptable("review_day", sentence, "/review_on")


def check_stands(lifted: bool) -> None:
    """Raises NotNow for a hold that was lifted: place a new one, so that its reasons are new too."""
    if lifted:
        raise NotNow("lifted", "This hold was lifted.")
