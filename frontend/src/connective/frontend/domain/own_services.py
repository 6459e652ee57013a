"""An organisation's own services: what they are, how much room each has, and what was reported wrong about them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from connective.contracts.distances import in_miles
from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import Errors, Field, Typed, one, read
from connective.frontend.domain.hours import week
from connective.frontend.domain.own_prices import Contact, contacts_of, prices
from connective.frontend.domain.service_choice import reach_words
from connective.frontend.domain.sheets import Act, Acts, Cell, Facts, Link, Links, Section, Sheet, Table, comma, tag
from connective.frontend.domain.words import (
    LONDON,
    came_from,
    count,
    day,
    need,
    sentence,
    service_kind,
    since,
    telephone,
)

STATUSES = (
    ("active", "Open"),
    ("inactive", "Not open to anybody now"),
    ("temporarily closed", "Closed for a while"),
    ("defunct", "Ended for good"),
)
_STATUS_TAGS = {"active": "green", "inactive": "grey", "temporarily closed": "yellow", "defunct": "red"}
WRONG = {
    "address": "The address", "ages": "The ages", "area": "The area", "contact": "How to get in touch",
    "cost": "What it costs", "hours": "The opening hours", "not_there": "It is not there any more",
    "other": "Something else", "room": "How much room it has",
}  # fmt: skip
ANSWERS = (
    ("corrected", "We have put it right"),
    ("nothing_wrong", "Nothing is wrong"),
    ("withdrawn", "The service has ended: we took it out"),
)
_NAMES = dict(ANSWERS)
STALE_DAYS = 28
"""After so many days a figure of room counts as not known (the directory's own rule)."""
MOST_ROWS = 12
NEW_ROWS = 1

ANSWER_FIELDS = (
    Field(
        name="answer",
        label="What came of it?",
        kind="choice",
        required="Say what came of it",
        options=ANSWERS,
    ),
    Field(
        name="words",
        label="Anything to add",
        kind="long",
        rows=3,
        hint="Whoever reported it reads this. Nothing about a family.",
    ),
)


def services_sheet(services: Part, *, may_write: bool, now: datetime) -> Sheet:
    """The list, with the way to tell room on each line."""
    links: list[Section] = (
        [Links([Link("Add a service", "/organisation/services/new", "primary")])] if may_write else []
    )
    return Sheet(
        "Our services",
        [*links, rooms_table(services, may_write=may_write, now=now)],
        back=("Back to your organisation", "/organisation") if may_write else None,
    )


def rooms_table(services: Part, *, may_write: bool, now: datetime, heading: str = "") -> Table:
    """Each service with its room: one click leads to the figure, a second keeps it."""
    columns = ["Service", "Free now", "Told", "State", *([""] if may_write else [])]
    rows = []
    for each in services.items:
        row: list[Cell | str] = [
            Cell(each["name"], f"/organisation/services/{each['id']}"),
            room_words(each["capacities"]) or "Not told",
            told_when(each["capacities"], now),
            state_tag(each["status"]),
        ]
        if may_write:
            row.append(Cell("Update room", f"/organisation/services/{each['id']}/room", hidden=f"of {each['name']}"))
        rows.append(row)
    return Table(
        "Your services, and how much room each has",
        columns,
        rows,
        "Your organisation has no service in the directory yet.",
        heading=heading,
        part=services,
        what="your services",
        anchor="rooms",
    )


def state_tag(status: str) -> Cell:
    """Whether a service is open."""
    return tag(dict(STATUSES).get(status, sentence(status)), _STATUS_TAGS.get(status, "grey"))


def room_words(rows: Sequence[Mapping[str, Any]]) -> str:
    """How much is free, row by row: "7 of 20 families; 2 places for children under 5"."""
    return "; ".join(_row_words(each) for each in rows)


def _row_words(row: Mapping[str, Any]) -> str:
    number = str(row["available"]) + (f" of {row['maximum']}" if row["maximum"] is not None else "")
    whom = f" for {row['audience']}" if row["audience"] else ""
    weeks = f", about {count(row['waiting_weeks'], 'week')} to wait" if row["waiting_weeks"] else ""
    return f"{number} {row['unit']}{whom}{weeks}"


def told_when(rows: Sequence[Mapping[str, Any]], now: datetime) -> Cell | str:
    """When room was last told; a figure that counts no more says so."""
    if not rows:
        return "Never"
    at = max(each["as_of"] for each in rows)
    old = (now - datetime.fromisoformat(at)).days > STALE_DAYS
    return tag(f"{sentence(since(at, now))}: tell it again", "yellow") if old else sentence(since(at, now))


def service_sheet(service: Mapping[str, Any], *, may_write: bool, now: datetime) -> Sheet:
    """One service as its own people see it."""
    href = f"/organisation/services/{service['id']}"
    kept_until, today = service["assured_until"], now.astimezone(LONDON).date()
    ages = [service["minimum_age"], service["maximum_age"]]
    facts = Facts(
        [
            ("Open", state_tag(service["status"])),
            ("Just now", service["alert"] or ""),
            ("Kind", service_kind(service["kind"])),
            ("Requests", "Can be sent to it here" if service["takes_requests"] else "Cannot be sent to it here"),
            ("What it does", service["description"] or ""),
            ("Who it is for", service["eligibility"] or ""),
            ("Ages", _ages(*ages)),
            ("Needs", comma(need(each) for each in service["needs"])),
            ("Telephone", telephone(service["telephone"] or "")),
            ("Email", service["email"] or ""),
            ("Web page", service["url"] or ""),
            ("How to ask for it", service["how_to_refer"] or ""),
            ("What it costs", "\n".join([*prices(service["costs"], today, all_of_them=True), service["fees"] or ""])),
            ("Who answers questions", "\n".join(_contact(each) for each in contacts_of(service["contacts"]))),
            ("Where", "\n".join(_place(each) for each in service["locations"])),
            ("Open at", "\n".join(": ".join(filter(None, line)) for line in week(service["schedules"]))),
            ("Area", comma(_area(each) for each in service["areas"])),
            ("Languages", comma(each["name"] or each["code"] for each in service["languages"])),
            ("How it helps", reach_words(service["reach"])),
            ("Interpreting", service["interpretation"] or ""),
            ("Acknowledges within", count(service["acknowledge_within_days"], "working day")),
            ("Decides within", count(service["decide_within_days"], "working day")),
            ("Checked", _checked(service["assured_on"], kept_until)),
            ("Came from", came_from(service["source"])),
        ]
    )
    acts: list[Section] = []
    if may_write:
        links = [
            Link("Update room", f"{href}/room", "primary"),
            Link("Change details", f"{href}/change", "secondary"),
            Link("Change places", f"{href}/places", "secondary"),
            Link("Change opening hours", f"{href}/hours", "secondary"),
            Link("Change prices", f"{href}/costs", "secondary"),
            Link("Change contacts", f"{href}/contacts", "secondary"),
        ]
        acts = [Links(links), Acts([Act("assure", "I have checked it: all of this is true today")])]
    return Sheet(
        "A service",
        [*acts[:1], _rooms(service, now), facts, *acts[1:], *_lapsed(service)],
        heading=service["name"],
        back=("Back to our services", "/organisation/services"),
    )


def _contact(contact: Contact) -> str:
    return contact.line if contact.published else f"{contact.line} (not shown to the public)"


def _rooms(service: Mapping[str, Any], now: datetime) -> Table:
    rows = [
        [each["unit"], each["audience"] or "Everybody", str(each["available"]), _or_dash(each["maximum"]),
         _or_dash(each["waiting_weeks"]), sentence(since(each["as_of"], now))]
        for each in service["capacities"]
    ]  # fmt: skip
    columns = ("What", "For whom", "Free now", "At the most", "Weeks to wait", "Told")
    empty = "Nobody has told how much room there is."
    return Table("How much room there is", columns, rows, empty, heading="Room", numbers=frozenset({2, 3, 4}))


def _or_dash(value: object) -> str:
    return "–" if value is None else str(value)


def _ages(youngest: int | None, oldest: int | None) -> str:
    if youngest is None and oldest is None:
        return ""
    if oldest is None:
        return f"{youngest} and over"
    return f"Up to {oldest}" if youngest is None else f"{youngest} to {oldest}"


def _place(location: Mapping[str, Any]) -> str:
    if location.get("withheld"):
        return "An address that is not told"
    return comma([location.get("name") or "", *location.get("address", ()), location.get("town") or "",
                  location.get("postcode") or ""])  # fmt: skip


def _area(each: Mapping[str, Any]) -> str:
    if each["kind"] == "radius":
        return f"within {in_miles(each['metres'] or 0)}"
    return "the whole district" if each["kind"] == "district" else each["code"] or ""


def _checked(on: str | None, until: str | None) -> str:
    return f"On {day(on)}; check it again by {day(until)}" if on and until else "Nobody has said that all of it is true"


def _lapsed(service: Mapping[str, Any]) -> list[Section]:
    if not service["lapsed"]:
        return []
    rows = [[each["sentence"], day(each["since"])] for each in service["lapsed"]]
    return [Table("What has lapsed", ("What", "Since"), rows, "", heading="Shown to whoever asks for it")]


def room_fields(number: int) -> list[Field]:
    """The questions of `number` rows of room. One row asks without a number; more are counted."""
    fields: list[Field] = []
    for at in range(number):
        which = f" ({at + 1})" if number > 1 else ""
        unit = Field(
            name=f"unit-{at}", label=f"What do you count?{which}", hint="For example families, parcels, places"
        )
        fields += [
            Field(name=f"available-{at}", label=f"How many are free now?{which}", kind="number"),
            unit,
            Field(name=f"audience-{at}", label=f"For whom?{which}", hint="Leave it empty where it is for everybody."),
            Field(name=f"maximum-{at}", label=f"How many at the most?{which}", kind="number"),
            Field(name=f"waiting_weeks-{at}", label=f"Weeks to wait{which}", kind="number"),
        ]
    return fields


def room_typed(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """What the form of room begins with: what was told last."""
    found: dict[str, list[str]] = {}
    for at, row in enumerate(rows):
        for name in ("available", "unit", "audience", "maximum", "waiting_weeks"):
            if row[name] is not None:
                found[f"{name}-{at}"] = [str(row[name])]
    return found


def room_body(typed: Typed, number: int) -> tuple[dict[str, Any], Errors]:
    """The rows as the API takes them; a row in which nothing is free or counted is left out, but not all of them."""
    found, errors = read(room_fields(number), typed)
    rows = []
    for at in range(number):
        if not any(one(typed, f"{name}-{at}") for name in ("available", "unit", "audience", "maximum")):
            continue
        if found.get(f"available-{at}") is None and not any(f == f"available-{at}" for f, _ in errors):
            errors.append((f"available-{at}", "Enter how many are free now: 0 where none are"))
            continue
        row = {name: found.get(f"{name}-{at}") for name in ("available", "audience", "maximum", "waiting_weeks")}
        rows.append({**row, "unit": found.get(f"unit-{at}") or "places"})
    if not rows and not errors:
        errors.append(("available-0", "Enter how many are free now: 0 where none are"))
    return {"rows": rows}, errors


def reports_sheet(reports: Part, services: Mapping[str, str]) -> Sheet:
    """What was reported wrong about the listings one answers for, the unanswered first."""
    listed = sorted(reports.items, key=lambda each: each["answer"] is not None)
    rows: list[list[Cell | str]] = []
    for each in listed:
        name = services.get(each["service_id"], "A service")
        rows.append(
            [
                Cell(name, f"/organisation/reports/{each['id']}") if each["answer"] is None else name,
                comma(WRONG.get(code, sentence(code)) for code in each["wrong"]),
                each["words"] or "",
                day(each["reported_at"]),
                _NAMES[each["answer"]] if each["answer"] else tag("Waits for your answer", "yellow"),
            ]
        )
    table = Table(
        "What was reported wrong",
        ("Service", "What is wrong", "In their words", "Reported on", "Answer"),
        rows,
        "Nobody has reported anything wrong.",
        part=reports,
        what="what was reported wrong",
    )
    return Sheet("Reported wrong", [table], back=("Back to your organisation", "/organisation"))
