"""Forms of requests as a place's administrator writes them: versions, drafts question by question, publishing."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from connective.contracts.categories import Category
from connective.frontend.domain.answers import Part, Refused
from connective.frontend.domain.fields import Errors, Field, errors_of
from connective.frontend.domain.sheets import (
    Act,
    Acts,
    Cell,
    Facts,
    Link,
    Links,
    Rows,
    Section,
    Sheet,
    Table,
    Words,
    tag,
)
from connective.frontend.domain.words import category, in_order, moment, sentence, service_kind

HERE = "/admin/forms"
STATES = {"draft": ("Draft", "yellow"), "published": ("Published", "green"), "retired": ("Retired", "grey")}
TYPES = (
    ("text", "A few words"),
    ("long_text", "Several sentences"),
    ("boolean", "Yes or no"),
    ("choice", "One of several answers"),
    ("choices", "Any of several answers"),
    ("number", "A number"),
    ("date", "A date"),
)
_TYPES = dict(TYPES)
CATEGORIES = tuple((each, category(each)) for each in in_order(map(str, Category)))
_SENT = (
    "title", "one_subject", "required_categories", "useful_categories", "fields",
)  # fmt: skip
_OF_FIELD = (
    "name", "label", "help", "type", "required", "categories", "source", "about", "choices", "required_when", "minimum",
    "maximum",
)  # fmt: skip
HEAD_FIELDS = (
    Field(name="title", label="Title", required="Enter the title of the form"),
    Field(
        name="required_categories",
        label="What the service must know",
        kind="choices",
        options=CATEGORIES,
        hint="Where one of these may not be shared, the request is not sent.",
    ),
    Field(
        name="useful_categories",
        label="What would be useful to know",
        kind="choices",
        options=CATEGORIES,
        hint="Where one of these may not be shared, the request goes without it.",
    ),
    Field(name="one_subject", label="Is each request about one person only?", kind="yes_no", required="Say yes or no"),
)
QUESTION_FIELDS = (
    Field(name="label", label="The question", required="Enter the question"),
    Field(
        name="help",
        label="Help beside it",
        kind="long",
        rows=2,
        required="Enter a sentence of help",
        hint="What to write, and what not. Whoever fills the form in reads it.",
    ),
    Field(name="type", label="What is the answer?", kind="choice", required="Choose what the answer is", options=TYPES),
    Field(
        name="choices",
        label="The answers to choose from",
        kind="lines",
        hint="One a line. Only for one or any of several answers.",
    ),
    Field(name="required", label="Must it be answered?", kind="yes_no", required="Say whether it must be answered"),
    Field(
        name="categories",
        label="What does the answer reveal?",
        kind="choices",
        required="Choose everything that the answer reveals",
        options=CATEGORIES,
        hint="All of it: whoever may not know one of these does not see the answer.",
    ),
    Field(name="minimum", label="Smallest number", kind="number", hint="Only where the answer is a number."),
    Field(name="maximum", label="Largest number", kind="number", hint="Only where the answer is a number."),
)


def forms_sheet(forms: Part) -> Sheet:
    """Every kind of service with its form."""
    rows: Rows = [
        [
            Cell(service_kind(each["kind"]), f"{HERE}/{each['kind']}"),
            each["title"],
            "Ours" if each["origin"] == "place" else "Comes with the Hub",
            f"Version {each['version']}" if each["version"] else "None",
            tag("Draft waits", "yellow") if each["draft"] else "",
        ]
        for each in forms.items
    ]
    return Sheet(
        "Forms of requests",
        [
            Words(("What is asked when help is requested, for each kind of service. A published form never changes.",)),
            Table(
                "Forms by kind of service",
                ("Kind of service", "Title", "Whose", "In use", "Draft"),
                rows,
                "There is no form yet.",
                part=forms,
                what="the forms",
            ),
        ],
        back=("Back to the place", "/admin"),
    )


def form_sheet(kind: str, listed: Mapping[str, Any], present: Mapping[str, Any] | None, *, may_write: bool) -> Sheet:
    """One kind's form: what is asked now, its versions, and its draft."""
    href = f"{HERE}/{kind}"
    versions = [
        Link(f"Version {number}" + (", in use" if number == listed["version"] else ""), f"{href}/versions/{number}")
        for number in sorted(listed["versions"], reverse=True)
    ]
    acts: list[Section] = []
    if listed["draft"]:
        acts.append(Links([Link("Go on with the draft", f"{href}/versions/{listed['draft']}", "primary")]))
    elif may_write:
        acts.append(Acts([Act("draft", "Begin a new version", manner="primary")]))
    return Sheet(
        "A form",
        [
            *acts,
            Links(versions, heading="Versions"),
            *(_questions(present, None) if present else [Words(("There is no form of this kind yet.",))]),
        ],
        heading=f"Form for {service_kind(kind)}",
        back=("Back to forms", HERE),
    )


