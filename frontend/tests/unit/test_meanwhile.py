"""A form that is shown again over a newer version: beside each question, what somebody else changed meanwhile."""

from html import unescape
from typing import Any

import pytest

from connective.frontend.domain.fields import Field
from connective.frontend.domain.meanwhile import BEGAN, Meanwhile, marks_of, since
from connective.frontend.pages.rendering import environment

NAME = Field(name="name", label="Name")
KIND = Field(name="kind", label="What is it?", kind="choice", options=(("home", "At home"), ("hall", "In a hall")))
WAYS = Field(name="ways", label="How?", kind="choices", options=(("post", "By post"), ("phone", "By telephone")))
OPEN = Field(name="open", label="Is it open?", kind="yes_no", hint="Today.")
SINCE = Field(name="since", label="Since when?", kind="date")
PIN = Field(name="pin", label="PIN", kind="secret")
FIELDS = (NAME, KIND, WAYS, OPEN, SINCE, PIN)
STORED = {
    "name": ["Soup"], "kind": ["home"], "ways": ["post", "phone"], "open": ["yes"],
    "since-day": ["1"], "since-month": ["7"], "since-year": ["2026"], "pin": ["123456"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ({}, {}),
        ({"ways": ["phone", "post"]}, {}),
        ({"pin": ["654321"]}, {}),
        ({"name": ["Soup\nand bread"]}, {"name": "Changed meanwhile to: Soup\nand bread"}),
        ({"name": [""]}, {"name": "Changed meanwhile: it is empty now"}),
        ({"kind": ["hall"], "open": ["no"]},
         {"kind": "Changed meanwhile to: In a hall", "open": "Changed meanwhile to: No"}),
        ({"ways": ["phone"]}, {"ways": "Changed meanwhile to: By telephone"}),
        ({"since-month": ["8"]}, {"since": "Changed meanwhile to: 1 August 2026"}),
    ],
)  # fmt: skip
def test_what_is_another_than_the_form_began_with_is_told_in_its_own_words(
    now: dict[str, list[str]], told: dict[str, str]
) -> None:
    meanwhile = since({"began": [marks_of(STORED)]}, STORED | now)
    assert {each.name: said for each in FIELDS if (said := meanwhile.of(each))} == told


def test_a_mark_tells_nothing_of_what_it_marks_and_what_was_empty_may_be_filled_meanwhile() -> None:
    opened = since({}, STORED)
    assert "Soup" not in opened.began
    assert len(opened.began) < 150
    assert not any(opened.of(each) for each in FIELDS), "nothing changes while a form is only opened"
    assert not any(since({BEGAN: [opened.began]}, None).of(each) for each in FIELDS), "nor where nobody looked"
    assert since({BEGAN: [marks_of({"name": [""]})]}, {"name": ["Bread"]}).of(NAME) == "Changed meanwhile to: Bread"


def test_it_stands_in_the_hint_of_its_question_so_that_it_is_read_out_with_it() -> None:
    macros: Any = environment().get_template("fields.html").module
    dropped = Field(name="which", label="Which?", kind="select", options=KIND.options)
    told = Meanwhile("", {"name": ["<b>"], "kind": ["<b>"], "open": ["<b>"], "since-day": ["<b>"], "which": ["<b>"]})
    for each in (NAME, KIND, OPEN, SINCE, dropped):
        page = str(macros.asked(each, {}, [], told))
        assert f'aria-describedby="{each.name}-hint"' in page
        assert "Changed meanwhile to: &lt;b&gt;" in page, "as text"
        assert each.hint in unescape(page)
    assert "meanwhile" not in str(macros.asked(WAYS, {}, [], told))
