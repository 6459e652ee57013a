"""Who saw what of somebody: each look and each disclosure as a line, and which organisations they were."""

from collections.abc import Iterable, Mapping
from typing import Any

from connective.frontend.domain.proving_tables import Cell, Known, Table, people_cell
from connective.frontend.domain.proving_words import act, categories, purpose
from connective.frontend.domain.words import moment

_NOBODY = "Nobody looked in this time."
_HEADS = ("When", "How", "What they did", "Organisation", "Who", "Information", "For", "About")


def seen_table(items: Iterable[Mapping[str, Any]], known: Known) -> Table:
    """Every sighting, in the order of time; where all are about one person, their mark is not said on each line."""
    rows = []
    items = list(items)
    for each in sorted(items, key=lambda each: str(each["at"])):
        shared = each["how"] == "disclosure"
        rows.append(
            (
                Cell(moment(each["at"]), f"/audit/disclosures/{each['record_id']}" if shared else None),
                Cell("Shared", tag="blue") if shared else Cell("Looked", tag="grey"),
                Cell(act(each["act"])),
                Cell(known.organisation(each["organisation_id"], each["organisation_name"])),
                Cell(known.account(each["actor_id"])),
                Cell(categories(each["categories"]) if each["categories"] else "The record itself"),
                Cell(purpose(each["purpose"])),
                people_cell(each["people"]),
            )
        )
    if len({person for each in items for person in each["people"]}) <= 1:
        return Table("Who saw what", _HEADS[:-1], [row[:-1] for row in rows], _NOBODY)
    return Table("Who saw what", _HEADS, rows, _NOBODY)


def who_saw(items: Iterable[Mapping[str, Any]], known: Known) -> list[str]:
    """The organisations that saw something, once each."""
    return sorted({known.organisation(each["organisation_id"], each["organisation_name"]) for each in items})
