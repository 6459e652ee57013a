"""Words by which a listing's kind and needs are recognised where the file does not give them in our codes: data."""

import re
from dataclasses import dataclass

from connective.contracts.needs import NeedsList


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that point to codes, and the needs list the codes come from."""

    needs_list: NeedsList
    service_kinds: dict[str, tuple[str, ...]]
    needs: dict[str, tuple[str, ...]]
    organisation_kinds: dict[str, tuple[str, ...]]


def recognised(text: str, words: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The codes whose words stand in the text as whole words, in the order of the vocabulary."""
    return tuple(code for code, phrases in words.items() if any(_holds(text, phrase) for phrase in phrases))


def _holds(text: str, phrase: str) -> bool:
    return re.search(rf"\b{re.escape(phrase)}s?\b", text, re.IGNORECASE) is not None
