"""What each page of a referral says and takes: the safeguarding question, needs, each service's part, and the body."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from connective.contracts.needs import needs_list
from connective.frontend.domain.fields import Errors, Field, one, read
from connective.frontend.domain.form_fields import Asked, answers_of, asked_of, shared_of
from connective.frontend.domain.referral_draft import Draft, Helped, Needed, Raw
from connective.frontend.domain.words import LONDON, SEVERITY, category, in_order, inline, need

SEVERITIES = tuple((number, called) for number, called in SEVERITY.items() if number)
CHECKS = ("no_concern", "already_reported", "reporting_now")
REPORTED = (
    Field(name="reported_to", label="Whom did you tell?", required="Enter whom you told",
          hint="The team or its name, such as the front door. Do not write here what you told them."),
    Field(name="reported", label="On which day?", kind="date", required="Enter the day on which you reported it",
          past=True),
    Field(name="reference", label="Their reference, or who took the call",
          required="Enter the reference, or who took the call"),
)  # fmt: skip
"""What is asked of a concern that was reported already."""
BY_DAY = Field(name="by", label="By which day?", kind="date", required="Enter the day by which it is needed")
_LONGEST_TEXT = 4000
_EVENING, _LAST = time(18), time(23, 59)
_HOURS_LEFT = timedelta(hours=2)


def safeguarding_check(raw: Raw, now: datetime) -> tuple[dict[str, Any], Errors]:
    """The answer that every referral begins with, as the API takes it; and what is missing of it."""
    answer = one(raw, "answer")
    if answer not in CHECKS:
        return {}, [("answer", "Say whether you are worried that somebody is being harmed")]
    if answer != "already_reported":
        return {"answer": answer}, []
    today = now.astimezone(LONDON).date()
    told, errors = read(REPORTED, raw, today)
    day = told.pop("reported", None)
    on = date.fromisoformat(day) if day else today
    # The page asks for a day: midday stands for it, or for today its beginning, which has certainly passed.
    at = datetime.combine(on, time(12) if on < today else time(0), LONDON)
    return {"answer": answer, **told, "reported_at": at.isoformat() if day else None}, errors


@dataclass(frozen=True, slots=True)
class Offered:
    """A recorded need, to be chosen or not."""

    value: str
    who: str
    what: str
    severity: str
    chosen: bool


def offered(records: Iterable[Mapping[str, Any]], draft: Draft, chosen: Sequence[str] | None) -> list[Offered]:
    """What is recorded of this family now; all of it is chosen until somebody says otherwise."""
    picked = set(chosen) if chosen is not None else {each.value for each in draft.needs}
    rows = []
    for each in records:
        person = draft.person(each["person_id"])
        if each["until"] or person is None:
            continue
        asked = Needed(each["person_id"], each["code"], each["severity"])
        everything = chosen is None and not draft.needs
        rows.append(
            Offered(
                asked.value,
                person.name,
                need(each["code"]),
                SEVERITY[each["severity"]],
                everything or asked.value in picked,
            )
        )
    return rows


def needs_of(values: Iterable[str], draft: Draft) -> tuple[Needed, ...]:
    """The needs that were ticked; what is no need of somebody of this family is left out."""
    found = []
    for value in values:
        person_id, _, rest = value.partition(" ")
        code, _, severity = rest.partition(" ")
        if draft.person(person_id) and code in needs_list().needs and severity in {"0", "1", "2", "3", "4"}:
            found.append(Needed(person_id, code, int(severity)))
    return tuple(dict.fromkeys(found))


def need_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every need of the list, under its headline."""
    known = needs_list()
    by_headline = groupby(known.needs.values(), key=lambda each: each.headline)
    return [
        (known.headlines[headline], [(each.code, need(each.code)) for each in group]) for headline, group in by_headline
    ]


