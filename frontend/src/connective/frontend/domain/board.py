"""The hub board: how the requests of a hub's members stand, whose turn it is, and what is late."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from connective.frontend.domain.charts import Bar, Chart, said
from connective.frontend.domain.words import LONDON, sentence, service_kind, since, until

Rows = Sequence[Mapping[str, Any]]
OPEN_STATES = ("blocked", "submitted", "received", "information_requested", "waitlisted", "accepted", "in_progress",
               "on_hold")  # fmt: skip
_AGES = {
    "under_1_week": "less than a week",
    "1_to_2_weeks": "1 to 2 weeks",
    "2_to_4_weeks": "2 to 4 weeks",
    "1_to_3_months": "1 to 3 months",
    "over_3_months": "longer than 3 months",
}
TURNS = {"recipient": "Whoever was asked", "referrer": "Whoever asked", "coordinator": "Yours"}
_NOBODY = "Nobody: it runs"
WHY = {
    "unseen": "Nobody has opened it",
    "unanswered": "It was opened, and an answer is overdue",
    "escalation_missed": "A fault of the Hub: tell its operator",
    "nobody_owes": "A fault of the Hub: tell its operator",
}
NOT_TOLD = "not told"
_UNKNOWN = "An organisation that is not listed"


@dataclass(frozen=True, slots=True)
class Line:
    """One request or intake in a list: nothing of whom it is about."""

    reference: str
    service: str
    asked: str
    answers: str
    state: str
    when: str
    turn: str
    late: bool


@dataclass(frozen=True, slots=True)
class Lists:
    """What the board's first page asked for: requests and intakes as the API lists them, and its counts."""

    yours: Rows
    """Those whose next step is a coordinator's."""
    stuck: Rows = ()
    lapsed: Rows = ()
    intake: Rows = ()
    counts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """The board's first page."""

    charts: list[Chart]
    stuck: list[Line]
    yours: list[Line]
    lapsed: list[Line]
    intake: list[Line]


def of_hub(requests: Rows, members: Iterable[str]) -> list[Mapping[str, Any]]:
    """The requests to or from a hub's members: the list holds the whole place."""
    own = set(members)
    return [each for each in requests if {each["referrer_organisation_id"], each["recipient_organisation_id"]} & own]


def _is_yours(request: Mapping[str, Any]) -> bool:
    return request["state"] in OPEN_STATES and (request.get("due") or {}).get("owner") == "coordinator"


def turns_of(hubs: Rows, requests: Rows) -> list[dict[str, Any]]:
    """The requests whose next step is the coordinator's, each once, with the hub on whose board it stands."""
    yours = [each for each in requests if _is_yours(each)]
    found: dict[str, dict[str, Any]] = {}
    for hub in hubs:
        for each in of_hub(yours, hub["member_organisation_ids"]):
            found.setdefault(each["id"], {**each, "hub_id": hub["id"]})
    return list(found.values())


def work_of(lists: Lists, names: Mapping[str, str], now: datetime) -> Work:
    """Put the answers together. Counts are hidden where the API hides them; the lists name no family."""
    yours = [each for each in lists.yours if _is_yours(each)]
    counts: Mapping[str, Rows] = lists.counts or {"by_recipient": (), "by_turn": ()}
    return Work(
        charts=[_by_agency(counts["by_recipient"], names), _by_turn(counts["by_turn"])],
        stuck=[_line(each, names, now, WHY.get(each["why"], sentence(each["why"]))) for each in lists.stuck],
        yours=[_line(each, names, now) for each in yours],
        lapsed=[_line(each, names, now) for each in lists.lapsed],
        intake=[_intake(each, names, now) for each in lists.intake],
    )


def _by_agency(cells: Rows, names: Mapping[str, str]) -> Chart:
    """By agency and age at once: beside these cells no sums by either are told, as hidden ones could be worked out."""
    order = list(_AGES)
    named = [(names.get(each["recipient_organisation_id"], _UNKNOWN), each["age"], each["requests"]) for each in cells]
    ordered = sorted(named, key=lambda cell: (cell[0], order.index(cell[1])))
    bars = [Bar(f"{agency}: {_AGES[age]}", count) for agency, age, count in ordered]
    about = "Whoever was asked, and how long ago."
    return Chart("by-agency", "Open requests by agency and age", about, "Agency and age", "Requests", bars)


def _by_turn(cells: Rows) -> Chart:
    counts = {each["turn"]: each["requests"] for each in cells}
    bars = [Bar(words, counts[turn]) for turn, words in (*TURNS.items(), ("nobody", _NOBODY)) if turn in counts]
    return Chart("by-turn", "Whose turn it is", "Who has to do the next thing.", "Whose turn", "Requests", bars)


def _turn(request: Mapping[str, Any]) -> str:
    due: Mapping[str, Any] = request.get("due") or {}
    return TURNS.get(due["owner"], sentence(due["owner"])) if due else _NOBODY


