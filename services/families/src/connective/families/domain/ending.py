"""Ending what no longer holds: the record says from which day and why, and keeps what held until then."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from connective.families.domain.dates import Period
from connective.families.domain.refusals import AlreadyEnded, BadEnding, ImplausibleDate


class Part(StrEnum):
    """What of a family's record can end."""

    ADDRESS = "address"
    CONTACT = "contact"
    MEMBERSHIP = "membership"
    NEED = "need"
    RELATIONSHIP = "relationship"
    STRENGTH = "strength"


class EndReason(StrEnum):
    """Why it ended."""

    COURT_ORDER = "court_order"
    DIED = "died"
    ENTERED_CARE = "entered_care"
    MET = "met"
    MOVED_OUT = "moved_out"
    NOT_SAFE = "not_safe"
    NO_LONGER_SO = "no_longer_so"
    NO_LONGER_USED = "no_longer_used"
    RECORDED_IN_ERROR = "recorded_in_error"
    SEPARATED = "separated"


_REASONS = {
    Part.ADDRESS: {EndReason.MOVED_OUT, EndReason.NOT_SAFE},
    Part.CONTACT: {EndReason.NO_LONGER_USED, EndReason.NOT_SAFE},
    Part.MEMBERSHIP: {EndReason.DIED, EndReason.ENTERED_CARE, EndReason.MOVED_OUT, EndReason.SEPARATED},
    Part.NEED: {EndReason.MET},
    Part.RELATIONSHIP: {EndReason.COURT_ORDER, EndReason.DIED, EndReason.SEPARATED},
    Part.STRENGTH: {EndReason.NO_LONGER_SO},
}
"""What a reason can be said of. Anything may have been recorded in error."""


@dataclass(frozen=True, slots=True)
class Ending:
    """That one part of a record no longer holds: of whom or which family, since which day, and why."""

    part: Part
    owner_id: UUID
    """The person of a need, strength or contact; the family of the rest."""
    part_id: UUID
    """The part's own id; of a membership, the person's."""
    on: date
    """The first day on which it does not hold."""
    reason: EndReason


def check_ending(ending: Ending, today: date) -> Ending:
    """The ending, unless its day is still to come or its reason says nothing of such a part."""
    if ending.on > today:
        raise ImplausibleDate("Record an ending when it has come.", "on")
    if ending.reason not in _REASONS[ending.part] | {EndReason.RECORDED_IN_ERROR}:
        raise BadEnding(f"This is no reason for which a {ending.part} ends.", "reason")
    return ending


def ended(period: Period, on: date, today: date) -> Period:
    """The period with `on` as the first day on which it does not hold.

    What was recorded from that very day on is put on the day before, so that it stays in the record and holds no
    more at once: an unsafe number must not be given for the rest of the day. Raises AlreadyEnded and ImplausibleDate.
    """
    if period.until is not None and period.until < today:
        raise AlreadyEnded("This has ended already.")
    last = on - timedelta(days=1)
    if period.since is not None and period.since > on:
        raise ImplausibleDate("It cannot end before it starts.", "on")
    return Period(last if period.since == on else period.since, last)