def new_need(raw: Raw, draft: Draft) -> tuple[dict[str, Any], Errors]:
    """A need that is to be recorded, as the API takes it; and what is wrong with what was typed."""
    errors: Errors = []
    if draft.person(one(raw, "person")) is None:
        errors.append(("person", "Choose whose need it is"))
    if one(raw, "code") not in needs_list().needs:
        errors.append(("code", "Choose a need from the list"))
    if one(raw, "severity") not in {str(number) for number, _ in SEVERITIES}:
        errors.append(("severity", "Choose how severe it is"))
    if errors:
        return {}, errors
    source = "family" if one(raw, "source") == "family" else "worker"
    return {"code": one(raw, "code"), "severity": int(one(raw, "severity")), "source": source}, []


@dataclass(frozen=True, slots=True)
class Chosen:
    """A service that will be asked, with its form."""

    service: Mapping[str, Any]
    form: Mapping[str, Any]
    fields: tuple[Asked, ...]
    """What this form asks and no other: what others ask too is asked once for all."""

    @property
    def id(self) -> str:
        """The service's id."""
        return str(self.service["id"])


def chosen_of(
    services: Sequence[Mapping[str, Any]], forms: Mapping[str, Mapping[str, Any]]
) -> tuple[list[Chosen], list[Asked]]:
    """Each service with what only it is asked, and the questions that are asked once for all of them."""
    shared = shared_of(forms[each["kind"]] for each in services)
    same = {each.same for each in shared}
    chosen = [
        Chosen(each, forms[each["kind"]], tuple(f for f in asked_of(forms[each["kind"]]) if f.same not in same))
        for each in services
    ]
    return chosen, shared


def contact_errors(raw: Raw, draft: Draft) -> Errors:
    """What is wrong with whom the services are to speak to."""
    return [] if draft.person(one(raw, "contact")) else [("contact", "Choose whom the services should speak to")]


def contacts(draft: Draft) -> list[Helped]:
    """Whom a service may speak to: the adults, and young people of 16 or 17."""
    grown = [each for each in draft.people if not each.child or (each.years or 0) >= 16]
    return grown or list(draft.people)


def usual_contact(draft: Draft) -> str:
    """Who is offered first: the adult with most of the needs."""
    adults = [each.id for each in contacts(draft)]
    counted = {each: sum(asked.person_id == each for asked in draft.needs) for each in adults}
    return max(adults, key=lambda each: counted[each], default="")


def usual_subjects(draft: Draft, chosen: Chosen) -> list[str]:
    """For whom a service is asked, until somebody says otherwise: whoever has a need that it answers."""
    answers = set(chosen.service["needs"])
    found = list(dict.fromkeys(each.person_id for each in draft.needs if each.code in answers))
    return found[:1] if chosen.form["one_subject"] else found


def wanted_by(raw: Raw, now: datetime) -> tuple[datetime | None, Errors]:
    """By when the help is needed: no day, today, or a day by its end of work."""
    local = now.astimezone(LONDON)
    if one(raw, "by") == "today":
        return today_until(now), []
    if one(raw, "by") != "date":
        return None, []
    found, errors = read([BY_DAY], raw)
    if errors:
        return None, errors
    day = date.fromisoformat(found["by"])
    if day < local.date():
        return None, [("by-day", "The day by which it is needed must not have passed")]
    return (datetime.combine(day, _EVENING, LONDON) if day > local.date() else today_until(now)), []


def today_until(now: datetime) -> datetime:
    """What "today" means: six in the evening, or midnight where that is near."""
    local = now.astimezone(LONDON)
    evening = datetime.combine(local.date(), _EVENING, LONDON)
    return evening if local + _HOURS_LEFT < evening else datetime.combine(local.date(), _LAST, LONDON)


def text_categories(chosen: Chosen) -> list[tuple[str, str]]:
    """What words about a family may tell of: what the form's service may be told at all."""
    every = in_order({*chosen.form["required_categories"], *chosen.form["useful_categories"]})
    return [(code, category(code)) for code in every]


