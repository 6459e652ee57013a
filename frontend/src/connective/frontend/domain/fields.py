"""Fields of forms, declared once: how they are shown, what is wrong with what was typed, and what the API gets."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from connective.frontend.domain import seeking
from connective.frontend.domain import typed as as_typed
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.words import LONDON, telephone

Typed = Mapping[str, Sequence[str]]
"""What a form sent: every value of each field, as typed."""
Errors = list[tuple[str, str]]
"""What is wrong: a field and a message, in the order of the page."""
_ABOUT_THE_FORM = frozenset({400, 409, 422})
"""Refusals that somebody can mend on the form itself."""
_DAY = ("day", "month", "year")
_BESIDE_DIGITS = str.maketrans("", "", "£, ")
"""What people write beside the digits of a number."""
_POUNDS = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")
_MOST_RADIOS = 7
"""So many choices stand in a row; more of them are a drop-down."""
_MOST_PEOPLE = 50
"""So many people are listed; more of them are sought by name."""
SECRETS = frozenset({"client_secret", "pin"})
"""Every field of the kind `secret`: what is typed into it is neither shown again nor kept."""


class Option(NamedTuple):
    """One thing that can be chosen, and what helps to choose it. Where nothing helps, a pair will do."""

    code: str
    text: str
    hint: str = ""


Options = tuple[tuple[str, str] | Option, ...]
YES_NO = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a form."""

    name: str
    label: str
    kind: str = "text"
    """text, long, lines, number, money, email, time, telephone, postcode, address (of the web), secret, person and
    people (by their pseudonyms), choice (radios, or a drop-down of many), radios, select, choices, yes_no, date,
    moment, hidden.
    """
    hint: str = ""
    required: str = ""
    """What to say where it is empty; empty where it may be."""
    options: Options = ()
    width: str = ""
    pointer: str = ""
    """Where the API has it, as it points to what is wrong; by its name otherwise."""
    rows: int = 5
    empty: str = "Choose one"
    """What a drop-down says where nothing is chosen."""
    longest: int = 0
    """So many characters at most; the API's own bound where this is nought."""
    least: int | None = None
    most: int | None = None
    """Between which numbers a number lies."""
    past: bool = False
    """Whether a day that is still to come is wrong: such fields are read with today's date."""
    sent: str = ""
    """How the API takes what was chosen, where it is not a text: number, or list (of one)."""
    autocomplete: str = "off"
    """What a browser may fill in (WCAG 1.3.5); of others, nothing."""
    heads: bool = False
    """Whether its label is the heading of the page, which then asks nothing before it."""
    of_people: bool = False
    """Whether its choices are people, of whom an organisation may have hundreds."""
    counted: bool = False
    """Whether somebody sees how many characters are left of the longest."""

    def __post_init__(self) -> None:
        if (self.kind == "secret") != (self.name in SECRETS):
            raise ValueError(f"{self.name}: a secret is named in SECRETS, so that it is not kept as a draft")

    @property
    def at(self) -> str:
        """Its place in the API's body."""
        return self.pointer or f"/{self.name}"

    @property
    def boxes(self) -> list[str]:
        """The names under which a form sends it."""
        parts = {"date": _DAY, "moment": (*_DAY, "time")}.get(self.kind, ())
        return [f"{self.name}-{part}" for part in parts] or [self.name]

    @property
    def first(self) -> str:
        """What an error leads to: the first box."""
        return self.boxes[0]

    @property
    def offered(self) -> list[Option]:
        """What can be chosen."""
        options = self.options or (YES_NO if self.kind == "yes_no" else ())
        return [Option(*each) for each in options]

    @property
    def words(self) -> dict[str, str]:
        """What each of its choices is called, by its code."""
        return {each.code: each.text for each in self.offered}

    @property
    def seeks(self) -> bool:
        """Whether its choices are sought by name: a box to type into, and those who fit."""
        return self.of_people and len(self.options) > _MOST_PEOPLE

    def found(self, typed: Sequence[str]) -> list[Option]:
        """Of choices that are sought, those to show beside what was typed."""
        return [Option(*each) for each in seeking.shown(self._people, typed)]

    def sought(self, typed: Sequence[str]) -> str:
        """Of choices that are sought, what stands in the box."""
        return seeking.in_box(self._people, typed)

    def meant(self, typed: Sequence[str], *, several: bool) -> list[str]:
        """Of choices that are sought, those that somebody means. Raises ValueError with what to do next."""
        return seeking.sought(self._people, typed, several=several)

    @property
    def _people(self) -> list[tuple[str, str]]:
        return [(each.code, each.text) for each in self.offered]

    @property
    def drops_down(self) -> bool:
        """Whether its choices are a drop-down."""
        return self.kind == "select" or (self.kind == "choice" and len(self.options) > _MOST_RADIOS)


