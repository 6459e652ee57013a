from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """Whether a finding stops an agreement or only tells its parties something."""

    STOPS = "stops"
    WARNS = "warns"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something an officer must know about an agreement's text: where, which rule, in a sentence."""

    weight: Weight
    code: str
    pointer: str
    """JSON Pointer into the terms, so that a form can show the sentence beside its field."""
    sentence: str
