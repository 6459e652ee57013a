"""An agreement's draft as a guided form: its steps, what was typed in each, and where a finding belongs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Protocol

from connective.frontend.domain import sharing_words as say
from connective.frontend.domain.agreements import plain
from connective.frontend.domain.fields import Errors, Field, read, typed_from

Terms = dict[str, Any]
Typed = dict[str, list[str]]


class Fields(Protocol):
    """What was typed into a form."""

    @property
    def fields(self) -> Typed:
        """Every value of each field."""

    def one(self, name: str) -> str:
        """A field as typed."""

    def many(self, name: str) -> list[str]:
        """Every value of a field."""


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the form."""

    key: str
    title: str
    lines: tuple[str, ...] = ()
    """The names of the terms that it asks for as one line or box each."""
    dates: tuple[str, ...] = ()
    many: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    """Which terms' findings stand here."""


STEPS = (
    Step("about", "What it is for", ("title", "summary", "necessity", "people_covered"),
         terms=("title", "summary", "necessity", "people_covered")),
    Step("parties", "Who is bound by it", terms=("parties",)),
    Step("flows", "What is shared, from whom to whom", terms=("flows",)),
    Step("bases", "On which basis", terms=("bases",)),
    Step("limits", "Limits and security", ("onward_sharing", "security"), many=("prohibited_uses",),
         terms=("prohibited_uses", "onward_sharing", "security")),
    Step("retention", "How long it is kept", terms=("retention",)),
    Step("assessment", "Impact assessment", terms=("dpia",)),
    Step("contacts", "Who answers people",
         ("rights_contact", "complaints_contact", "breach_contact", "privacy_notice"),
         terms=("rights_contact", "complaints_contact", "breach_contact", "privacy_notice")),
    Step("dates", "When it starts, is reviewed and ends", ("at_end",), ("starts_on", "review_on", "ends_on"),
         terms=("starts_on", "review_on", "ends_on", "at_end")),
    Step("audit", "Audit and memorandum", ("memorandum_id",), many=("audit_entity_ids",),
         terms=("audit_entity_ids", "memorandum_id")),
)  # fmt: skip
_ABOUT_BASES = frozenset(
    {
        "basis_missing",
        "article_9_condition_missing",
        "article_10_condition_missing",
        "schedule_1_paragraph_missing",
    }
)
"""Findings that point at a flow, but are put right where the basis is given."""
_DPIA_LINES = ("reference", "outcome")
_DPIA_DATES = ("approved_on", "review_due_on")
_BASIS_LINES = (
    "article_6",
    "legal_power",
    "article_9",
    "article_10",
    "schedule_1_paragraph",
    "policy_document",
    "confidentiality_basis",
)
YEARS = 3
"""How long an agreement runs unless somebody says otherwise, as the templates do."""


def step(key: str) -> Step | None:
    """A step by its key."""
    return next((each for each in STEPS if each.key == key), None)


def after(key: str) -> Step | None:
    """The step that follows; None after the last."""
    keys = [each.key for each in STEPS]
    return dict(zip(keys, STEPS[1:], strict=False)).get(key)


def read_new(form: Fields) -> tuple[Terms, Errors]:
    """What a draft begins from, and what is wrong with it."""
    wanted = (
        ("template", "Choose what to start from"),
        ("reference", "Enter a reference, for example DSA 2026/14"),
        ("referrer_id", "Choose who asks for help"),
        ("provider_id", "Choose who gives it"),
    )
    errors = [(name, words) for name, words in wanted if not form.one(name)]
    body: Terms = {name: form.one(name) for name in ("reference", "referrer_id", "provider_id")}
    if body["referrer_id"] and body["referrer_id"] == body["provider_id"]:
        errors.append(("provider_id", "Choose two different parties"))
    dates, wrong = read_dates(("starts_on",), form)
    return body | dates, errors + wrong


def blank_terms(party_ids: Iterable[str], first_day: str) -> Terms:
    """The terms of a draft that no template began: empty words, and the days that are usual."""
    starts_on = date.fromisoformat(first_day)
    ends_on = _years_on(starts_on, YEARS) - timedelta(days=1)
    return {
        "title": "", "summary": "", "bases": [], "flows": [], "people_covered": "everyone", "necessity": "",
        "parties": [{"legal_entity_id": each, "role": "controller"} for each in party_ids],
        "prohibited_uses": [each for each in say.PROHIBITED if each != "research"], "onward_sharing": "",
        "security": "", "retention": [], "rights_contact": "", "complaints_contact": "", "breach_contact": "",
        "dpia": None, "audit_entity_ids": [], "starts_on": str(starts_on),
        "review_on": str(_years_on(starts_on, 1) - timedelta(days=1)), "ends_on": str(ends_on), "at_end": "delete",
        "privacy_notice": "", "memorandum_id": None,
    }  # fmt: skip


def _years_on(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=28 if (day.month, day.day) == (2, 29) else day.day)


