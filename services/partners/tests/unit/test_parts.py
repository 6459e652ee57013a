"""A reading in parts: everything once, in order, with as many rows as were really read."""

import json
from datetime import date
from typing import Any

import pytest

from connective.partners.domain.imports.hsds import read_hsds
from connective.partners.domain.imports.hsds_shapes import open_hsds
from connective.partners.domain.imports.listed_rows import read_sheet
from connective.partners.domain.imports.parts import parts_of, refused
from connective.partners.domain.imports.report import Reading
from connective.partners.domain.imports.sheets import open_sheet
from connective.partners.storage.reference_data import own_file, sheet_kinds, vocabulary

DAY = date(2026, 3, 3)
HEADINGS = "name,postcode,service_kind,closed\n"


def sheet(*rows: str) -> Reading:
    content = (HEADINGS + "".join(f"{row}\n" for row in rows)).encode()
    return read_sheet(open_sheet(content, sheet_kinds()), vocabulary(), lambda _: None)


def pantry(at: int, closed: str = "no") -> str:
    return f"Pantry {at},TA20 1AA,food_bank,{closed}"


def everything(reading: Reading, at_once: int) -> dict[str, list[Any]]:
    parts = list(parts_of(reading, at_once))
    return {
        "organisations": [each.key for part in parts for each in part.reading.organisations],
        "services": [each.key for part in parts for each in part.reading.services],
        "ended": [each for part in parts for each in part.reading.ended],
        "progress": [(part.rows, part.kept, part.refused) for part in parts],
    }


def test_each_row_is_in_one_part_and_progress_counts_what_was_left_out() -> None:
    reading = sheet(pantry(1), ",TA20 1AA,food_bank,no", pantry(2), pantry(3, "yes"), pantry(4), ",,,", pantry(5))
    found = everything(reading, at_once=2)
    assert found["organisations"] == found["services"] == [f"pantry {at}|TA201AA" for at in (1, 2, 4, 5)]
    assert found["ended"] == ["pantry 3|TA201AA"]
    # Rows 3 and 7 have no name; row 5 is closed.
    assert found["progress"] == [(3, 2, 1), (6, 4, 1)]
    assert refused(reading) == 1


@pytest.mark.parametrize("rows", [(), (",TA20 1AA,food_bank,no",)])
def test_a_reading_of_which_nothing_is_kept_is_one_part(rows: tuple[str, ...]) -> None:
    assert everything(sheet(*rows), at_once=2)["progress"] == [(len(rows), 0, len(rows))]


def test_an_organisation_is_told_of_once_however_many_parts_its_services_are_in() -> None:
    trust = {"id": "trust", "name": "The Trust"}
    services = [{"id": f"s{at}", "name": f"S {at}", "status": "active", "organization": trust} for at in range(5)]
    reading = read_hsds(open_hsds(json.dumps(services).encode()), vocabulary(), lambda _: None, DAY)
    parts = list(parts_of(reading, at_once=2))
    assert [len(part.reading.organisations) for part in parts] == [1, 0, 0]
    assert [part.owners for part in parts] == [frozenset(), {"trust"}, {"trust"}]
    assert [part.rows for part in parts] == [2, 4, 5]


def test_our_own_directory_in_parts_is_the_whole_of_it() -> None:
    reading = read_hsds(open_hsds(own_file("directory.hsds.json")), vocabulary(), lambda _: None, DAY)
    found = everything(reading, at_once=3)
    assert sorted(found["services"]) == sorted(each.key for each in reading.services)
    assert sorted(found["organisations"]) == sorted(each.key for each in reading.organisations)
    assert found["ended"] == list(reading.ended)
    assert found["progress"][-1][0] == reading.rows


def test_of_two_rows_that_contradict_each_other_the_first_counts() -> None:
    opened = sheet(pantry(1), pantry(1, "yes"))
    assert (len(opened.services), opened.ended) == (1, ())
    closed = sheet(pantry(1, "yes"), pantry(1))
    assert (len(closed.services), closed.ended) == (0, ("pantry 1|TA201AA",))
    assert [(each.row, each.column) for each in closed.errors if each.effect == "refused"] == [(3, "name")]
