"""The home page of whoever works with families: what waits for them, what is late, and their families."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connective.frontend.domain.answers import Part
from connective.frontend.domain.prohibited_uses import TITLE, waits_for
from connective.frontend.domain.request_codes import reason
from connective.frontend.domain.sessions import Person
from connective.frontend.domain.words import LONDON, clock, count, day, inline, service_kind, until

REFERRING = "referrals:referral:write"
FAMILIES = "families:family:read"
COORDINATING = "referrals:request:coordinate"
MOST = 1000
"""So many of each sort are looked at for what waits; where there are more, the page says so."""
_ALWAYS_OURS = {"information_requested": "Answer a question", "blocked": "Clear the way: not sent yet"}
"""What a referrer does next, by the state of a request, before its clock says so."""
_NEW = frozenset({"submitted", "received"})


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for somebody."""

    what: str
    which: str
    href: str | None
    when: str
    late: bool
    at: str
    """For the order: the instant or day by which it is wanted."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its words, and where it leads."""

    number: int
    words: str
    href: str
    more: bool = False
    """Whether there are more than could be counted."""


@dataclass(frozen=True, slots=True)
class HomeParts:
    """What the page asked for; None for what this person's roles do not open."""

    families: Part | None = None
    requests: Part | None = None
    cases: Part | None = None
    to_tell: Part | None = None
    unread: Part | None = None
    inbox: Part | None = None
    turns: Part | None = None
    """Requests whose next step is a coordinator's, each with the hub on whose board it stands."""
    differences: Part | None = None
    terms: Part | None = None
    """What nobody may use information for, and where organisations stand, for whoever may accept it."""


@dataclass(frozen=True, slots=True)
class Home:
    """The page."""

    greeting: str
    figures: list[Figure]
    waiting: list[Task] | None
    missing: list[tuple[str, Part]]
    cut: list[tuple[str, str]]
    """Of what there is more than was looked at, each with where all of it is."""
    families: Part | None
    may_refer: bool


def home_of(person: Person, parts: HomeParts, now: datetime) -> Home:
    """Put the answers together: the most urgent first, and honest about what did not come."""
    named = [
        ("your open requests", parts.requests, "/requests"),
        ("your inbox", parts.inbox, "/inbox"),
        ("your case reviews", parts.cases, "/families?mine=true"),
        ("families to tell", parts.to_tell, "/requests?show=ended"),
        ("new messages", parts.unread, "/inbox" if parts.requests is None else "/requests"),
        ("your turns on the hub board", parts.turns, "/board"),
        ("rulings to make", parts.differences, "/families/differences"),
        ("what your organisation is to accept", parts.terms, "/prohibited-uses"),
    ]
    asked = [(words, part) for words, part, _ in named if part is not None]
    tasks = [
        *_turns(_items(parts.requests), "referrer", now),
        *_turns(_items(parts.inbox), "recipient", now),
        *_reviews(_items(parts.cases), now),
        *_to_tell(_items(parts.to_tell), now),
        *_unread(_items(parts.unread)),
        *_coordinated(_items(parts.turns), now),
        *_to_rule(_items(parts.differences)),
        *_to_accept(parts.terms, person, now),
    ]
    cut = [(words, href) for words, part, href in named if _goes_on(part)]
    return Home(
        greeting=f"{_greeting(now)}, {person.name.split()[0]}",
        figures=_figures(parts, tasks, cut=bool(cut)),
        waiting=sorted(tasks, key=lambda task: (not task.late, task.at)) if asked else None,
        missing=[(words, part) for words, part in asked if part.problem],
        cut=cut,
        families=parts.families,
        may_refer=person.may(REFERRING) and person.may(FAMILIES),
    )


def _greeting(now: datetime) -> str:
    hour = now.astimezone(LONDON).hour
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"


def _items(part: Part | None) -> list[Any]:
    return part.items if part is not None else []


def _goes_on(part: Part | None) -> bool:
    return part is not None and part.value is not None and part.value.get("next_cursor") is not None