def version_sheet(form: Mapping[str, Any], *, etag: str | None, may_write: bool) -> Sheet:
    """One version; a draft with what can be changed on each line."""
    href = f"{HERE}/{form['kind']}/versions/{form['version']}"
    draft = may_write and form["state"] == "draft"
    version = (("version", etag or ""),)
    acts: list[Section] = []
    if draft:
        acts = [
            Links([Link("Add a question", f"{href}/questions/new", "primary"),
                   Link("Title and what must be known", f"{href}/title", "secondary"),
                   Link("Write it as text", f"{href}/text", "secondary")]),
        ]  # fmt: skip
    end: list[Section] = []
    if draft:
        end = [
            Words(
                ("Once published it is used for every new request of this kind, and never changes.",), manner="inset"
            ),
            Acts([Act("publish", "Publish it", version, "primary")]),
        ]
    elif may_write and form["state"] == "published" and form["origin"] == "place":
        end = [Acts([Act("retire", "Retire it: nobody begins a request on it any more", version, "warning")])]
    return Sheet(
        "A version of a form",
        [
            Facts(
                [
                    ("State", tag(*STATES[form["state"]])),
                    ("Kind of service", service_kind(form["kind"])),
                    ("Whose", "Ours" if form["origin"] == "place" else "Comes with the Hub"),
                    ("Must be known", "; ".join(map(category, form["required_categories"]))),
                    ("Useful", "; ".join(map(category, form["useful_categories"]))),
                    ("About one person only", "Yes" if form["one_subject"] else "No"),
                    ("Published", moment(form["published_at"])),
                    ("Retired", moment(form["retired_at"])),
                ]
            ),
            *acts,
            *_questions(form, href if draft else None),
            *end,
        ],
        heading=f"{form['title']}, version {form['version']}",
        back=("Back to the form", f"{HERE}/{form['kind']}"),
    )


def _questions(form: Mapping[str, Any], href: str | None) -> list[Section]:
    rows: Rows = [
        [
            Cell(each["label"], f"{href}/questions/{each['name']}") if href else each["label"],
            _TYPES.get(each["type"], sentence(each["type"])),
            "From the family’s record" if each["source"] != "answer" else "Typed",
            "Yes" if each["required"] else ("Sometimes" if each["required_when"] else "No"),
            "; ".join(map(category, in_order(each["categories"]))),
        ]
        for each in form["fields"]
    ]
    return [
        Table(
            "What is asked",
            ("Question", "Answer", "Comes from", "Must be answered", "Reveals"),
            rows,
            "Nothing is asked yet.",
            heading="What is asked",
        )
    ]


def draft_of(form: Mapping[str, Any] | None, kind: str) -> dict[str, Any]:
    """What a new version begins with: what is in use, or one question."""
    if form is not None:
        return body_of(form)
    question = {
        "name": "what_is_needed", "label": "What is needed?", "help": "In a few sentences.", "type": "long_text",
        "required": True, "categories": ["needs"],
    }  # fmt: skip
    return {
        "title": service_kind(kind),
        "required_categories": ["needs"],
        "useful_categories": [],
        "fields": [question],
    }


