"""Long forms as several pages: a few questions on each, kept as they are typed, and looked through before they go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from connective.frontend.domain.fields import Errors, Field, Typed, kept, one, read
from connective.frontend.domain.form_view import FormView
from connective.frontend.domain.words import day, inline, moment

CHECK = "check"
"""The page on which everything is looked through; it stands behind the form's address, as each step does."""
_NOT_SAID = "Not said"


def _always(_: Typed) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page of a form."""

    code: str
    heading: str
    fields: Sequence[Field]
    words: Sequence[str] = ()
    when: Callable[[Typed], bool] = _always
    """Whether it is asked, by what was said so far."""
    wrong: Callable[[Typed], Errors] | None = None
    """What is wrong beyond what each field says by itself."""

    def errors(self, typed: Typed, today: date) -> Errors:
        """What is wrong with what was typed on it."""
        errors = read(self.fields, typed, today)[1]
        return errors or (self.wrong(typed) if self.wrong else [])


@dataclass(frozen=True, slots=True)
class Line:
    """One answer as it is looked through, and the page on which it can be changed."""

    box: str
    label: str
    value: str
    href: str
    said: bool
    """Whether there is an answer at all."""


@dataclass(frozen=True, slots=True)
class Part:
    """The answers of one page."""

    code: str
    heading: str
    lines: list[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class PagedForm:
    """A form of several pages. Its title names nobody."""

    title: str
    address: str
    """Where its first page is; the others stand behind it."""
    steps: Sequence[Step]
    back: tuple[str, str]
    button: str
    about: str = ""
    """Whom or what it is about, said on each page."""
    words: Sequence[str] = ()
    """What is to be known before: on the first page."""
    warning: str = ""
    """What comes of sending it: on the first page, and where it is sent."""
    about_families: bool = False
    begin: Typed = field(default_factory=dict)
    """What is filled in where nothing was typed yet."""

    def asked(self, typed: Typed) -> list[Step]:
        """The pages, by what was said so far."""
        return [each for each in self.steps if each.when(typed)]

    def step(self, code: str, typed: Typed) -> Step | None:
        """One of them; the first where none is named."""
        return next((each for each in self.asked(typed) if code in {"", each.code}), None)

    def href(self, step: Step) -> str:
        """Where a page is."""
        return self.address if step.code == self.steps[0].code else f"{self.address}/{step.code}"

    @property
    def check(self) -> str:
        """Where everything is looked through."""
        return f"{self.address}/{CHECK}"

    def after(self, step: Step, typed: Typed) -> str:
        """The page that comes next."""
        asked = self.asked(typed)
        at = asked.index(step) + 1
        return self.href(asked[at]) if at < len(asked) else self.check

    def view(self, step: Step, typed: Typed, *, checking: bool) -> FormView:
        """A page as a form. Back leads to the page before it, or to where everything is looked through."""
        asked = self.asked(typed)
        at = asked.index(step)
        first = at == 0
        before = ("Back", self.href(asked[at - 1])) if not first else self.back
        begun = first and not checking and any(self._answered(typed, box) for each in asked[1:] for box in _boxes(each))
        return FormView(
            title=self.title,
            heading=step.heading,
            fields=step.fields,
            back=("Back to your answers", self.check) if checking else before,
            button="Continue",
            words=[*([self.about] if self.about else []), *(self.words if first else ()), *step.words],
            warning=self.warning if first else "",
            more=(self.check, "Go on to what you said before") if begun else None,
            about_families=self.about_families,
            cancel=False,
        )

    def _answered(self, typed: Typed, box: str) -> bool:
        return bool(one(typed, box)) and one(typed, box) != one(self.begin, box)

    def keep(self, typed: Typed, step: Step, sent: Typed) -> dict[str, list[str]]:
        """Everything that was typed, with what was sent from one page in place of what was said there before."""
        boxes = set(_boxes(step))
        return {name: list(value) for name, value in typed.items() if name not in boxes} | kept(step.fields, sent)

    def unfinished(self, typed: Typed, today: date) -> Step | None:
        """The first page on which something is missing or wrong."""
        return next((each for each in self.asked(typed) if each.errors(typed, today)), None)

    def fields(self, typed: Typed) -> list[Field]:
        """Every question that is asked."""
        return [each for step in self.asked(typed) for each in step.fields]

    def said(self, typed: Typed) -> dict[str, list[str]]:
        """What is sent: not what was typed on a page that is asked no longer."""
        return kept(self.fields(typed), typed)

    def parts(self, typed: Typed, today: date) -> list[Part]:
        """Everything that was said, page by page."""
        return [
            Part(step.code, step.heading, [self._line(step, each, typed, today) for each in step.fields])
            for step in self.asked(typed)
        ]

    def _line(self, step: Step, asked: Field, typed: Typed, today: date) -> Line:
        value = as_said(asked, typed, today)
        label = asked.label or step.heading
        return Line(
            asked.first, label, value or _NOT_SAID, f"{self.href(step)}?from={CHECK}#{asked.first}", bool(value)
        )


def _boxes(step: Step) -> list[str]:
    return [box for each in step.fields for box in each.boxes]


def as_said(asked: Field, typed: Typed, today: date) -> str:
    """An answer as people read it; what cannot be read stands as it was typed."""
    found, errors = read([asked], typed, today)
    value = found[asked.name]
    if value is None or value == [] or errors:
        return " ".join(one(typed, box) for box in asked.boxes).strip()
    return _SAID.get(asked.kind, _plain)(asked, value)


def _plain(asked: Field, value: Any) -> str:  # noqa: ANN401 - whatever the field holds
    if isinstance(value, list):
        return "\n".join(asked.words.get(str(each), str(each)) for each in value)
    return asked.words.get(str(value), str(value))


def _yes_or_no(asked: Field, value: Any) -> str:  # noqa: ANN401 - as above
    return asked.words["yes" if value else "no"]


def _date(_: Field, value: Any) -> str:  # noqa: ANN401 - as above
    return day(value[0] if isinstance(value, list) else value)


def _several(asked: Field, value: Any) -> str:  # noqa: ANN401 - as above
    first, *rest = (asked.words[each] for each in value)
    return "; ".join([first, *map(inline, rest)])


_SAID: Mapping[str, Callable[[Field, Any], str]] = {
    "choices": _several,
    "date": _date,
    "moment": lambda _, value: moment(value),
    "yes_no": _yes_or_no,
}