def _line(each: Mapping[str, Any], names: Mapping[str, str], now: datetime, state: str | None = None) -> Line:
    due = each.get("due")
    sent = each.get("submitted_at")
    return Line(
        reference=each["reference"],
        service=service_kind(each["service_kind"]),
        asked=names.get(each["referrer_organisation_id"], _UNKNOWN),
        answers=names.get(each["recipient_organisation_id"], _UNKNOWN),
        state=state or sentence(each["state"]),
        when=until(due["at"], now) if due else f"sent {since(sent, now)}" if sent else "not sent",
        turn=_turn(each),
        late=due is not None and datetime.fromisoformat(due["at"]) < now,
    )


def _intake(each: Mapping[str, Any], names: Mapping[str, str], now: datetime) -> Line:
    sender = each["sender_organisation_id"]
    return Line(
        reference=each["reference"],
        service=service_kind(each["service_kind"]),
        asked=names.get(sender, _UNKNOWN) if sender else "The family itself",
        answers=names.get(each["recipient_organisation_id"], _UNKNOWN),
        state="Nobody has matched it",
        when=until(each["due_at"], now),
        turn=TURNS["recipient"],
        late=bool(each["overdue"]),
    )


@dataclass(frozen=True, slots=True)
class Returned:
    """One service: of the requests to it that ended in a quarter, how many came back without action, and why."""

    service: str
    agency: str
    ended: int | None
    returned: int | None
    reasons: list[tuple[str, int | None]]


def returned_of(figures: Rows, services: Mapping[str, str], agencies: Mapping[str, str]) -> list[Returned]:
    """A figure for each service, hidden where the API hides it."""
    found = [
        Returned(
            services.get(each["service_id"], "A service that is not listed any more"),
            agencies.get(each["organisation_id"], _UNKNOWN),
            each["ended"],
            each["returned"],
            [(sentence(one["code"]), one["count"]) for one in each["reasons"]],
        )
        for each in figures
    ]
    return sorted(found, key=lambda one: one.service)


def returned_chart(found: Sequence[Returned]) -> Chart:
    """How many came back unhelped, a bar for each service, with why."""
    bars = [Bar(each.service, each.returned, reasons_said(each)) for each in found]
    about = "Declined, or lapsed without an answer, of those that ended in the quarter."
    return Chart("returned", "Came back without action", about, "Service", "Came back", bars, "Reasons", NOT_TOLD)


def reasons_said(returned: Returned) -> str:
    """Why, in words."""
    reasons = [f"{reason}: {said(count, NOT_TOLD)}" for reason, count in returned.reasons]
    ended = f"{said(returned.ended)} ended"
    return "; ".join([ended, *reasons])


def supply_chart(supplies: Rows) -> Chart:
    """Where there is room. These count services, about nobody, so nothing is hidden."""
    bars = [Bar(service_kind(each["kind"]), each["with_room"], supply_said(each)) for each in supplies]
    about = "Services of this hub’s members that have room now."
    return Chart("room", "Where there is room", about, "Kind of help", "Services with room", bars, "How it stands")


def supply_said(supply: Mapping[str, Any]) -> str:
    """How a kind of help stands, in words: a gap first."""
    full, unknown = supply["full"], supply["not_known"]
    parts = ["No room anywhere: a gap"] if supply["gap"] else []
    parts.append(f"{supply['services']} {'service' if supply['services'] == 1 else 'services'}")
    parts += [f"{full} full"] if full else []
    parts += [f"{unknown} not told"] if unknown else []
    parts += ["none takes requests here"] if not supply["taking_requests"] else []
    return ", ".join(parts)


Counted = Iterable[tuple[str, int | None]]


def cells_chart(key: str, title: str, about: str, cells: Counted, *, labels: str, counts: str) -> Chart:
    """Cells that the API counted and hid as it must: the largest first, those that are hidden last."""
    bars = [Bar(label, count) for label, count in cells]
    ordered = sorted(bars, key=lambda bar: (bar.value is None, -(bar.value or 0), bar.label))
    return Chart(key, title, about, labels, counts, ordered)


def quarters(now: datetime, number: int = 5) -> list[str]:
    """The current quarter of a year and those before, as the API names them: `2026-Q4`."""
    on, found = now.astimezone(LONDON).date(), []
    for _ in range(number):
        found.append(f"{on.year}-Q{(on.month + 2) // 3}")
        on = date(on.year, (on.month - 1) // 3 * 3 + 1, 1) - timedelta(days=1)
    return found


def quarter_said(named: str) -> str:
    """A quarter in words: October to December 2026."""
    year, number = named.split("-Q")
    first = date(int(year), int(number) * 3 - 2, 1)
    return f"{first:%B} to {date(int(year), int(number) * 3, 1):%B} {year}"
