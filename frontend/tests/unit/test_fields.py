"""Every kind of question: what was typed becomes what the API takes, or the words that stand beside it."""

import re
from datetime import date
from typing import Any

import pytest

from connective.frontend.domain.answers import FieldProblem, Refused
from connective.frontend.domain.fields import Field, Option, answered, errors_of, kept, read, typed_from
from connective.frontend.pages.rendering import environment

TODAY = date(2026, 11, 23)
SOMEBODY = "0123456789abcdef" * 2
OTHER = "f" * 32
KIND = (Option("home", "Their home"), Option("refuge", "A refuge", "It is passed on to nobody"))
MONTHS = (("1", "1 month"), ("2", "2 months"))

READ: list[tuple[Field, dict[str, str | list[str]], Any]] = [
    (Field(name="a", label="Name"), {"a": " Food parcels "}, "Food parcels"),
    (Field(name="a", label="Name"), {}, None),
    (Field(name="a", label="Note", kind="long"), {"a": "Two\nlines"}, "Two\nlines"),
    (Field(name="a", label="Areas", kind="lines"), {"a": "TA20, TA19\n\nTA21"}, ["TA20", "TA19", "TA21"]),
    (Field(name="a", label="Areas", kind="lines"), {}, []),
    (Field(name="a", label="Room", kind="number"), {"a": "1,200"}, 1200),
    (Field(name="a", label="Room", kind="number"), {"a": "0"}, 0),
    (Field(name="a", label="Email", kind="email"), {"a": "duty@help.example.org"}, "duty@help.example.org"),
    (Field(name="a", label="Telephone", kind="telephone"), {"a": "+44 (0)7700 900982"}, "07700 900982"),
    (Field(name="a", label="Postcode", kind="postcode"), {"a": "ta201hr"}, "TA20 1HR"),
    (Field(name="a", label="Site", kind="address"), {"a": "https://www.example.org"}, "https://www.example.org"),
    (Field(name="pin", label="Key", kind="secret"), {"pin": "abc"}, "abc"),
    (Field(name="a", label="Which?", kind="choice", options=KIND), {"a": "refuge"}, "refuge"),
    (Field(name="a", label="Which?", kind="radios", options=KIND), {"a": "home"}, "home"),
    (Field(name="a", label="Which?", kind="select", options=KIND), {"a": ""}, None),
    (Field(name="a", label="How long?", kind="choice", options=MONTHS, sent="number"), {"a": "2"}, 2),
    (Field(name="a", label="Which?", kind="select", options=KIND, sent="list"), {"a": "home"}, ["home"]),
    (Field(name="a", label="Which?", kind="choices", options=KIND), {"a": ["home", "no-such", ""]}, ["home"]),
    (Field(name="a", label="Right?", kind="yes_no"), {"a": "no"}, False),
    (Field(name="a", label="Right?", kind="yes_no"), {"a": "perhaps"}, None),
    (Field(name="a", label="Born", kind="date", past=True), {"a-day": "23", "a-month": "Nov", "a-year": "2026"},
     "2026-11-23"),
    (Field(name="a", label="Since", kind="moment"),
     {"a-day": "1", "a-month": "7", "a-year": "2026", "a-time": "2.30 pm"}, "2026-07-01T13:30:00Z"),
    (Field(name="a", label="Since", kind="moment"), {"a-day": "1", "a-month": "12", "a-year": "2026"},
     "2026-12-01T00:00:00Z"),
    (Field(name="a", label="Who?", kind="person"), {"a": SOMEBODY.upper()}, SOMEBODY),
    (Field(name="a", label="Who?", kind="people"), {"a": f"{SOMEBODY};\n{OTHER}"}, [SOMEBODY, OTHER]),
    (Field(name="a", label="", kind="hidden"), {"a": "digest"}, "digest"),
]  # fmt: skip

WRONG: list[tuple[Field, dict[str, str], tuple[str, str]]] = [
    (Field(name="a", label="Name", required="Enter a name"), {"a": "  "}, ("a", "Enter a name")),
    (Field(name="a", label="Name", longest=4), {"a": "Longer"}, ("a", "Name must be 4 characters or fewer")),
    (Field(name="a", label="Which one?", longest=4), {"a": "Longer"}, ("a", "Use 4 characters or fewer")),
    (Field(name="a", label="Room", kind="number"), {"a": "six"}, ("a", "Room must be a whole number, like 6")),
    (Field(name="a", label="How many?", kind="number"), {"a": "-1"}, ("a", "Enter a whole number, like 6")),
    (Field(name="a", label="Email", kind="email"), {"a": "nobody"},
     ("a", "Enter an email address in the correct format, like name@example.org")),
    (Field(name="a", label="Telephone", kind="telephone"), {"a": "12"},
     ("a", "Telephone number must be a UK number, like 07700 900 982")),
    (Field(name="a", label="Postcode", kind="postcode"), {"a": "TA20"},
     ("a", "Postcode must be a full UK postcode, like TA20 1HR")),
    (Field(name="a", label="Site", kind="address"), {"a": "example"},
     ("a", "Enter a full web address, like https://www.example.org")),
    (Field(name="a", label="Which?", kind="choice", options=KIND), {"a": "moon"},
     ("a", "Choose one of those shown: which?")),
    (Field(name="a", label="Which?", kind="radios", options=KIND, required="Choose which"), {"a": "moon"},
     ("a", "Choose which")),
    (Field(name="a", label="Which?", kind="select", options=KIND, required="Choose which"), {}, ("a", "Choose which")),
    (Field(name="a", label="Which?", kind="choices", options=KIND, required="Choose one"), {"a": "moon"},
     ("a", "Choose one")),
    (Field(name="a", label="Right?", kind="yes_no", required="Say whether"), {"a": "perhaps"}, ("a", "Say whether")),
    (Field(name="a", label="On", kind="date"), {"a-day": "31", "a-month": "2", "a-year": "2026"},
     ("a-day", "Date must be a real one, like 27 3 2019")),
    (Field(name="a", label="On", kind="date", required="Enter a day"), {}, ("a-day", "Enter a day")),
    (Field(name="a", label="Born", kind="date", past=True), {"a-day": "24", "a-month": "11", "a-year": "2026"},
     ("a-day", "Date must be today or in the past")),
    (Field(name="a", label="Since", kind="moment"), {"a-time": "9am"}, ("a-day", "Enter the day too")),
    (Field(name="a", label="Since", kind="moment"),
     {"a-day": "1", "a-month": "7", "a-year": "2026", "a-time": "25:00"},
     ("a-day", "Time must be like 2:30pm or 14:30")),
    (Field(name="a", label="Since", kind="moment"),
     {"a-day": "1", "a-month": "7", "a-year": "2026", "a-time": "13pm"},
     ("a-day", "Time must be like 2:30pm or 14:30")),
    (Field(name="a", label="Who?", kind="people"), {"a": "Carys"},
     ("a", "Give each person by the whole pseudonym: 32 letters and numbers, one person a line")),
    (Field(name="a", label="Who?", kind="person"), {"a": f"{SOMEBODY} {OTHER}"}, ("a", "Give one person")),
]  # fmt: skip


