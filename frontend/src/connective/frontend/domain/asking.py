"""A family asks for help by itself: one thing on each page, and what the API is then told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from connective.frontend.domain.answers import Refused
from connective.frontend.domain.directory import LANGUAGES
from connective.frontend.domain.fields import Errors
from connective.frontend.domain.listing import HELP
from connective.frontend.domain.typed import typed_date, typed_postcode, typed_telephone
from connective.frontend.domain.words import LONDON, day, telephone

Answers = dict[str, Any]
Field = Callable[[str], str]
DANGER = (("no", "No"), ("reported", "Yes, and I have told the police or social services already"), ("yes", "Yes"))
YES_NO = (("yes", "Yes"), ("no", "No"))
MOST_WORDS = 2_000
_SERVICE, _WORDS = "service", "words"


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the journey."""

    name: str
    title: str
    takes: Callable[[Field, Callable[[str], list[str]], datetime], tuple[Answers, Errors]]


def _danger(one: Field, _many: Any, _now: datetime) -> tuple[Answers, Errors]:  # noqa: ANN401 - not read here
    answer = one("danger")
    if answer not in dict(DANGER):
        return {}, [("danger", "Say whether anybody is in danger or being harmed")]
    return {"danger": answer}, []


def _told(one: Field, _many: Any, now: datetime) -> tuple[Answers, Errors]:  # noqa: ANN401 - not read here
    names = ("told_to", "told_reference", "told_on-day", "told_on-month", "told_on-year")
    typed: Answers = {name: one(name) for name in names}
    errors: Errors = []
    if not typed["told_to"]:
        errors.append(("told_to", "Say whom you told, like the police"))
    try:
        on = typed_date(typed["told_on-day"], typed["told_on-month"], typed["told_on-year"])
        if on is None:
            errors.append(("told_on-day", "Say on which day you told them"))
        elif on > now.astimezone(LONDON).date():
            errors.append(("told_on-day", "The day you told them cannot be in the future"))
        else:
            typed["told_on"] = on.isoformat()
    except ValueError as error:
        errors.append(("told_on-day", str(error)))
    if not typed["told_reference"]:
        errors.append(("told_reference", "Give the number they gave you, or the name of who took the call"))
    return typed, errors


def _service(one: Field, _many: Any, _now: datetime) -> tuple[Answers, Errors]:  # noqa: ANN401 - not read here
    chosen = one(_SERVICE)
    return {_SERVICE: chosen}, [] if chosen else [(_SERVICE, "Choose who you want to ask")]


def _about(one: Field, many: Callable[[str], list[str]], _now: datetime) -> tuple[Answers, Errors]:
    typed: Answers = {"help": [each for each in many("help") if each in dict(HELP)], _WORDS: one(_WORDS)}
    if len(typed[_WORDS]) > MOST_WORDS:
        return typed, [(_WORDS, f"Use {MOST_WORDS:,} characters or fewer: you can tell them the rest")]
    if not typed["help"] and not typed[_WORDS]:
        return typed, [("help", "Choose what you need help with, or tell it in your own words")]
    return typed, []


def _name(one: Field, _many: Any, _now: datetime) -> tuple[Answers, Errors]:  # noqa: ANN401 - not read here
    typed: Answers = {name: one(name)[:100] for name in ("first_name", "last_name")}
    wrong = (("first_name", "Enter your first name, or what you are called"), ("last_name", "Enter your last name"))
    return typed, [(name, words) for name, words in wrong if not typed[name]]


def _contact(one: Field, _many: Any, _now: datetime) -> tuple[Answers, Errors]:  # noqa: ANN401 - not read here
    typed: Answers = {name: one(name) for name in ("telephone", "email", "message", "when")}
    errors: Errors = []
    if not typed["telephone"] and not typed["email"]:
        errors.append(("telephone", "Enter a telephone number or an email address that is safe for you"))
    try:
        typed["telephone"] = typed_telephone(typed["telephone"]) or ""
    except ValueError as error:
        errors.append(("telephone", str(error)))
    name, at, host = typed["email"].partition("@")
    if typed["email"] and (not name or not at or "." not in host or " " in typed["email"]):
        errors.append(("email", "Enter an email address like name@example.org"))
    if typed["message"] not in dict(YES_NO):
        errors.append(("message", "Say whether it is safe to leave a message"))
    if len(typed["when"]) > 200:
        errors.append(("when", "Use 200 characters or fewer"))
    return typed, errors


def _home(one: Field, _many: Any, _now: datetime) -> tuple[Answers, Errors]:  # noqa: ANN401 - not read here
    typed: Answers = {name: one(name) for name in ("postcode", "language", "interpreter")}
    typed["language"] = typed["language"] if typed["language"] in dict(LANGUAGES) else ""
    try:
        typed["postcode"] = typed_postcode(typed["postcode"]) or ""
    except ValueError as error:
        return typed, [("postcode", str(error))]
    return typed, []


