"""What is asked about an own service, page by page where it is new, and one page at a time where it changes."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from connective.contracts.needs import needs_list
from connective.frontend.domain.fields import Errors, Field, Typed, in_order, one, read
from connective.frontend.domain.own_places import AREA_FIELDS, INTERPRETATION, languages_field, whom_sent
from connective.frontend.domain.own_services import STATUSES
from connective.frontend.domain.paged_form import PagedForm, Step

HERE = "/organisation/services"
NEW = f"{HERE}/new"
TITLE_NEW = "Add a service"
TITLE_CHANGE = "Change a service"
SERVICE_FIELDS = (
    Field(name="name", label="Name of the service", required="Enter the name of the service"),
    Field(
        name="kind",
        label="What kind of service is it?",
        kind="choice",
        required="Choose the kind of service",
        options=(*((code, each.name) for code, each in sorted(needs_list().service_kinds.items())), ("other", "Other")),
    ),
    Field(
        name="status",
        label="Is it open?",
        kind="choice",
        required="Say whether it is open",
        options=STATUSES,
    ),
    Field(
        name="takes_requests",
        label="Can workers send requests to it here?",
        kind="yes_no",
        required="Say whether requests can be sent to it",
        hint="If not, families are told about it, and get in touch themselves.",
    ),
    Field(
        name="description",
        label="What it does",
        kind="long",
        hint="Everybody who looks for help reads this. Write plainly, and nothing about anybody.",
    ),
    Field(
        name="eligibility",
        label="Who it is for, in words",
        kind="long",
        rows=3,
        hint="Everybody who looks for help reads this.",
    ),
    Field(name="minimum_age", label="From which age", kind="number", hint="Leave it empty where there is none."),
    Field(name="maximum_age", label="Up to which age", kind="number"),
    Field(
        name="needs",
        label="Which needs does it help with?",
        kind="choices",
        options=tuple((code, each.name) for code, each in needs_list().needs.items()),
    ),
    *AREA_FIELDS,
    languages_field((), {}),
    INTERPRETATION,
    Field(name="telephone", label="Telephone", kind="telephone"),
    Field(name="email", label="Email", kind="email"),
    Field(name="url", label="Web page", kind="address"),
    Field(
        name="how_to_refer",
        label="How to ask for it",
        kind="long",
        rows=3,
        hint="Everybody who looks for help reads this.",
    ),
    Field(
        name="fees",
        label="What it costs",
        kind="long",
        rows=2,
        hint="Say “free” where it is. Everybody who looks for help reads this.",
    ),
    Field(
        name="alert",
        label="What is different just now",
        kind="long",
        rows=2,
        hint="For example: closed on 26 December. It stands at the top of the service’s page, and everybody reads it.",
    ),
    Field(name="acknowledge_within_days", label="Working days until you say that a request has arrived", kind="number"),
    Field(name="decide_within_days", label="Working days until you decide", kind="number"),
)


_PAGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("name", "The service", ("name", "kind")),
    ("about", "What it does", ("description", "eligibility")),
    ("ages", "Ages", ("minimum_age", "maximum_age")),
    ("needs", "Needs", ("needs",)),
    ("area", "Where it helps", ("reach", "areas", "miles")),
    ("languages", "Languages", ("languages", "interpretation")),
    ("reaching", "Getting in touch", ("telephone", "email", "url", "how_to_refer")),
    ("fees", "Costs", ("fees",)),
    ("open", "Whether it is open", ("status", "alert", "takes_requests")),
    ("promises", "Answering requests", ("acknowledge_within_days", "decide_within_days")),
)
"""A few questions on each page: its code, its heading, and their names."""
_WORDS = {
    "fees": ("Prices of single things, with the days from and until which they hold, are told on the page of the "
             "service once it is there.",),
    "promises": ("Whoever sends you a request reads this. Passing it reminds you, and then the hub’s coordinator.",),
}  # fmt: skip
_BEGIN = {
    "status": ["active"],
    "takes_requests": ["yes"],
    "acknowledge_within_days": ["2"],
    "decide_within_days": ["10"],
}
_TERMS = ("acknowledge_within_days", "decide_within_days")


def service_fields(known: Sequence[Mapping[str, Any]], typed: Typed) -> tuple[Field, ...]:
    """The questions about a service, with the languages that it names already among those to be chosen."""
    return tuple(languages_field(known, typed) if each.name == "languages" else each for each in SERVICE_FIELDS)


def service_steps(known: Sequence[Mapping[str, Any]], typed: Typed) -> tuple[Step, ...]:
    """The same questions, page by page."""
    fields = {each.name: each for each in service_fields(known, typed)}
    return tuple(
        Step(
            code=code,
            heading=heading,
            fields=tuple(fields[name] for name in names),
            words=_WORDS.get(code, ()),
            when=_takes_requests if code == "promises" else _always,
            wrong=partial(_wrong, known=known, only=names),
        )
        for code, heading, names in _PAGES
    )


def _takes_requests(typed: Typed) -> bool:
    return one(typed, "takes_requests") == "yes"


def _always(_: Typed) -> bool:
    return True


def _wrong(typed: Typed, *, known: Sequence[Mapping[str, Any]], only: Collection[str]) -> Errors:
    ages = [one(typed, name) for name in ("minimum_age", "maximum_age")]
    if "maximum_age" in only and all(each.isdecimal() for each in ages) and int(ages[0]) > int(ages[1]):
        return [("maximum_age", "The oldest must not be younger than the youngest")]
    return read_service(typed, known=known, new=True, only=only)[1]


def new_service(typed: Typed) -> PagedForm:
    """The form of a new service, as far as it goes by what was typed."""
    return PagedForm(
        title=TITLE_NEW,
        address=NEW,
        steps=service_steps((), typed),
        back=("Back to our services", HERE),
        button="Add the service",
        words=(
            "It stands in the directory once you send it, for everybody of the place. "
            "What you type is kept until then, for you alone.",
            "You add places, opening hours, prices and contacts on its own page.",
        ),
        begin=_BEGIN,
    )


def changed_service(service: Mapping[str, Any], typed: Typed) -> PagedForm:
    """The same pages for a service that is there: each is changed by itself."""
    return PagedForm(
        title=TITLE_CHANGE,
        address=f"{HERE}/{service['id']}/change",
        steps=service_steps(service["languages"], typed),
        back=("Back to the service", f"{HERE}/{service['id']}"),
        button="Save",
    )


def read_service(
    typed: Typed, *, known: Sequence[Mapping[str, Any]] = (), new: bool, only: Collection[str] | None = None
) -> tuple[dict[str, Any], Errors]:
    """What the API is asked, with areas and languages put together, and what is wrong with what was typed.

    With `only` it is about these questions alone.
    """
    fields = [each for each in service_fields(known, typed) if only is None or each.name in only]
    found, errors = read(fields, typed)
    names = next((each.words for each in fields if each.name == "languages"), {})
    body, wrong = whom_sent(found, known, names)
    return service_body(body, new=new), in_order(fields, errors + wrong)


def service_body(body: Mapping[str, Any], *, new: bool) -> dict[str, Any]:
    """What the API is asked: an empty field of a new one is left out, one of a known one is taken away."""
    given = {name: value for name, value in body.items() if value is not None or not (new or name in _TERMS)}
    if given.get("url") is None and new:
        given.pop("url", None)
    return given
