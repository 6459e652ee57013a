"""The records of processing (UK GDPR Article 30) as cards that can be read: one for each line of the register."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.proving_tables import Fact, fact
from connective.frontend.domain.proving_words import categories, plain, purpose
from connective.frontend.domain.sharing_words import METHODS, PARTY_ROLES, PEOPLE, article_6, article_9
from connective.frontend.domain.words import day, sentence, words

_LABELS = {
    "agreement_reference": "Agreement",
    "article_10": "Article 10 condition",
    "article_6": "Lawful basis (Article 6)",
    "article_9": "Special category condition (Article 9)",
    "categories": "Information",
    "controller_contact": "Contact",
    "dpia": "Impact assessment",
    "ends_on": "Until",
    "legal_power": "Legal power",
    "methods": "How it moves",
    "other_party": "With",
    "people_covered": "People",
    "retention": "Kept for",
    "schedule_1_paragraph": "Schedule 1 paragraph",
    "security": "Security",
    "transfers": "Abroad",
}
_WORDS: dict[str, Callable[[str], str]] = {
    "article_6": article_6,
    "article_9": article_9,
    "methods": lambda code: METHODS.get(code, sentence(code)),
    "people_covered": lambda code: PEOPLE.get(code, sentence(code)),
    "role": lambda code: PARTY_ROLES.get(code, sentence(code)),
}
"""What the codes of a field are called."""
_SKIPPED = frozenset({"controller", "purpose", "direction", "agreement_version", "state"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a register."""

    title: str
    facts: list[Fact]


@dataclass(frozen=True, slots=True)
class Register:
    """One of the two registers."""

    title: str
    said: str
    file: str
    entries: list[Entry]


def registers(controller: Iterable[Mapping[str, Any]], processor: Iterable[Mapping[str, Any]]) -> list[Register]:
    """Both registers: what one's own legal entity answers for, and what the host does for others."""
    return [
        Register(
            "As controller",
            "What your own legal entity shares and receives, from its agreements in force (Article 30(1)).",
            "controller",
            [_entry(each) for each in controller],
        ),
        Register(
            "As processor",
            "What whoever runs the Hub does on behalf of each controller (Article 30(2)).",
            "processor",
            [_entry(each) for each in processor],
        ),
    ]


def _entry(each: Mapping[str, Any]) -> Entry:
    facts = [
        fact(_LABELS.get(name, sentence(name)), _text(name, value))
        for name, value in each.items()
        if name not in _SKIPPED and value not in (None, "", [])
    ]
    return Entry(_title(each), facts)


def _title(each: Mapping[str, Any]) -> str:
    what = purpose(each["purpose"]) if each.get("purpose") else ""
    way = words(each["direction"]).capitalize() if each.get("direction") else ""
    who = str(each.get("controller", ""))
    parts = [part for part in (f"{way} for {what.lower()}" if way and what else way or what, who) if part]
    return ": ".join(reversed(parts)) if len(parts) > 1 else "".join(parts)


def _text(name: str, value: Any) -> str:  # noqa: ANN401 - JSON
    if name == "categories":
        return categories(value)
    if name.endswith("_on"):
        return day(value)
    if name in _WORDS:
        return "; ".join(map(_WORDS[name], [value] if isinstance(value, str) else value))
    if isinstance(value, list):
        return ", ".join(plain(words(each)) for each in value)
    return plain(sentence(value)) if name == "state" else plain(str(value))
