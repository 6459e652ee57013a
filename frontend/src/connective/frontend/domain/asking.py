"""A family asks for help by itself: one thing on each page, and what the API is then told."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from connective.frontend.domain.answers import Refused
from connective.frontend.domain.directory import LANGUAGES
from connective.frontend.domain.fields import YES_NO, Errors, Field, in_order, read
from connective.frontend.domain.listing import HELP
from connective.frontend.domain.words import LONDON, day, telephone

Answers = dict[str, Any]
DANGER = (("no", "No"), ("reported", "Yes, and I have told the police or social services already"), ("yes", "Yes"))
MOST_WORDS = 2_000
_LONGEST_NAME = 100
UNSURE = ("unsure", "Something else, or I am not sure")
SERVICE, POSTCODE, CHOSEN = "service", "postcode", "chosen"
FROM_PAGE, FROM_LIST = "page", "list"
"""How a service was chosen: on its own page in the directory, or from what fits."""
_WORDS = "words"
_SEARCHED_BY = ("help", POSTCODE)
Check = Callable[[Answers, datetime], Errors]


def _nothing_else(_answers: Answers, _now: datetime) -> Errors:
    return []


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the journey: what it asks, and what must hold besides for its answers together."""

    name: str
    title: str
    fields: Sequence[Field]
    words: str = ""
    check: Check = _nothing_else

    def takes(
        self, one: Callable[[str], str], many: Callable[[str], list[str]], now: datetime
    ) -> tuple[Answers, Errors]:
        """What was typed, and what is wrong with it. What cannot be read is kept as it was typed, to be shown again."""
        typed = {box: many(box) if each.kind == "choices" else [one(box)] for each in self.fields for box in each.boxes}
        body, errors = read(self.fields, typed)
        raw = {box: values if len(values) != 1 else values[0] for box, values in typed.items()}
        answers = raw | {name: value for name, value in body.items() if value is not None}
        errors = errors + self.check(answers, now)
        return answers, in_order(self.fields, errors)

    def typed(self, answers: Mapping[str, Any]) -> dict[str, list[str]]:
        """What its fields hold before anybody types: what was answered before."""
        found = {box: answers[box] for each in self.fields for box in each.boxes if answers.get(box)}
        return {box: value if isinstance(value, list) else [value] for box, value in found.items()}

    def read_by(self, service_name: str) -> "Step":
        """The same with who reads what is typed."""
        reads = f"Only {service_name} reads this. Leave out what you would rather say on the telephone."
        known: dict[str, dict[str, Any]] = {_WORDS: {"hint": reads, "longest": MOST_WORDS}}
        return replace(self, fields=[replace(each, **known.get(each.name, {})) for each in self.fields])


def _told(answers: Answers, now: datetime) -> Errors:
    on = answers.get("told_on")
    if on is not None and date.fromisoformat(on) > now.astimezone(LONDON).date():
        return [("told_on-day", "The day you told them cannot be in the future")]
    return []


def _short_enough(answers: Answers, _now: datetime) -> Errors:
    if len(answers[_WORDS]) > MOST_WORDS:
        return [(_WORDS, f"Use {MOST_WORDS:,} characters or fewer: you can tell them the rest")]
    return []


def _name(answers: Answers, _now: datetime) -> Errors:
    # Nobody's name is refused for being long.
    answers |= {name: answers[name][:_LONGEST_NAME] for name in ("first_name", "last_name")}
    return []


def _contact(answers: Answers, _now: datetime) -> Errors:
    if not answers["telephone"] and not answers["email"]:
        return [("telephone", "Enter a telephone number or an email address that is safe for you")]
    return []


