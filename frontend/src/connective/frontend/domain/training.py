"""Somebody's training in data protection: to themselves, to who administers their account, and to who reviews it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from connective.frontend.domain.sheets import Cell, Shown, tag
from connective.frontend.domain.words import day


def training_facts(training: Mapping[str, Any] | None, today: date) -> list[tuple[str, Shown]]:
    """What was recorded of somebody's training, and until when it counts; what ran out is said to have."""
    if training is None:
        return [("Training in data protection", tag("None recorded", "red"))]
    until = day(training["valid_until"])
    in_date = date.fromisoformat(training["valid_until"]) >= today
    return [
        ("Training in data protection", f"{training['course']}, completed {day(training['completed_on'])}"),
        ("The training counts", f"Until {until}" if in_date else tag(f"Ran out: until {until}", "red")),
    ]


def training_cell(line: Mapping[str, Any]) -> Cell | str:
    """The same in a cell of the access review."""
    if line["training"] is None:
        return tag("None recorded", "red")
    until = day(line["training"]["valid_until"])
    return f"Until {until}" if line["training_in_date"] else tag(f"Ran out: until {until}", "red")
