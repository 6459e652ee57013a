"""A service as a worker reads it: what it is, for whom, when, where, what it costs, its room, and how to refer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connective.contracts.distances import in_miles
from connective.frontend.domain.hours import next_open, week
from connective.frontend.domain.own_prices import Contact, contacts_of, prices
from connective.frontend.domain.service_choice import ROOM, reach_words
from connective.frontend.domain.sessions import Person
from connective.frontend.domain.words import LONDON, count, day, inline, need, service_kind, since, telephone

REFERRING = "referrals:referral:write"
REPORTING = "partners:listing:report"
WRONG = (
    ("address", "Where it is"),
    ("hours", "When it is open"),
    ("contact", "Telephone, email or website"),
    ("ages", "Which ages it is for"),
    ("area", "Which area it serves"),
    ("cost", "What it costs"),
    ("room", "How many free places it has"),
    ("not_there", "It is not there any more"),
    ("other", "Something else"),
)
TOLD = (
    ("in_person", "Face to face"),
    ("telephone", "By telephone"),
    ("video", "In a video call"),
    ("written", "In writing"),
)
_AREA = {"outward_postcode": "{}", "district": "the whole district", "radius": "within {} of its door"}
_SUSPENDED = "Its organisation is suspended: nothing is sent to it for now."
_CLOSED = {
    "inactive": "It is not running now.",
    "defunct": "It has ended.",
    "temporarily closed": "It is closed for now.",
}


@dataclass(frozen=True, slots=True)
class Site:
    """One place at which it helps."""

    name: str
    address: str
    transport: str
    accessibility: list[str]


@dataclass(frozen=True, slots=True)
class ServicePage:
    """The page."""

    id: str
    name: str
    organisation: str
    kind: str
    description: str
    alert: str
    closed: str
    room: str
    room_tag: str
    places: list[str]
    facts: list[tuple[str, list[str]]]
    sites: list[Site]
    open_next: str
    week: list[tuple[str, str]]
    costs: list[str]
    contacts: list[Contact]
    lapsed: list[str]
    assured: str
    changed: str
    telephone: str
    email: str
    url: str
    how_else: str
    promises: list[str]
    takes_requests: bool
    sensitive: bool
    may_refer: bool
    may_report: bool


def service_page(service: Mapping[str, Any], person: Person, now: datetime) -> ServicePage:
    """Put the page together. What a listing does not say is left out, or said to be unknown where it matters."""
    room, tag = ROOM[service["room"]]
    hidden = service["sensitive"]
    return ServicePage(
        id=service["id"],
        name=service["name"],
        organisation=service["organisation_name"],
        kind=service_kind(service["kind"]),
        description=service["description"] or "",
        alert=service["alert"] or "",
        closed=_CLOSED.get(service["status"], "") if service["organisation_active"] else _SUSPENDED,
        room=room,
        room_tag=tag,
        places=[_places(each, now) for each in service["capacities"]],
        facts=[(label, lines) for label, lines in _facts(service) if lines],
        sites=[_site(each) for each in service["locations"] if not each["withheld"]],
        open_next="" if hidden else next_open(service["schedules"], now),
        week=week(service["schedules"]),
        costs=[*prices(service["costs"], now.astimezone(LONDON).date()), *_some(service["fees"])],
        contacts=contacts_of(service["contacts"]),
        lapsed=[each["sentence"] for each in service["lapsed"]],
        assured=_assured(service),
        changed=since(service["changed_at"], now),
        telephone=telephone(service["telephone"] or ""),
        email=service["email"] or "",
        url=service["url"] or "",
        how_else=service["how_to_refer"] or "",
        promises=_promises(service) if service["takes_requests"] else [],
        takes_requests=service["takes_requests"] and service["organisation_active"],
        sensitive=hidden,
        may_refer=person.may(REFERRING),
        may_report=person.may(REPORTING),
    )


def _facts(service: Mapping[str, Any]) -> Iterable[tuple[str, list[str]]]:
    yield "Helps with", [need(each) for each in service["needs"]]
    yield "Ages", _some(ages(service["minimum_age"], service["maximum_age"]))
    yield "Who can use it", _some(service["eligibility"])
    yield "Area", _some(_area(service["areas"]))
    yield "How it helps", _some(reach_words(service["reach"]))
    yield "Languages", [each["name"] or each["code"] for each in service["languages"]]
    yield "Interpreters", _some(service["interpretation"])
    yield "Young people", _some("May use it without their parents knowing" * service["confidential_to_young_person"])


def _some(text: str | None) -> list[str]:
    return [text] if text else []


def ages(low: int | None, high: int | None) -> str:
    """Which ages, in words; empty for all."""
    if low is None:
        return "" if high is None else f"Up to {high}"
    return f"{low} and over" if high is None else f"{low} to {high}"


def _area(areas: Sequence[Mapping[str, Any]]) -> str:
    told = [
        _AREA[each["kind"]].format(in_miles(each["metres"] or 0) if each["kind"] == "radius" else each["code"])
        for each in areas
    ]
    text = ", ".join(dict.fromkeys(told))
    return text[:1].upper() + text[1:]


def _places(each: Mapping[str, Any], now: datetime) -> str:
    of = f" of {each['maximum']}" if each["maximum"] is not None else ""
    whom = f" for {each['audience']}" if each["audience"] else ""
    wait = f", a wait of {count(each['waiting_weeks'], 'week')}" if each["waiting_weeks"] else ""
    return f"{each['available']}{of} {each['unit']}{whom} free{wait}, as told {since(each['as_of'], now)}"


def _site(each: Mapping[str, Any]) -> Site:
    lines = [*each["address"], each["town"] or "", each["county"] or "", each["postcode"] or ""]
    online = "Online" if each["kind"] == "virtual" else ""
    told = [". ".join(part for part in (one["description"], one["details"]) if part) for one in each["accessibility"]]
    return Site(each["name"] or "", ", ".join(line for line in lines if line) or online, each["transport"] or "", told)


def _assured(service: Mapping[str, Any]) -> str:
    if not service["assured_on"]:
        return "Nobody has looked through this listing and confirmed it yet."
    until = f", and stands until {day(service['assured_until'])}" if service["assured_until"] else ""
    return f"Confirmed on {day(service['assured_on'])}{until}."


def _promises(service: Mapping[str, Any]) -> list[str]:
    same_day = service["same_day"]
    told = [
        f"Opens a request within {count(service['acknowledge_within_days'], 'working day')}",
        f"Says yes or no within {count(service['decide_within_days'], 'working day')}",
        f"Tries to reach a family {count(service['contact_attempts_promised'], 'time')} before it gives up",
    ]
    if same_day:
        told.insert(0, f"Answers on the same day within {same_day['answer_within_minutes']} minutes while it is open")
    return told


@dataclass(frozen=True, slots=True)
class Watched:
    """A listing that this worker watches."""

    id: str
    name: str
    organisation: str
    news: str


_NEWS = {
    "changed": "it was changed",
    "reported": "somebody reported it wrong",
    "answered": "a report was answered",
    "report_overdue": "nobody has answered a report",
    "stale": "nobody has confirmed it for long",
}


def watched_of(items: Iterable[Mapping[str, Any]]) -> list[Watched]:
    """What is watched, those with news first."""
    ordered = sorted(items, key=lambda each: (not each["news"], each["name"].casefold()))
    return [Watched(each["service_id"], each["name"], each["organisation_name"], _news(each)) for each in ordered]


def _news(each: Mapping[str, Any]) -> str:
    if not each["news"]:
        return ""
    told = _NEWS.get(each["last_news"] or "", "")
    return f"{count(each['news'], 'notice')}{f': {inline(told)}' if told else ''}"