def typed_of(key: str, terms: Mapping[str, Any]) -> Typed:
    """What a step's fields hold before anybody types: the draft as it stands."""
    found = step(key)
    assert found is not None  # noqa: S101 - the page looked it up
    if key == "parties":
        return _typed_parties(terms["parties"])
    if key == "retention":
        return {f"kept-{code}": [each["rule"]] for each in terms["retention"] for code in each["categories"]}
    if key == "assessment":
        return _typed_assessment(terms["dpia"])
    typed = {name: [terms[name] or ""] for name in found.lines}
    typed |= {name: list(terms[name]) for name in found.many}
    return typed | _typed_dates(terms, found.dates)


def _typed_dates(terms: Mapping[str, Any], names: Iterable[str]) -> Typed:
    return typed_from(_days(names), terms)


def _typed_parties(parties: Iterable[Mapping[str, Any]]) -> Typed:
    typed: Typed = {"party": []}
    for party in parties:
        entity_id = party["legal_entity_id"]
        typed["party"].append(entity_id)
        typed[f"role-{entity_id}"] = [party["role"]]
        typed[f"late-{entity_id}"] = ["yes"] if party["joins_late"] else []
        typed[f"without-{entity_id}"] = list(party["excluded_organisation_ids"])
    return typed


def _typed_assessment(dpia: Mapping[str, Any] | None) -> Typed:
    if dpia is None:
        return {"there": ["no"]}
    return {"there": ["yes"], **{name: [dpia[name]] for name in _DPIA_LINES}, **_typed_dates(dpia, _DPIA_DATES)}


def changed(key: str, terms: Terms, form: Fields) -> tuple[Terms, Errors]:
    """The draft with what was typed into one step, and what is wrong with it."""
    found = step(key)
    assert found is not None  # noqa: S101 - the page looked it up
    if key == "parties":
        return terms | {"parties": _read_parties(terms["parties"], form)}, []
    if key == "retention":
        return terms | {"retention": read_retention(shared_categories(terms), form)}, []
    if key == "assessment":
        return _read_assessment(terms, form)
    dates, errors = read_dates(found.dates, form)
    lines: Terms = {name: form.one(name) for name in found.lines}
    if "memorandum_id" in lines:
        lines["memorandum_id"] = lines["memorandum_id"] or None
    return terms | lines | {name: form.many(name) for name in found.many} | dates, errors


def read_dates(names: Iterable[str], form: Fields, *, optional: bool = False) -> tuple[Terms, Errors]:
    """Dates as typed, and what is wrong with them; None for one that is left open where it may be."""
    return read([replace(each, required="") if optional else each for each in _days(names)], form.fields)


def _days(names: Iterable[str]) -> list[Field]:
    return [Field(name=name, label="", kind="date", required="Enter a date") for name in names]


def _read_parties(before: Iterable[Mapping[str, Any]], form: Fields) -> list[Terms]:
    """The parties that are ticked; those that were parties already keep their order."""
    ticked = form.many("party")
    known = [each["legal_entity_id"] for each in before if each["legal_entity_id"] in ticked]
    return [
        {
            "legal_entity_id": each,
            "role": form.one(f"role-{each}") or "controller",
            "joins_late": bool(form.many(f"late-{each}")),
            "excluded_organisation_ids": form.many(f"without-{each}"),
        }
        for each in [*known, *(each for each in ticked if each not in known)]
    ]


def _read_assessment(terms: Terms, form: Fields) -> tuple[Terms, Errors]:
    if form.one("there") != "yes":
        return terms | {"dpia": None}, [] if form.one("there") else [("there", "Say whether there is one")]
    dates, errors = read_dates(_DPIA_DATES, form)
    return terms | {"dpia": {name: form.one(name) for name in _DPIA_LINES} | dates}, errors


def shared_categories(terms: Mapping[str, Any]) -> list[str]:
    """Every category that a flow shares, in the order of the glossary."""
    shared = {code for flow in terms["flows"] for code in flow["categories"]}
    return [code for code in say.CATEGORIES if code in shared]


def read_retention(codes: Iterable[str], form: Fields) -> list[Terms]:
    """One rule for all the categories that are kept equally long."""
    rules: dict[str, list[str]] = {}
    for code in codes:
        if rule := form.one(f"kept-{code}"):
            rules.setdefault(rule, []).append(code)
    return [{"categories": found, "rule": rule} for rule, found in rules.items()]


def typed_flow(flow: Mapping[str, Any]) -> Typed:
    """What the page of one flow holds before anybody types."""
    one = {name: [flow[name]] for name in ("from_entity_id", "to_entity_id", "purpose")}
    return one | {name: list(flow[name]) for name in ("categories", "methods")}