def _figures(parts: HomeParts, tasks: list[Task], *, cut: bool) -> list[Figure]:
    """A figure that was not counted whole says that there are more."""
    figures = []
    if parts.requests is not None and parts.requests.problem is None:
        number, more = len(parts.requests.items), bool(parts.requests.extra.get("more"))
        figures.append(Figure(number, f"open {'request' if number == 1 else 'requests'}", "/requests", more))
    if parts.inbox is not None and parts.inbox.problem is None:
        new, more = sum(each["state"] in _NEW for each in parts.inbox.items), bool(parts.inbox.extra.get("more"))
        figures.append(Figure(new, "new in your inbox", "/inbox?show=new", more))
        figures.append(Figure(len(parts.inbox.items), "open in your inbox", "/inbox", more))
    if parts.requests is not None or parts.inbox is not None or parts.turns is not None:
        waiting, late = len(tasks), sum(task.late for task in tasks)
        figures.append(Figure(waiting, f"{'thing waits' if waiting == 1 else 'things wait'} for you", "#waiting", cut))
        figures.append(Figure(late, "late", "#waiting", cut))
    return figures


def _turns(requests: Iterable[Mapping[str, Any]], side: str, now: datetime) -> Iterable[Task]:
    """Requests whose next step is ours: an answer that was asked for, say, or a decision."""
    for each in requests:
        due = each.get("due")
        what = _ALWAYS_OURS.get(each["state"]) if side == "referrer" else None
        if what is None and (due is None or due["owner"] != side):
            continue
        at = due["at"] if due is not None else now.isoformat()
        if what is None and (datetime.fromisoformat(at) - now).days > _SOON_DAYS:
            continue
        yield Task(
            what or (clock(due["clock"]) if due is not None else ""),
            f"{each['reference']}, {inline(service_kind(each['service_kind']))}",
            f"/requests/{each['id']}",
            until(at, now) if due is not None else "when you can",
            due is not None and datetime.fromisoformat(at) < now,
            at,
        )


def _reviews(cases: Iterable[Mapping[str, Any]], now: datetime) -> Iterable[Task]:
    for each in cases:
        if not each.get("review_on"):
            continue
        at = f"{each['review_on']}T23:59:59+00:00"
        late = bool(each["review_overdue"])
        if late or (datetime.fromisoformat(at) - now).days <= _SOON_DAYS:
            which = each.get("family_name") or "A family whose name is not shown"
            yield Task("Review the plan", which, f"/families/{each['family_id']}", until(at, now), late, at)


_SOON_DAYS = 14
"""Reviews, and what is looked at again after a while, are shown this long before they are due."""


def _to_tell(declines: Iterable[Mapping[str, Any]], now: datetime) -> Iterable[Task]:
    for each in declines:
        at = f"{each['tell_by']}T23:59:59+00:00"
        what = f"Tell the family: declined, {inline(reason(each['code']))}"
        href = f"/requests/{each['request_id']}"
        yield Task(what, each["reference"], href, until(at, now), bool(each["overdue"]), at)


def _to_rule(differences: Iterable[Mapping[str, Any]]) -> Iterable[Task]:
    for each in differences:
        for about in each["people"]:
            href = f"/families/differences/{each['consent_id']}/{about['person_id']}"
            which = f"Since {day(each['said_at'])}"
            yield Task("Decide where people differ about a child", which, href, "when you can", False, each["said_at"])


def _to_accept(terms: Part | None, person: Person, now: datetime) -> Iterable[Task]:
    line = waits_for(terms, str(person.organisation_id))
    if line is None:
        return
    at = f"{line['due_by']}T23:59:59+00:00" if line["due_by"] else now.isoformat()
    when, late = until(at, now) if line["due_by"] else "now", line["state"] == "lacking"
    href = f"/prohibited-uses/{line['organisation_id']}"
    yield Task(f"Read and accept: {inline(TITLE)}", person.organisation_name or "", href, when, late, at)


def _unread(requests: Iterable[Mapping[str, Any]]) -> Iterable[Task]:
    for each in requests:
        what = f"Read {count(each['unread'], 'new message')}"
        yield Task(what, each["reference"], f"/requests/{each['request_id']}", "when you can", False, each["last_at"])


def _coordinated(requests: Iterable[Mapping[str, Any]], now: datetime) -> Iterable[Task]:
    """A coordinator's turns. They lead to the board: whoever coordinates a request does not open it."""
    for each in requests:
        due = each["due"]
        which = f"{each['reference']}, {inline(service_kind(each['service_kind']))}"
        late = datetime.fromisoformat(due["at"]) < now
        href = f"/board/{each['hub_id']}#yours"
        yield Task(
            f"As coordinator: {inline(clock(due['clock']))}", which, href, until(due["at"], now), late, due["at"]
        )
