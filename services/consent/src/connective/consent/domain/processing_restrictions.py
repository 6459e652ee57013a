"""Restriction of processing (UK GDPR Article 18): who asks for it may have their data stored, and not otherwise used.

While one stands nothing about the person is shared, in either direction, and the keeper's own workers do not read it.
What may still be done is Article 18(2): storing; what the person agrees to (the restriction is lifted, and placed
again); legal claims (the copy of Article 15, evidence, the ledger are an officer's and stay open); and protecting
somebody's rights, or an important public interest: a safeguarding override stands instead of it at once, without a
second person, for it hides nobody (a *whereabouts* restriction does, and takes one). State, dates and reason codes of
a request go on returning to its referrer: they say that it is held.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from connective.consent.domain.refusals import NotNow, Unacceptable


class RestrictionGround(StrEnum):
    """Why processing is restricted (Article 18(1)(a) to (d))."""

    ACCURACY_CONTESTED = "accuracy_contested"
    NEEDED_FOR_CLAIMS = "needed_for_claims"
    OBJECTION_PENDING = "objection_pending"
    UNLAWFUL = "unlawful"
    """It was unlawful, and the person would have it kept rather than erased."""


class LiftedBecause(StrEnum):
    """Why it ends."""

    CLAIM_OVER = "claim_over"
    FOUND_ACCURATE = "found_accurate"
    FOUND_INACCURATE = "found_inaccurate"
    """It is lifted so that the keeper can correct it, and tell whoever was shown it (Articles 16 and 19)."""
    GROUNDS_PREVAIL = "grounds_prevail"
    """The controller's grounds override the objection (Article 21(1))."""
    PERSON_ASKED = "person_asked"


class RestrictionStanding(StrEnum):
    """Whether it holds."""

    LIFTED = "lifted"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Lifting:
    """Why it ends, and on which day the person was told that it would."""

    because: LiftedBecause
    person_told_on: date


def check_lifting(lifting: Lifting, *, lifted: bool, today: date) -> None:
    """May it be lifted? The person is told before (Article 18(3)). Raises NotNow, Unacceptable."""
    if lifted:
        raise NotNow("lifted", "This restriction was lifted.")
    if lifting.person_told_on > today:
        raise Unacceptable("not_told_yet", "Tell the person first: lift it once they know.", "/person_told_on")


def check_restrictable(kind: str) -> None:
    """Is this a request that a restriction answers? Raises Unacceptable for one that asks for something else."""
    if kind not in {"objection", "rectification", "restriction"}:
        raise Unacceptable(
            "asks_for_no_restriction",
            "That request asks neither for restriction nor for what may take one (Article 18(1)).",
            "/information_request_id",
        )
