"""How an agreement stands, as registers are narrowed: one list of words for the parties' and for the officers'."""

from enum import StrEnum


class Standing(StrEnum):
    """How an agreement stands, in the words of the register."""

    ACTIVE = "active"
    AWAITING = "awaiting"
    """Its text is frozen: officers review it, or signatures are awaited."""
    ENDED = "ended"
    """Expired, terminated or superseded, with nothing in its place."""
    EXPIRED = "expired"
    IN_PREPARATION = "in_preparation"
    REVIEW_DUE = "review_due"
    """Active, and the day of its review has come."""
    SUSPENDED = "suspended"


STATES_OF = {
    Standing.ACTIVE: ("active",),
    Standing.AWAITING: ("in_review", "awaiting_signatures"),
    Standing.ENDED: ("expired", "terminated", "superseded"),
    Standing.EXPIRED: ("expired",),
    Standing.IN_PREPARATION: ("draft", "in_review", "awaiting_signatures"),
    Standing.SUSPENDED: ("suspended",),
}
"""The states of a version that stand so; `review_due` is a matter of days too."""
