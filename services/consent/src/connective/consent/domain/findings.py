"""What an officer says of a text that others are to sign."""

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


def stops(code: str, pointer: str, sentence: str) -> Finding:
    """A finding that keeps the text a draft."""
    return Finding(Weight.STOPS, code, pointer, sentence)


def warns(code: str, pointer: str, sentence: str) -> Finding:
    """A finding that lets the text be signed."""
    return Finding(Weight.WARNS, code, pointer, sentence)