def one(typed: Typed, name: str) -> str:
    """A value without the spaces around it."""
    values = typed.get(name) or [""]
    return values[-1].strip()


def many(typed: Typed, name: str) -> list[str]:
    """Every value of a field that is not empty, without the spaces around it."""
    return [each.strip() for each in typed.get(name) or () if each.strip()]


def read(fields: Sequence[Field], typed: Typed, today: date | None = None) -> tuple[dict[str, Any], Errors]:
    """What was typed, as the API takes it, and what is wrong with it.

    An empty field is None, or an empty list; one that cannot be read is None.
    """
    body: dict[str, Any] = {}
    errors: Errors = []
    for each in fields:
        try:
            value = _READERS.get(each.kind, _text)(each, typed)
            _refuse(each, value, today)
        except ValueError as error:
            # It stays in the body: whoever puts the body together looks for every field.
            body[each.name] = None
            errors.append((each.first, str(error)))
            continue
        if value in (None, []) and each.required:
            errors.append((each.first, each.required))
        body[each.name] = _as_sent(each, value)
    return body, errors


def in_order(fields: Sequence[Field], errors: Errors) -> Errors:
    """What is wrong in the order of the page, as a summary tells it; what is of no field stands last."""
    boxes = [box for each in fields for box in each.boxes]
    return sorted(errors, key=lambda each: boxes.index(each[0]) if each[0] in boxes else len(boxes))


def answered(fields: Sequence[Field], typed: Typed, today: date | None = None) -> tuple[dict[str, Any], Errors]:
    """As `read`, without what was left empty: for what the API is told only where it was said."""
    body, errors = read(fields, typed, today)
    return {name: value for name, value in body.items() if value not in (None, [])}, errors


def kept(fields: Sequence[Field], typed: Typed) -> dict[str, list[str]]:
    """What was typed into these fields, as it was typed: to be shown again."""
    return {name: list(typed[name]) for each in fields for name in each.boxes if typed.get(name)}


def _refuse(asked: Field, value: Any, today: date | None) -> None:  # noqa: ANN401 - whatever the field holds
    """Raises ValueError for what is too long, too small or large, and for a day to come that should be over."""
    if asked.longest and isinstance(value, str) and len(value) > asked.longest:
        raise ValueError(_about(asked, "must be", "Use", f"{asked.longest} characters or fewer"))
    if isinstance(value, int) and asked.kind == "number":
        if value < (value if asked.least is None else asked.least):
            raise ValueError(_about(asked, "must be", "Enter", f"{asked.least} or more"))
        if value > (value if asked.most is None else asked.most):
            raise ValueError(_about(asked, "must be", "Enter", f"{asked.most} or less"))
    if asked.past and value is not None:
        if today is None:
            raise LookupError(f"{asked.name} is read with today's date")
        if date.fromisoformat(value[:10]) > today:
            raise ValueError("Date must be today or in the past")


def _about(asked: Field, named: str, otherwise: str, what: str) -> str:
    """A message that begins with the label, where that is a name and no question."""
    is_name = asked.label and not asked.label.endswith("?")
    return f"{asked.label} {named} {what}" if is_name else f"{otherwise} {what}"


def _as_sent(asked: Field, value: Any) -> Any:  # noqa: ANN401 - whatever the field holds
    if value is None or not asked.sent:
        return value
    return int(value) if asked.sent == "number" else [value]


def _text(asked: Field, typed: Typed) -> str | None:
    return one(typed, asked.name) or None


def _number(asked: Field, typed: Typed) -> int | None:
    bare = one(typed, asked.name).translate(_BESIDE_DIGITS)
    if bare and (not bare.isdecimal() or len(bare) > 9):
        raise ValueError(_about(asked, "must be", "Enter", "a whole number, like 6"))
    return int(bare) if bare else None


def _money(asked: Field, typed: Typed) -> str | None:
    bare = one(typed, asked.name).translate(_BESIDE_DIGITS)
    if bare and not _POUNDS.fullmatch(bare):
        raise ValueError(_about(asked, "must be", "Enter", "an amount of money, like 6 or 2.50"))
    return bare or None


def _telephone(asked: Field, typed: Typed) -> str | None:
    return telephone(as_typed.typed_telephone(one(typed, asked.name)) or "") or None