def body_of(form: Mapping[str, Any]) -> dict[str, Any]:
    """A version as it is sent: what is read of it and can be written."""
    fields = [{name: each[name] for name in _OF_FIELD if each.get(name) is not None} for each in form["fields"]]
    return {**{name: form[name] for name in _SENT}, "fields": fields}


def question_typed(question: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the form of one question begins with."""
    found = {name: [str(question[name])] for name in ("label", "help", "type")}
    found["choices"] = ["\n".join(each["label"] for each in question["choices"])]
    found["required"] = ["yes" if question["required"] else "no"]
    found["categories"] = list(question["categories"])
    return found | {name: [str(question[name])] for name in ("minimum", "maximum") if question.get(name) is not None}


def with_question(body: Mapping[str, Any], name: str | None, given: Mapping[str, Any]) -> tuple[dict[str, Any], Errors]:
    """The version with a question added or changed; its name and the codes of its answers stay what they were."""
    known = next((each for each in body["fields"] if each["name"] == name), None)
    choices = _choices(given["choices"], (known or {}).get("choices", ()))
    if given["type"] in {"choice", "choices"} and len(choices) < 2:
        return dict(body), [("choices", "Enter at least two answers to choose from")]
    wanted = {key: given[key] for key in ("label", "help", "type", "categories")}
    wanted["required"] = bool(given["required"])
    wanted["choices"] = choices if given["type"] in {"choice", "choices"} else []
    for bound in ("minimum", "maximum"):
        if given[bound] is not None and given["type"] == "number":
            wanted[bound] = given[bound]
    fields = [dict(each) for each in body["fields"]]
    if known is None:
        taken = {each["name"] for each in fields}
        fields.append({"name": code_of(given["label"], taken), **wanted})
    else:
        rest = {key: each for key, each in known.items() if key not in {"minimum", "maximum", "choices"}}
        fields[fields.index(known)] = {**rest, **wanted}
    return {**body, "fields": fields, **_listed(body, wanted["categories"])}, []


def _listed(body: Mapping[str, Any], revealed: Sequence[str]) -> dict[str, Any]:
    """Every category of a question stands in one of both lists; a new one is useful until somebody says it must be."""
    known = {*body["required_categories"], *body["useful_categories"]}
    return {"useful_categories": [*body["useful_categories"], *(each for each in revealed if each not in known)]}


def without_question(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The version without a question; categories that nothing reveals any more leave both lists."""
    fields = [each for each in body["fields"] if each["name"] != name]
    revealed = {category for each in fields for category in each["categories"]}
    lists = {
        each: [one for one in body[each] if one in revealed] for each in ("required_categories", "useful_categories")
    }
    return {**body, "fields": fields, **lists}


def _choices(labels: Sequence[str], before: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    codes = {each["label"]: each["code"] for each in before}
    taken: set[str] = set(codes.values())
    made = []
    for label in labels:
        code = codes.get(label) or code_of(label, taken)
        taken.add(code)
        made.append({"code": code, "label": label})
    return made


def code_of(label: str, taken: set[str]) -> str:
    """A code from words, that nothing else has."""
    base = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:40].lstrip("0123456789_") or "question"
    code, number = base, 2
    while code in taken:
        code, number = f"{base}_{number}", number + 1
    return code


def form_errors(problem: Refused, body: Mapping[str, Any]) -> Errors:
    """What is wrong with a version, each told by the question it is about."""
    errors = errors_of(problem, HEAD_FIELDS)
    told: Errors = []
    for (field, message), each in zip(errors, [*problem.errors, None][: len(errors)], strict=False):
        parts = each.pointer.split("/") if each is not None else []
        about = ""
        if len(parts) > 2 and parts[1] == "fields" and parts[2].isdecimal() and int(parts[2]) < len(body["fields"]):
            about = f"{body['fields'][int(parts[2])]['label']}: "
        told.append((field, about + message))
    return told