def sent(typed: dict[str, Any]) -> dict[str, list[str]]:
    """What a browser sends of it."""
    return {name: value if isinstance(value, list) else [value] for name, value in typed.items()}


@pytest.mark.parametrize(("field", "typed", "value"), READ)
def test_what_was_typed_is_what_the_api_takes(field: Field, typed: dict[str, Any], value: object) -> None:
    body, errors = read([field], sent(typed), TODAY)
    assert errors == []
    assert body == {field.name: value}
    assert answered([field], sent(typed), TODAY)[0] == ({} if value in (None, []) else {field.name: value})
    again = typed_from([field], body)
    assert read([field], again, TODAY)[0] == body, "a form that changes it begins with the same"


@pytest.mark.parametrize(("field", "typed", "wrong"), WRONG)
def test_what_is_wrong_is_said_where_it_leads_and_what_was_typed_stands_there(
    field: Field, typed: dict[str, str], wrong: tuple[str, str]
) -> None:
    _, errors = read([field], sent(typed), TODAY)
    assert errors == [wrong]
    assert kept([field], sent({**typed, "other": "x"})) == sent({name: text for name, text in typed.items() if text})
    page = shown(field, sent(typed), errors)
    assert f'id="{wrong[0]}"' in page, "the summary leads to a box that is there"
    assert wrong[1].replace("'", "&#39;") in page
    for text in typed.values():
        offered = field.kind in {"choice", "choices", "radios", "select", "yes_no", "secret"}
        assert offered or text.strip() in page


def shown(field: Field, typed: dict[str, list[str]], errors: list[tuple[str, str]]) -> str:
    macros: Any = environment().get_template("fields.html").module
    return str(macros.asked(field, typed, errors))


def test_choices_are_shown_as_they_fit() -> None:
    many = tuple((str(number), f"Choice {number}") for number in range(8))
    few = Field(name="a", label="Which?", kind="choice", options=KIND)
    page = shown(few, {"a": ["refuge"]}, [])
    assert page.count('type="radio"') == 2
    assert "It is passed on to nobody" in page
    assert re.search(r'value="refuge"[^>]*checked', page)
    page = shown(Field(name="a", label="Which?", kind="choice", options=many, hint="Look"), {"a": ["3"]}, [("a", "No")])
    assert '<option value="3" selected>Choice 3</option>' in page
    assert 'aria-describedby="a-hint a-error"' in page
    assert shown(Field(name="a", label="Which?", kind="radios", options=many), {}, []).count('type="radio"') == 8
    dropped = Field(name="a", label="Which?", kind="select", options=KIND, empty="Not known, or none")
    assert '<option value="">Not known, or none</option>' in shown(dropped, {}, [])
    assert shown(Field(name="a", label="Right?", kind="yes_no"), {}, []).count('type="radio"') == 2
    assert 'value="abc"' not in shown(Field(name="pin", label="Key", kind="secret"), {"pin": ["abc"]}, [])
    assert 'autocomplete="tel"' in shown(Field(name="a", label="T", kind="telephone", autocomplete="tel"), {}, [])


def test_a_refusal_stands_beside_the_closest_field() -> None:
    fields = (
        Field(name="notice", label="Which notice?"),
        Field(name="version", label="Which version?", pointer="/notice/version"),
        Field(name="on", label="When?", kind="date", pointer="/told_on"),
    )
    found = tuple(FieldProblem(pointer, "x", "no") for pointer in ("/notice/version/0", "/notice", "/told_on", "/told"))
    problem = Refused(422, "invalid", "", errors=found)
    assert errors_of(problem, fields) == [("version", "No"), ("notice", "No"), ("on-day", "No"), ("", "No")]


def test_a_day_that_must_be_over_is_read_with_todays_date() -> None:
    born = Field(name="a", label="Born", kind="date", past=True)
    with pytest.raises(LookupError):
        read([born], {"a-day": ["1"], "a-month": ["1"], "a-year": ["2020"]})