def _choice(asked: Field, typed: Typed) -> str | None:
    if asked.seeks:
        return next(iter(asked.meant(many(typed, asked.name), several=False)), None)
    text = one(typed, asked.name)
    if text and text not in asked.words:
        raise ValueError(asked.required or f"Choose one of those shown: {asked.label.lower()}")
    return text or None


def _choices(asked: Field, typed: Typed) -> list[str]:
    if asked.seeks:
        return asked.meant(many(typed, asked.name), several=True)
    return [each for each in many(typed, asked.name) if each in asked.words]


def _yes_no(asked: Field, typed: Typed) -> bool | None:
    return {"yes": True, "no": False}.get(one(typed, asked.name))


def _lines(asked: Field, typed: Typed) -> list[str]:
    return [each.strip() for each in one(typed, asked.name).replace(",", "\n").splitlines() if each.strip()]


def _date(asked: Field, typed: Typed) -> str | None:
    found = as_typed.typed_date(*(one(typed, name) for name in asked.boxes))
    return found.isoformat() if found else None


def _moment(asked: Field, typed: Typed) -> str | None:
    return as_typed.typed_moment(*(one(typed, name) for name in asked.boxes))


def _time(asked: Field, typed: Typed) -> str | None:
    text = one(typed, asked.name)
    return f"{as_typed.typed_time(text):%H:%M}" if text else None


def _person(asked: Field, typed: Typed) -> str | None:
    found = as_typed.typed_people(one(typed, asked.name))
    if len(found) > 1:
        raise ValueError("Give one person")
    return found[0] if found else None


_READERS: dict[str, Callable[[Field, Typed], Any]] = {
    "address": lambda asked, typed: as_typed.typed_address(one(typed, asked.name)),
    "choice": _choice,
    "choices": _choices,
    "date": _date,
    "email": lambda asked, typed: as_typed.typed_email(one(typed, asked.name)),
    "lines": _lines,
    "moment": _moment,
    "money": _money,
    "number": _number,
    "people": lambda asked, typed: as_typed.typed_people(one(typed, asked.name)),
    "person": _person,
    "postcode": lambda asked, typed: as_typed.typed_postcode(one(typed, asked.name)),
    "radios": _choice,
    "select": _choice,
    "telephone": _telephone,
    "time": _time,
    "yes_no": _yes_no,
}
"""How each kind is read; what is not named is a text."""


def typed_from(fields: Sequence[Field], document: Mapping[str, Any]) -> dict[str, list[str]]:
    """A record of the API as somebody would have typed it: what a form that changes it begins with."""
    found: dict[str, list[str]] = {}
    for each in fields:
        value = document.get(each.name)
        if value is not None:
            found |= dict(zip(each.boxes, _as_typed(each, value), strict=True))
    return found


def _as_typed(asked: Field, value: Any) -> list[list[str]]:  # noqa: ANN401 - whatever the field holds
    """What stands in each of its boxes."""
    if asked.kind == "date":
        on = date.fromisoformat(value)
        return [[str(getattr(on, part))] for part in _DAY]
    if asked.kind == "moment":
        at = datetime.fromisoformat(value).astimezone(LONDON)
        return [*([str(getattr(at, part))] for part in _DAY), [f"{at:%H:%M}"]]
    if asked.kind == "choices" or asked.sent == "list":
        return [[str(each) for each in value]]
    if asked.kind in {"lines", "people"}:
        return [["\n".join(str(each) for each in value)]]
    return [[_AS_TYPED.get(asked.kind, str)(value)]]


_AS_TYPED: dict[str, Callable[[Any], str]] = {
    "money": lambda value: f"{float(value):.2f}",
    "time": lambda value: f"{time.fromisoformat(value):%H:%M}",
    "yes_no": lambda value: "yes" if value else "no",
}
"""What stands in the one box of those that are not typed as the API writes them."""


def errors_of(problem: Refused, fields: Sequence[Field]) -> Errors:
    """A refusal beside the fields it is about. Raises the refusal where it is about something else than the form."""
    if problem.status not in _ABOUT_THE_FORM:
        raise problem
    errors = [(_leads_to(each.pointer, fields), _sentence(each.detail)) for each in problem.errors]
    return errors or [("", problem.detail or "This cannot be saved as it is.")]


def _leads_to(pointer: str, fields: Sequence[Field]) -> str:
    """The box of the field at which a pointer ends, or of the first of the part to which it points; otherwise none."""
    at = [field for field in fields if f"{pointer}/".startswith(f"{field.at}/")]
    if at:
        return max(at, key=lambda field: len(field.at)).first
    return next((field.first for field in fields if pointer and field.at.startswith(f"{pointer}/")), "")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
