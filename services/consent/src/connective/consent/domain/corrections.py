"""Corrections that must reach whoever was shown the wrong thing (UK GDPR Articles 16, 17, 18 and 19)."""

from enum import StrEnum

from connective.consent.domain.information_requests import RequestKind
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


_CORRECTABLE = frozenset({RequestKind.ERASURE, RequestKind.RECTIFICATION, RequestKind.RESTRICTION})


def check_correctable(kind: str) -> None:
    """Does such a request ask for what recipients are told of (Articles 16 to 18)? Raises Unacceptable."""
    if RequestKind(kind) not in _CORRECTABLE:
        sentence = "Recipients are told of rectification, erasure and restriction: this request asks for none of them."
        raise Unacceptable("asks_for_no_correction", sentence, "/information_request_id")


def check_confirmation(confirmed: bool, outcome: CorrectionOutcome, note: str) -> None:
    """May a recipient answer so? Raises NotNow the second time, Unacceptable for a dispute without its reason."""
    if confirmed:
        raise NotNow("already_confirmed", "Your legal entity has confirmed this already.")
    if outcome is CorrectionOutcome.DISPUTED and not note:
        raise Unacceptable("reason_needed", "Say why you stand by what you hold.", "/note")