STEPS: tuple[Step, ...] = (
    Step(
        "safety",
        "Is anybody in danger?",
        (
            Field(
                name="danger",
                label="Is anybody in danger, or being harmed?",
                kind="radios",
                options=DANGER,
                required="Say whether anybody is in danger or being harmed",
                hint="You, a child, or somebody else at home",
                heads=True,
            ),
        ),
    ),
    Step(
        "told",
        "Whom have you told?",
        (
            Field(
                name="told_to",
                label="Whom did you tell?",
                hint="For example, the police",
                required="Say whom you told, like the police",
                width="30",
            ),
            Field(
                name="told_on",
                label="On which day?",
                kind="date",
                hint="For example, 20 11 2026",
                required="Say on which day you told them",
            ),
            Field(
                name="told_reference",
                label="Their reference, or the name of who took the call",
                required="Give the number they gave you, or the name of who took the call",
                width="30",
            ),
        ),
        "Do not tell us what happened: that stays between you and them.",
        _told,
    ),
    Step(
        "about",
        "What do you need help with?",
        (
            Field(
                name="help",
                label="What do you need help with?",
                kind="choices",
                options=(*HELP, UNSURE),
                required="Choose what you need help with, or the last one if you are not sure",
                hint="Choose all that fit",
                heads=True,
            ),
        ),
    ),
    Step(
        "where",
        "Where do you live?",
        (
            Field(
                name=POSTCODE,
                label="Postcode",
                kind="postcode",
                hint="If you would rather not say, leave it empty",
                autocomplete="postal-code",
            ),
        ),
        "We show who helps people where you live, the nearest first. The service that you choose is told it too.",
    ),
    Step(
        SERVICE,
        "Who do you want to ask?",
        (Field(name=SERVICE, label="Who do you want to ask?", required="Choose who you want to ask"),),
    ),
    Step(
        "words",
        "What is it about?",
        (Field(name=_WORDS, label="In your own words, if you like", kind="long", rows=6, counted=True),),
        "",
        _short_enough,
    ),
    Step(
        "name",
        "What is your name?",
        (
            Field(
                name="first_name",
                label="First name",
                required="Enter your first name, or what you are called",
                autocomplete="given-name",
            ),
            Field(name="last_name", label="Last name", required="Enter your last name", autocomplete="family-name"),
        ),
        "So that they know who to ask for.",
        _name,
    ),
    Step(
        "contact",
        "How can they reach you safely?",
        (
            Field(name="telephone", label="Telephone number", kind="telephone", autocomplete="tel"),
            Field(name="email", label="Email address", kind="email", width="30", autocomplete="email"),
            Field(
                name="message",
                label="Is it safe to leave a message there?",
                kind="radios",
                options=YES_NO,
                required="Say whether it is safe to leave a message",
                hint="If not, they only ever speak to you yourself",
            ),
            Field(
                name="when",
                label="When is a safe time to get in touch?",
                hint="For example, weekdays between 10am and 2pm. Leave it empty if any time is safe.",
                longest=200,
                width="30",
            ),
        ),
        "Give a number or an address that nobody reads who should not know. One of the two is enough.",
        _contact,
    ),
    Step(
        "language",
        "Which language do you like to speak?",
        (
            Field(
                name="language",
                label="Language",
                kind="select",
                options=tuple(each for each in LANGUAGES if each[0] != "en"),
                empty="English",
            ),
            Field(name="interpreter", label="", kind="choices", options=(("yes", "I need an interpreter"),)),
        ),
    ),
)
"""In the order in which they are asked."""
_MARKS = {"safety": "danger", "told": "told_on", "about": "help", "where": POSTCODE, SERVICE: CHOSEN, "words": _WORDS,
          "name": "first_name", "contact": "message", "language": "language"}  # fmt: skip
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


def step_before(name: str, answers: Mapping[str, Any]) -> str:
    """The page that leads to this one; empty for the first."""
    skipped = {"told"} if answers.get("danger") != "reported" else set()
    if answers.get(CHOSEN) == FROM_PAGE:
        skipped.add(SERVICE)
    names = [each.name for each in STEPS if each.name not in skipped or each.name == name]
    names.append("check")
    return names[names.index(name) - 1] if names.index(name) else ""


def with_typed(answers: Answers, typed: Answers) -> Answers:
    """The answers with those of one more page. What was chosen from a list is asked again once another list fits."""
    together = answers | typed
    if answers.get(CHOSEN) == FROM_LIST and any(answers.get(each) != together.get(each) for each in _SEARCHED_BY):
        del together[CHOSEN]
    return together


def body_of(answers: Mapping[str, Any], place_id: str) -> dict[str, Any]:
    """What the API is told. When somebody may be reached has no field of its own there: it goes with their words."""
    words = "\n\n".join(
        part for part in (answers[_WORDS], answers["when"] and f"When to get in touch: {answers['when']}") if part
    )
    return {
        "place_id": place_id,
        "service_id": answers[SERVICE],
        "safeguarding_check": _check(answers),
        "people": [{"first_name": answers["first_name"], "last_name": answers["last_name"], "part": "adult"}],
        "contact": {
            "telephone": answers["telephone"] or None,
            "email": answers["email"] or None,
            "safe_to_leave_message": answers["message"] == "yes",
        },
        "language": answers["language"] if answers["language"] not in {"", "en"} else None,
        "interpreter_needed": "yes" in answers["interpreter"],
        "postcode": answers["postcode"] or None,
        "needs": [each for each in answers["help"] if each != UNSURE[0]],
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
    said = dict((*HELP, UNSURE))
    rows = [
        Row("What you need help with", "\n".join(said[each] for each in answers["help"]), "about"),
        Row("Postcode", answers[POSTCODE] or "Not told", "where"),
        Row("Who you ask", service, SERVICE),
        Row("In your own words", answers[_WORDS] or "Nothing", "words"),
        Row("Your name", f"{answers['first_name']} {answers['last_name']}", "name"),
        Row("Telephone", telephone(answers["telephone"]) or "None", "contact"),
        Row("Email", answers["email"] or "None", "contact"),
        Row("Safe to leave a message", "Yes" if answers["message"] == "yes" else "No", "contact"),
        Row("When to get in touch", answers["when"] or "Any time", "contact"),
        Row("Language", dict(LANGUAGES).get(answers["language"], "English"), "language"),
        Row("Interpreter", "Yes, please" if "yes" in answers["interpreter"] else "No", "language"),
    ]
    if answers["danger"] == "reported":
        rows.insert(0, Row("Who knows already", f"{answers['told_to']}, on {day(answers['told_on'])}", "told"))
    return rows


_AT = (("/contact", "contact"), ("/people", "name"), ("/needs", "about"), ("/words", "words"),
       ("/postcode", "where"), ("/language", "language"), ("/service_id", SERVICE),
       ("/safeguarding_check", "told"))  # fmt: skip


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
