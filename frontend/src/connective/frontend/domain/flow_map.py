"""The map of flows: who may share what with whom, as a picture with its table, and what really moved beside it.

Organisations in law stand on a circle; each pair and direction has one arrow, bent aside so that the way back is told
apart, and numbered as in the table, which says everything that the picture says.
"""

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain import sharing_words as say
from connective.frontend.domain.words import count, day

_WIDTH, _HEIGHT = 900, 620
_RADIUS_X, _RADIUS_Y = 330, 235
_BOX_WIDTH, _BOX_HEIGHT = 190, 56
_BEND = 34
_LINE = 21
"""How many characters stand in one line of a box."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run as a formula by spreadsheets."""


@dataclass(frozen=True, slots=True)
class Node:
    """One organisation in law."""

    id: str
    name: str
    x: int
    y: int
    lines: list[str]


@dataclass(frozen=True, slots=True)
class Arrow:
    """What one may share with another, as one arrow."""

    number: int
    path: str
    x: int
    y: int
    moved: bool
    """Whether anything really moved in the period; otherwise it is dashed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One flow of an agreement, in the table."""

    number: int
    giver: str
    taker: str
    purpose: str
    categories: str
    agreement: str
    href: str
    ends: str
    moved: str


@dataclass(frozen=True, slots=True)
class FlowMap:
    """The picture and its table."""

    width: int
    height: int
    nodes: list[Node]
    arrows: list[Arrow]
    rows: list[Row]
    sentence: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two teams, in one direction: what went under which agreement, and what was tried without one."""

    giver: str
    taker: str
    exchanged: list[str]
    blocked: list[str]


def narrowed(flows: Iterable[Mapping[str, Any]], purpose: str, party: str, category: str) -> list[Mapping[str, Any]]:
    """The flows that fit what was chosen."""
    return [
        each
        for each in flows
        if (not purpose or each["purpose"] == purpose)
        and (not party or party in {each["from_entity_id"], each["to_entity_id"]})
        and (not category or category in each["categories"])
    ]


def flow_map(flows: Sequence[Mapping[str, Any]]) -> FlowMap:
    """Lay the flows out, and tell them."""
    names = {
        each[f"{end}_entity_id"]: each[f"{end}_entity_name"] or "Not named" for each in flows for end in ("from", "to")
    }
    nodes = _nodes(names)
    pairs: dict[tuple[str, str], int] = {}
    for each in flows:
        pairs.setdefault((each["from_entity_id"], each["to_entity_id"]), len(pairs) + 1)
    moved = {(each["from_entity_id"], each["to_entity_id"]) for each in flows if each["moved"]}
    placed = {each.id: each for each in nodes}
    arrows = [
        _arrow(number, placed[giver], placed[taker], moved=(giver, taker) in moved)
        for (giver, taker), number in pairs.items()
    ]
    rows = [_row(each, pairs[each["from_entity_id"], each["to_entity_id"]]) for each in flows]
    told = f"{count(len(nodes), 'organisation')}, {count(len(arrows), 'arrow')}, {count(len(rows), 'flow')}."
    return FlowMap(_WIDTH, _HEIGHT, nodes, arrows, rows, f"{told} The table below says what each arrow stands for.")


def _nodes(names: Mapping[str, str]) -> list[Node]:
    ordered = sorted(names.items(), key=lambda each: each[1])
    nodes = []
    for place, (entity_id, name) in enumerate(ordered):
        turn = 2 * math.pi * place / len(ordered) - math.pi / 2
        x = _WIDTH // 2 + round(_RADIUS_X * math.cos(turn))
        y = _HEIGHT // 2 + round(_RADIUS_Y * math.sin(turn))
        nodes.append(Node(entity_id, name, x, y, _lines(name)))
    return nodes


def _lines(name: str) -> list[str]:
    """A name in two lines at the most."""
    lines = [""]
    for word in name.removesuffix(" (invented)").split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > _LINE:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines if len(lines) < 3 else [lines[0], lines[1][: _LINE - 1] + "…"]


def _arrow(number: int, giver: Node, taker: Node, *, moved: bool) -> Arrow:
    """A bent line from box to box, with its number at the bend."""
    dx, dy = taker.x - giver.x, taker.y - giver.y
    length = math.hypot(dx, dy) or 1
    bend_x = (giver.x + taker.x) / 2 - dy / length * 2 * _BEND
    bend_y = (giver.y + taker.y) / 2 + dx / length * 2 * _BEND
    x1, y1 = _edge(giver, bend_x, bend_y)
    x2, y2 = _edge(taker, bend_x, bend_y)
    path = f"M{x1} {y1} Q{round(bend_x)} {round(bend_y)} {x2} {y2}"
    # The middle of a quadratic curve lies half way from the middle of its ends to its bend.
    return Arrow(number, path, round((x1 + x2) / 4 + bend_x / 2), round((y1 + y2) / 4 + bend_y / 2), moved)


def _edge(node: Node, towards_x: float, towards_y: float) -> tuple[int, int]:
    """Where a line from a box towards a point leaves it."""
    dx, dy = towards_x - node.x, towards_y - node.y
    scale = min(
        (_BOX_WIDTH / 2 + 4) / abs(dx) if dx else math.inf,
        (_BOX_HEIGHT / 2 + 4) / abs(dy) if dy else math.inf,
    )
    return round(node.x + dx * min(scale, 1)), round(node.y + dy * min(scale, 1))


def _row(flow: Mapping[str, Any], number: int) -> Row:
    times = sum(each["disclosures"] for each in flow["moved"])
    people = sum(each["people"] for each in flow["moved"])
    last = max((each["last_at"] for each in flow["moved"]), default=None)
    told = f"{count(times, 'time')}, {count(people, 'person', 'people')}, last on {day(last)}" if times else "Nothing"
    return Row(
        number,
        flow["from_entity_name"] or "Not named",
        flow["to_entity_name"] or "Not named",
        say.purpose(flow["purpose"]),
        say.kinds(flow["categories"]),
        f"{flow['agreement_reference']}, version {flow['agreement_version']}",
        f"/agreements/{flow['agreement_id']}",
        day(flow["ends_on"]),
        told,
    )


def pairs_of(items: Iterable[Mapping[str, Any]]) -> list[Pair]:
    """Which teams exchanged what under which agreement, and which tried without one."""
    return [
        Pair(
            each["discloser_organisation_name"] or "A team that is not named",
            each["recipient_organisation_name"] or "A team that is not named",
            [_exchanged(line) for line in each["exchanged"]],
            [_blocked(line) for line in each["blocked"]],
        )
        for each in items
    ]


def _exchanged(line: Mapping[str, Any]) -> str:
    what = say.kinds(line["categories"]) or "No category"
    under = f"under {line['agreement_reference']}" if line["agreement_reference"] else "under no agreement"
    return f"{what}: {count(line['disclosures'], 'time')} {under}, last on {day(line['last_at'])}"


def _blocked(line: Mapping[str, Any]) -> str:
    tries = count(line["decisions"], "try", "tries")
    return f"{tries} refused: {say.refusal(line['code'])}, last on {day(line['last_at'])}"


def as_csv(rows: Iterable[Row]) -> bytes:
    """The table as a file; with the mark by which spreadsheets know UTF-8, and no cell that they would run."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("Arrow", "From", "To", "Purpose", "What", "Agreement", "Ends", "Moved in the last 90 days"))
    for row in rows:
        cells = (row.giver, row.taker, row.purpose, row.categories, row.agreement, row.ends, row.moved)
        writer.writerow((row.number, *(f"'{each}" if each.startswith(FORMULA) else each for each in cells)))
    return ("\ufeff" + text.getvalue()).encode()