def read_flow(form: Fields) -> tuple[Terms, Errors]:
    """One flow as typed, and what is wrong with it."""
    flow: Terms = {name: form.one(name) for name in ("from_entity_id", "to_entity_id", "purpose")}
    flow |= {name: form.many(name) for name in ("categories", "methods")}
    wanted = (
        ("from_entity_id", "Choose who shares"),
        ("to_entity_id", "Choose who receives"),
        ("purpose", "Choose what it is for"),
        ("categories", "Choose what is shared"),
        ("methods", "Choose how it is shared"),
    )
    errors = [(name, words) for name, words in wanted if not flow[name]]
    if flow["from_entity_id"] and flow["from_entity_id"] == flow["to_entity_id"]:
        errors.append(("to_entity_id", "Choose two different parties: within one there is nothing to agree"))
    return flow, errors


def with_flow(terms: Terms, place: int | None, flow: Terms | None) -> Terms:
    """The draft with one flow added, changed or, where it is None, taken out."""
    flows = list(terms["flows"])
    if place is None:
        return terms | {"flows": [*flows, flow]}
    flows[place : place + 1] = [flow] if flow else []
    return terms | {"flows": flows}


def has_flow(terms: Terms, flow: Terms) -> bool:
    """Whether the draft has this very flow already."""

    def unordered(one: Mapping[str, Any]) -> dict[str, Any]:
        return {name: sorted(value) if isinstance(value, list) else value for name, value in one.items()}

    return unordered(flow) in [unordered(each) for each in terms["flows"]]


def without(key: str, terms: Terms, line: str) -> Terms:
    """The draft without one flow, by its place, or one basis, by its party and purpose."""
    if key == "flows":
        known = line.isdecimal() and int(line) < len(terms["flows"])
        return with_flow(terms, int(line), None) if known else terms
    entity_id, _, purpose = line.partition("/")
    return with_basis(terms, entity_id, purpose, None)[0]


@dataclass(frozen=True, slots=True)
class WantedBasis:
    """A basis that some flow needs, or that is given though none does."""

    entity_id: str
    purpose: str
    given: Mapping[str, Any] | None
    needed: bool
    special: list[str]
    """The specially protected categories that it must carry, in few words."""
    offence: bool


def wanted_bases(terms: Mapping[str, Any]) -> list[WantedBasis]:
    """For each party and purpose of a flow the basis, given or not; then those that no flow needs."""
    carried: dict[tuple[str, str], set[str]] = {}
    for flow in terms["flows"]:
        for end in (flow["from_entity_id"], flow["to_entity_id"]):
            carried.setdefault((end, flow["purpose"]), set()).update(flow["categories"])
    given = {(each["legal_entity_id"], each["purpose"]): each for each in terms["bases"]}
    return [
        WantedBasis(
            entity_id,
            purpose,
            given.get((entity_id, purpose)),
            (entity_id, purpose) in carried,
            say.categories(carried.get((entity_id, purpose), set()) & say.SPECIAL),
            bool(carried.get((entity_id, purpose), set()) & say.OFFENCE),
        )
        for entity_id, purpose in [*carried, *(each for each in given if each not in carried)]
    ]


def typed_basis(basis: Mapping[str, Any] | None) -> Typed:
    """What the page of one basis holds before anybody types."""
    return {name: [basis[name] or ""] for name in _BASIS_LINES} if basis else {}


def with_basis(terms: Terms, entity_id: str, purpose: str, form: Fields | None) -> tuple[Terms, Errors]:
    """The draft with what one party relies on for one purpose; taken out where there is no form."""
    bases = [each for each in terms["bases"] if (each["legal_entity_id"], each["purpose"]) != (entity_id, purpose)]
    if form is None:
        return terms | {"bases": bases}, []
    basis: Terms = {"legal_entity_id": entity_id, "purpose": purpose}
    basis |= {name: form.one(name) for name in _BASIS_LINES}
    basis["article_9"] = basis["article_9"] or None
    errors = [] if basis["article_6"] else [("article_6", "Choose a lawful basis")]
    return terms | {"bases": [*bases, basis]}, errors


def step_of(finding: Mapping[str, Any]) -> Step:
    """The step in which a finding is put right."""
    if finding["code"] in _ABOUT_BASES:
        return STEPS[3]
    name = finding["pointer"].strip("/").partition("/")[0]
    return next((each for each in STEPS if name in each.terms), STEPS[0])


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One step in the list of steps."""

    key: str
    title: str
    status: str
    tag: str | None
    sentences: list[tuple[bool, str]]


def tasks(version: Mapping[str, Any]) -> list[TaskLine]:
    """The steps, each with what an officer would say of it."""
    said: dict[str, list[tuple[bool, str]]] = {}
    for finding in version["findings"]:
        words = plain(finding["sentence"])
        said.setdefault(step_of(finding).key, []).append((finding["weight"] == "stops", words))
    return [_task(each, said.get(each.key, [])) for each in STEPS]


def _task(one: Step, sentences: list[tuple[bool, str]]) -> TaskLine:
    stops = sum(stop for stop, _ in sentences)
    if stops:
        return TaskLine(one.key, one.title, "To do" if stops == 1 else f"{stops} things to do", "blue", sentences)
    if sentences:
        return TaskLine(one.key, one.title, "Done, with a warning", None, sentences)
    return TaskLine(one.key, one.title, "Done", None, sentences)
