"""Does the family have this already? Shown before a request is made, never blocking (domain rules, section 4)."""

from collections.abc import Collection
from enum import StrEnum

from connective.referrals.domain.states import FINAL, UNSENT, State


class Receiving(StrEnum):
    """What an organisation's own requests say of a family and a service."""

    RECEIVING = "receiving"
    """The service helps it, or has said that it will."""
    WAITING = "waiting"
    """It was asked and has not decided, or waits for a place."""
    IN_PREPARATION = "in_preparation"
    """Somebody of the organisation keeps a draft, or one that is blocked."""
    NONE_SHOWN = "none_shown"
    """None, or none that may be shown: both are answered alike, so that nobody learns of a sensitive service."""


_HELPS = frozenset({State.ACCEPTED, State.IN_PROGRESS, State.ON_HOLD})
SENTENCES: dict[Receiving, str] = {
    Receiving.RECEIVING: "Your organisation's request to this service is being worked on: speak to it first.",
    Receiving.WAITING: "Your organisation has asked this service already, and it has not decided or has no place yet.",
    Receiving.IN_PREPARATION: "Somebody of your organisation has begun a request to this service.",
    Receiving.NONE_SHOWN: "None is shown to you. That is not the same as none: ask the family.",
}


def receiving(states: Collection[State], *, sensitive: bool) -> Receiving:
    """The strongest of what these requests say. Of a sensitive service nothing is said, whatever there is."""
    present = set(states) - FINAL
    if sensitive or not present:
        return Receiving.NONE_SHOWN
    if present & _HELPS:
        return Receiving.RECEIVING
    return Receiving.WAITING if present - UNSENT else Receiving.IN_PREPARATION
