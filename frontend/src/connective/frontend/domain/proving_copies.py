"""A copy for somebody who asked, as an officer looks it through before it leaves (UK GDPR Article 15)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from connective.frontend.domain.fields import Errors, Field, Typed, many, one
from connective.frontend.domain.proving_words import plain
from connective.frontend.domain.words import day, moment, sentence, words

REASONS = (
    ("third_party", "It would disclose somebody else"),
    ("serious_harm", "It may cause serious harm"),
    ("legal_privilege", "It is legal advice"),
)
"""Data Protection Act 2018, Schedules 2 and 3."""
GIVE = "give"
WHY = Field(name="why", label="Why are the parts you ticked held back?", kind="radios", options=REASONS,
            hint="Only where you ticked one")  # fmt: skip
_GIVEN = ((GIVE, "Give it"), *((code, f"Hold it back: {words[:1].lower()}{words[1:]}") for code, words in REASONS))


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is held, as words."""

    key: str
    nth: int
    lines: list[tuple[str, str]]
    review: bool
    """It may be about somebody else too: it is given or held back by name."""
    has_file: bool = False
    """Its content can be opened, and is to be before it is given."""

    @property
    def asked(self) -> Field:
        """Whether it is given."""
        label = f"Part {self.nth} may be about somebody else too"
        return Field(name=f"item-{self.key}", label=label, kind="select", options=_GIVEN)


@dataclass(frozen=True, slots=True)
class Section:
    """What is held of one kind."""

    title: str
    items: list[Item]


def sections(items: Iterable[Mapping[str, Any]]) -> list[Section]:
    """Everything that is held, kind by kind, in the order of the API."""
    found: dict[str, list[Item]] = {}
    for nth, each in enumerate(items, start=1):
        item = Item(each["key"], nth, list(_lines(each["data"])), bool(each["review"]), bool(each["has_file"]))
        found.setdefault(sentence(each["section"]), []).append(item)
    return [Section(title, held) for title, held in found.items()]


def _lines(data: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, str]]:
    for name, value in data.items():
        said = f"{before}{words(name)}"
        if isinstance(value, Mapping):
            yield from _lines(value, f"{said}, ")
        elif value not in (None, "", []):
            yield said[:1].upper() + said[1:], _said(value)


def _said(value: Any) -> str:  # noqa: ANN401 - JSON
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return "; ".join(_said(each) for each in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name.lower()}: {text}" for name, text in _lines(value))
    text = str(value)
    for parse, shown in ((date.fromisoformat, day), (datetime.fromisoformat, moment)):
        try:
            parse(text)
        except ValueError:
            continue
        return shown(text)
    return plain(sentence(text)) if "_" in text and " " not in text else text


def release(items: Iterable[Mapping[str, Any]], typed: Typed) -> tuple[dict[str, Any], Errors]:
    """What is released: the copy that was read, what is held back and why, and what was cleared."""
    errors: Errors = []
    withhold: dict[str, str] = {}
    clear: list[str] = []
    reasons, held, why = dict(REASONS), set(many(typed, "hold")), one(typed, "why")
    for nth, each in enumerate(items, start=1):
        key = str(each["key"])
        if each["review"]:
            chosen = one(typed, f"item-{key}")
            if chosen == GIVE:
                clear.append(key)
            elif chosen in reasons:
                withhold[key] = chosen
            else:
                errors.append((f"item-{key}", f"Choose whether part {nth} is given"))
        elif key in held:
            withhold[key] = why
    if held and why not in reasons:
        errors.append(("why", "Choose why parts are held back"))
    return {"content_hash": one(typed, "content_hash"), "withhold": withhold, "clear": clear}, errors
