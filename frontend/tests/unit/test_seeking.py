"""People sought by name: of hundreds one types a name, and chooses from those found."""

import re
from collections.abc import Sequence

import pytest

from connective.frontend.domain.answers import Part
from connective.frontend.domain.fields import Field, read
from connective.frontend.domain.members import found_sheet
from connective.frontend.domain.seeking import CHOOSE, NOBODY, TOO_MANY
from connective.frontend.domain.sheets import Table
from connective.frontend.pages.rendering import environment

NAMED = (("ann", "Ann Reed"), ("anna", "Anna Reed"), ("bo", "Bo O'Hara (you)"), ("c1", "Cy Lane"), ("c2", "Cy Lane"))
MANY = (*NAMED, *((str(number), f"Member {number}") for number in range(200)))
LEAD = Field(
    name="lead", label="Who leads it?", kind="choice", of_people=True, options=MANY, required="Choose somebody"
)
THESE = Field(name="lead", label="Which colleagues?", kind="choices", of_people=True, options=MANY)


@pytest.mark.parametrize(
    ("typed", "meant", "wrong"),
    [
        (["ann reed"], "ann", None),
        (["Anna"], None, CHOOSE),
        (["reed", "anna"], "anna", None),
        (["", "bo"], "bo", None),
        (["anna reed", "bo"], "anna", None),
        (["cy lane"], None, CHOOSE),
        (["cy lane", "c2"], "c2", None),
        (["member"], None, TOO_MANY),
        (["zeppelin"], None, NOBODY),
        ([""], None, "Choose somebody"),
    ],
)
def test_one_is_whoever_has_the_whole_name_or_was_chosen_of_those_found(
    typed: list[str], meant: str | None, wrong: str | None
) -> None:
    body, errors = read([LEAD], {"lead": typed})
    assert (body["lead"], [each for _, each in errors]) == (meant, [wrong] if wrong else [])


@pytest.mark.parametrize(
    ("typed", "meant", "wrong"),
    [
        (["ann reed\nbo"], None, CHOOSE),
        (["ann reed\nbo", "bo"], ["bo", "ann"], None),
        (["", "c1", "c2"], ["c1", "c2"], None),
        ([], [], None),
    ],
)
def test_several_are_named_one_on_a_line(typed: list[str], meant: list[str] | None, wrong: str | None) -> None:
    body, errors = read([THESE], {"lead": typed})
    assert (body["lead"], [each for _, each in errors]) == (meant, [wrong] if wrong else [])


def shown(field: Field, typed: Sequence[str]) -> str:
    page = environment().from_string("{% from 'fields.html' import asked %}{{ asked(each, typed, []) }}")
    return str(page.render(each=field, typed={"lead": typed}))


def test_of_hundreds_none_is_listed_until_a_name_is_typed() -> None:
    assert re.findall(r"<(?:input|select|option|textarea)\b", shown(LEAD, [])) == ["<input"]
    found = shown(LEAD, ["cy", "c2"])
    assert ('value="cy"' in found, found.count('type="radio"')) == (True, 2)
    assert re.search(r'value="c2"[^>]* checked', found), "who was chosen stays chosen"
    several = shown(THESE, ["Bo\nReed", "c1"])
    assert re.findall(r'type="checkbox" value="(\w+)"', several) == ["c1", "bo", "ann", "anna"]
    assert "Bo\nReed</textarea>" in several
    few = Field(name="lead", label="Who leads it?", kind="select", of_people=True, options=NAMED)
    assert shown(few, []).count("<option") == len(NAMED) + 1, "a handful is listed"


def test_members_are_found_by_the_beginning_of_a_name_or_of_their_address() -> None:
    member = {"memberships": [{"roles": [], "organisation_name": "A"}], "disabled_at": None}
    listed = [{"id": each, "name": name, "email": f"{each}@example.org", **member} for each, name in MANY]
    for typed, found in (("ree", 2), ("c1@", 1), ("member", 100), ("zeppelin", 0)):
        sheet = found_sheet(Part({"items": listed}), typed, "/organisation/members", "Members")
        (table,) = (each for each in sheet.sections if isinstance(each, Table))
        assert len(table.rows) == found, typed
    assert sheet.title == "Members: found", "a history does not tell who was looked for"