STEPS: tuple[Step, ...] = (
    Step("safety", "Is anybody in danger?", _danger),
    Step("told", "Whom have you told?", _told),
    Step("service", "Who do you want to ask?", _service),
    Step("about", "What do you need help with?", _about),
    Step("name", "What is your name?", _name),
    Step("contact", "How can they reach you safely?", _contact),
    Step("home", "Where do you live?", _home),
)
"""In the order in which they are asked."""
_MARKS = {"safety": "danger", "told": "told_on", "service": _SERVICE, "about": "help", "name": "first_name",
          "contact": "message", "home": "postcode"}  # fmt: skip
"""The answer of each step by which one knows that it was taken."""


def step_named(name: str) -> Step | None:
    """A step of the journey; None for another word."""
    return next((each for each in STEPS if each.name == name), None)


def next_step(answers: Mapping[str, Any]) -> str:
    """The first step still to be taken, or "check". Who may be in danger gets no further than the telephone numbers."""
    if answers.get("danger") == "yes":
        return "danger"
    skipped = {"told"} if answers.get("danger") != "reported" else set()
    return next((each.name for each in STEPS if each.name not in skipped and _MARKS[each.name] not in answers), "check")


def reachable(name: str, answers: Mapping[str, Any]) -> bool:
    """Whether a page of the journey may be shown: those before it were answered."""
    if answers.get("danger") == "yes":
        return name == "safety"
    upto = next_step(answers)
    names = [*(each.name for each in STEPS), "check"]
    return upto in names and name in names and names.index(name) <= names.index(upto)


def body_of(answers: Mapping[str, Any], place_id: str) -> dict[str, Any]:
    """What the API is told. When somebody may be reached has no field of its own there: it goes with their words."""
    words = "\n\n".join(
        part for part in (answers[_WORDS], answers["when"] and f"When to get in touch: {answers['when']}") if part
    )
    return {
        "place_id": place_id,
        "service_id": answers[_SERVICE],
        "safeguarding_check": _check(answers),
        "people": [{"first_name": answers["first_name"], "last_name": answers["last_name"], "part": "adult"}],
        "contact": {
            "telephone": answers["telephone"] or None,
            "email": answers["email"] or None,
            "safe_to_leave_message": answers["message"] == "yes",
        },
        "language": answers["language"] if answers["language"] not in {"", "en"} else None,
        "interpreter_needed": answers["interpreter"] == "yes",
        "postcode": answers["postcode"] or None,
        "needs": answers["help"],
        "words": {"text": words, "categories": ["contact_details", "needs"]} if words else None,
    }


def _check(answers: Mapping[str, Any]) -> dict[str, Any]:
    if answers["danger"] != "reported":
        return {"answer": "no_concern"}
    at = datetime.combine(date.fromisoformat(answers["told_on"]), time(0), LONDON)
    return {
        "answer": "already_reported",
        "reported_to": answers["told_to"][:200],
        "reported_at": at.isoformat(),
        "reference": answers["told_reference"][:100],
    }


@dataclass(frozen=True, slots=True)
class Row:
    """One answer on the page on which they are checked."""

    label: str
    value: str
    step: str


def rows_of(answers: Mapping[str, Any], service: str) -> list[Row]:
    """The answers as they are checked before they are sent."""
    said = dict(HELP)
    rows = [
        Row("Who you ask", service, "service"),
        Row(
            "What you need help with", "\n".join(said[each] for each in answers["help"]) or "In your own words", "about"
        ),
        Row("In your own words", answers[_WORDS] or "Nothing", "about"),
        Row("Your name", f"{answers['first_name']} {answers['last_name']}", "name"),
        Row("Telephone", telephone(answers["telephone"]) or "None", "contact"),
        Row("Email", answers["email"] or "None", "contact"),
        Row("Safe to leave a message", "Yes" if answers["message"] == "yes" else "No", "contact"),
        Row("When to get in touch", answers["when"] or "Any time", "contact"),
        Row("Postcode", answers["postcode"] or "Not told", "home"),
        Row("Language", dict(LANGUAGES).get(answers["language"], "English"), "home"),
        Row("Interpreter", "Yes, please" if answers["interpreter"] == "yes" else "No", "home"),
    ]
    if answers["danger"] == "reported":
        rows.insert(0, Row("Who knows already", f"{answers['told_to']}, on {day(answers['told_on'])}", "told"))
    return rows


_AT = (("/contact", "contact"), ("/people", "name"), ("/needs", "about"), ("/words", "about"), ("/postcode", "home"),
       ("/language", "home"), ("/service_id", "service"), ("/safeguarding_check", "told"))  # fmt: skip


def refusal_words(problem: Refused) -> Errors | None:
    """What the last page says where the API refused: where to put it right, or to wait; None where it is a fault."""
    if problem.status == 429:
        wait = f"Wait {problem.retry_after} seconds" if problem.retry_after else "Wait a minute"
        return [("", f"Many people are asking just now. Your answers are kept here. {wait}, then send them again")]
    if problem.status in {503, 504}:
        return [
            ("", "This could not be sent just now. Your answers are kept here. Try again in a minute, or telephone")
        ]
    if problem.status == 404:
        return [("service", "This service is not here any more. Choose another one")]
    if problem.status != 422:
        return None
    found = [(_step_at(each.pointer), each.detail) for each in problem.errors]
    return found or [("service", problem.detail)]


def _step_at(pointer: str) -> str:
    return next((step for start, step in _AT if pointer.startswith(start)), "")
