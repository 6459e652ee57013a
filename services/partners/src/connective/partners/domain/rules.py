"""How a record says what is wrong with it: every broken rule at once, each with its place and a sentence."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule that a record breaks."""

    pointer: str
    """JSON Pointer of the field, as the API names it."""
    code: str
    sentence: str
