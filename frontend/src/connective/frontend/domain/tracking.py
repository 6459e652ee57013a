"""The lists of requests: what was asked of whom, where it is, whose turn it is and since when, and what is late."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from connective.frontend.domain.words import STATE_TAGS, clock, day, deadline, service_kind, since, state, turn, until

OPEN = (
    "draft", "blocked", "submitted", "received", "information_requested", "waitlisted", "accepted", "in_progress",
    "on_hold",
)  # fmt: skip
ENDED = ("completed", "declined", "lapsed", "redirected", "withdrawn")
NOT_SENT = ("draft", "blocked")
NEW = ("submitted", "received")
WORKING = ("accepted", "in_progress")
WAITING = ("information_requested", "waitlisted", "on_hold")


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to narrow a list."""

    code: str
    text: str
    states: tuple[str, ...]


TRACKED = (
    Choice("open", "Open", OPEN),
    Choice("blocked", "Not sent yet", NOT_SENT),
    Choice("ended", "Ended", ENDED),
)
INBOX = (
    Choice("todo", "Everything open", (*NEW, *WORKING, *WAITING)),
    Choice("new", "New", NEW),
    Choice("working", "In progress", WORKING),
    Choice("waiting", "Waiting", WAITING),
    Choice("ended", "Ended", ENDED),
)


class Row(NamedTuple):
    """One request, one line. A tuple, because an inbox makes two hundred: a frozen class takes five times as long."""

    id: str
    href: str
    reference: str
    version: int
    state_code: str
    what: str
    who: str
    state: str
    tag: str
    turn: str
    mine: bool
    since: str
    wants: str
    """What its clock waits for."""
    when: str
    due: str
    late: bool
    today: bool
    """Whether help is needed on the very day."""
    queued: bool
    at: str
    family: str = ""
    """Whose it is, for whoever asked."""


@dataclass(frozen=True, slots=True)
class Group:
    """Requests that stand together, under words that say why."""

    code: str
    heading: str
    rows: list[Row]


def choice_of(choices: Sequence[Choice], code: str) -> Choice:
    """How somebody narrowed the list; the first where they did not."""
    return next((each for each in choices if each.code == code), choices[0])


def rows_of(
    items: Iterable[Mapping[str, Any]],
    side: str,
    names: Mapping[str, str],
    now: datetime,
    families: Mapping[str, str] | None = None,
) -> list[Row]:
    """The lines, what is late first, then what is wanted soonest; ended ones stay as they came, the newest first.

    `families` are the names of those that were asked for, by their ids.
    """
    rows = [_row(each, side, names, now, families or {}) for each in items]
    return sorted(rows, key=lambda row: (not row.late, row.at))


def groups_of(rows: Iterable[Row]) -> list[Group]:
    """An inbox in the order in which it is worked: late, new, in progress, waiting, ended."""
    groups = [
        Group("late", "Late", []),
        Group("new", "New", []),
        Group("working", "In progress", []),
        Group("waiting", "Waiting", []),
        Group("ended", "Ended", []),
    ]
    for row in rows:
        groups[_place(row)].rows.append(row)
    return [group for group in groups if group.rows]


def _place(row: Row) -> int:
    if row.late:
        return 0
    for number, states in enumerate((NEW, WORKING, WAITING), start=1):
        if row.state_code in states:
            return number
    return 4


def families_in(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """The families of these requests, each once."""
    return sorted({each["family_id"] for each in items if each.get("family_id")})


def _row(
    item: Mapping[str, Any], side: str, names: Mapping[str, str], now: datetime, families: Mapping[str, str]
) -> Row:
    due = item["due"]
    other = "recipient" if side == "referrer" else "referrer"
    who = names.get(item[f"{other}_organisation_id"], "An organisation")
    moved = item.get("since") or item["received_at"] or item["submitted_at"]
    return Row(
        id=item["id"],
        href=f"/requests/{item['id']}",
        reference=item["reference"],
        version=item["version"],
        state_code=item["state"],
        what=service_kind(item["service_kind"]),
        who=who,
        state=state(item["state"], side),
        tag=STATE_TAGS.get(item["state"], "grey"),
        turn=turn(due["owner"], side, who) if due else "",
        mine=due is not None and due["owner"] == side,
        since=since(moved, now) if moved else "",
        wants=clock(due["clock"]) if due else "",
        when=until(due["at"], now) if due else "",
        due=deadline(due["at"]) if due else day(moved),
        late=due is not None and datetime.fromisoformat(due["at"]) < now,
        today=bool(item["needed_by"]),
        queued=bool(item["queued"]),
        at=due["at"] if due else "9",
        family=families.get(item.get("family_id") or "", ""),
    )
