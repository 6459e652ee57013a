"""Corrections that must reach whoever was shown the wrong thing (UK GDPR Articles 16, 17, 18 and 19)."""

from enum import StrEnum

from connective.consent.domain.refusals import NotNow, Unacceptable


class CorrectionKind(StrEnum):
    """What each recipient does to its copy."""

    ERASED = "erased"
    RECTIFIED = "rectified"
    RESTRICTED = "restricted"


class CorrectionStanding(StrEnum):
    """Whether everybody who was shown it has confirmed."""

    AWAITED = "awaited"
    CONFIRMED = "confirmed"


class CorrectionOutcome(StrEnum):
    """What a recipient did."""

    DISPUTED = "disputed"
    """It stands by what it holds, and says why; the corrector decides what follows."""
    DONE = "done"
    NOT_HELD = "not_held"


def check_confirmation(confirmed: bool, outcome: CorrectionOutcome, note: str) -> None:
    """May a recipient answer so? Raises NotNow the second time, Unacceptable for a dispute without its reason."""
    if confirmed:
        raise NotNow("already_confirmed", "Your legal entity has confirmed this already.")
    if outcome is CorrectionOutcome.DISPUTED and not note:
        raise Unacceptable("reason_needed", "Say why you stand by what you hold.", "/note")