def ask_errors(raw: Raw, chosen: Chosen, draft: Draft, now: datetime) -> Errors:
    """What is wrong with what one service is asked."""
    errors: Errors = []
    subjects = _subjects(raw, draft)
    if not subjects:
        errors.append(("subjects", "Choose whom this is for"))
    elif chosen.form["one_subject"] and len(subjects) > 1:
        errors.append(("subjects", "Choose one person: this service takes one request for each"))
    errors += answers_of(chosen.fields, raw)[1]
    errors += wanted_by(raw, now)[1]
    text = one(raw, "text")
    if len(text) > _LONGEST_TEXT:
        errors.append(("text", f"Use at most {_LONGEST_TEXT} characters"))
    if text and not _text_categories(raw, chosen):
        errors.append(("text_categories", "Say what your words tell of, so that nobody sees more than they may"))
    return errors


def _subjects(raw: Raw, draft: Draft) -> list[str]:
    return [each for each in dict.fromkeys(raw.get("subjects", [])) if draft.person(each)]


def _text_categories(raw: Raw, chosen: Chosen) -> list[str]:
    ticked = set(raw.get("text_categories", []))
    return [code for code, _ in text_categories(chosen) if code in ticked]


def _answers(chosen: Chosen, draft: Draft, shared: Sequence[Asked]) -> dict[str, Any]:
    own = {each.same for each in asked_of(chosen.form)}
    once, _ = answers_of([each for each in shared if each.same in own], draft.shared)
    return once | answers_of(chosen.fields, draft.asks[chosen.id])[0]


def _needs(chosen: Chosen, draft: Draft, people: set[str]) -> list[Needed]:
    """The needs that this service answers, of those it is asked about; of any other it is told nothing."""
    answers = set(chosen.service["needs"])
    return [each for each in draft.needs if each.person_id in people and each.code in answers]


def body_of(draft: Draft, chosen: Sequence[Chosen], shared: Sequence[Asked], now: datetime) -> dict[str, Any]:
    """The whole referral, as the API takes it."""
    check, _ = safeguarding_check(draft.check, now)
    return {"safeguarding_check": check, **asked_of_all(draft, chosen, shared, now)}


def asked_of_all(draft: Draft, chosen: Sequence[Chosen], shared: Sequence[Asked], now: datetime) -> dict[str, Any]:
    """What would be asked of whom, for a look at who will see what."""
    return {"family_id": draft.family_id, "requests": [_request(each, draft, shared, now) for each in chosen]}


def _request(chosen: Chosen, draft: Draft, shared: Sequence[Asked], now: datetime) -> dict[str, Any]:
    raw = draft.asks[chosen.id]
    subjects, contact = _subjects(raw, draft), one(draft.shared, "contact")
    body: dict[str, Any] = {
        "service_id": chosen.id,
        "subjects": subjects,
        "contact_person_id": contact,
        "needs": [
            {"person_id": each.person_id, "code": each.code, "severity": each.severity}
            for each in _needs(chosen, draft, {*subjects, contact})
        ],
        "answers": _answers(chosen, draft, shared),
    }
    needed_by, _ = wanted_by(raw, now)
    if needed_by is not None:
        body["needed_by"] = needed_by.isoformat()
    if one(raw, "text"):
        body["free_text"] = {"text": one(raw, "text"), "categories": _text_categories(raw, chosen)}
    return body


def by_words(raw: Raw, now: datetime) -> str:
    """By when, in words."""
    needed_by, _ = wanted_by(raw, now)
    if needed_by is None:
        return ""
    if needed_by.date() == now.astimezone(LONDON).date():
        return "today"
    return f"{needed_by.day} {needed_by:%B %Y}"


def refused_fields(errors: Iterable[Any], chosen: Sequence[Chosen]) -> list[tuple[str, str, str]]:
    """What the API refused, as (service's id, its name, sentence); an error of no service has no id."""
    told = []
    for each in errors:
        parts = each.pointer.split("/")
        found = chosen[int(parts[2])] if len(parts) > 2 and parts[1] == "requests" and parts[2].isdigit() else None
        told.append((found.id if found else "", found.service["name"] if found else "", each.detail))
    return told


def summary_of_needs(draft: Draft) -> str:
    """The needs in one line, by person."""
    people = [each for each in draft.people if any(asked.person_id == each.id for asked in draft.needs)]
    return "; ".join(
        f"{each.name}: {', '.join(inline(need(asked.code)) for asked in draft.needs if asked.person_id == each.id)}"
        for each in people
    )
