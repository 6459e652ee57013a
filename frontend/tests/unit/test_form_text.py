"""A form that is written as text is the form that it was, and tricks are refused where they stand."""

from typing import Any

import pytest

from connective.frontend.domain.form_text import as_text, from_text
from connective.frontend.domain.kept_forms import body_of, draft_of

FORM: dict[str, Any] = draft_of(None, "food_bank") | {"one_subject": False}


def test_what_is_read_again_is_what_was_written() -> None:
    form = FORM | {"state": "draft", "version": 2}
    again, errors = from_text(as_text(form))
    assert errors == []
    assert again == body_of(form)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: [unclosed", "Line 1 cannot be read"),
        ("title: Food\nfields:\n  - label: A\n :", "Line 4 cannot be read"),
        ("Just words", "needs a title and “fields:”"),
        ("title: Food\nfields:\n  - help: of what?", "at least a “label:”"),
        ("title: &a x\nfields: [*a]", "The text cannot be read: Nothing can stand for something else"),
        ("fields: " + "[" * 40 + "]" * 40, "Nothing can stand for something else"),
        ("title: !!binary aGVsbG8=\nfields:\n  - label: A", "words, numbers, true and false only"),
        ("title: !!python/name:os.system\nfields: []", "Line 1 cannot be read"),
        ("minimum: .nan\nfields:\n  - label: A", "words, numbers, true and false only"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text: str, said: str) -> None:
    _, ((field, message),) = from_text(text)
    assert field == "text"
    assert said in message


def test_a_day_is_text() -> None:
    found, _ = from_text("title: 2026-03-01\nfields:\n  - label: A")
    assert found["title"] == "2026-03-01"
