"""What is wrong with a field is told in words of the person who sent it, and never by what they sent."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from connective.kit.description import show_fields
from connective.kit.plain_words import in_plain_words


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: UUID | None = None
    colour: Colour = Colour.RED
    day: date | None = None
    few: Annotated[tuple[int, ...], Field(min_length=1, max_length=2)] = (1,)
    short: Annotated[str, Field(min_length=2, max_length=3, pattern="^[a-z]+$")] = "ab"
    share: Annotated[int, Field(ge=1, le=9)] = 1


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"id": "secret"}, "Give an id, such as 0198c2f0-7e5a-7b3c-8d21-00000000091b."),
        ({"colour": "secret"}, "Give one of these: 'red' or 'blue'."),
        ({"day": "secret"}, "Give a day as YYYY-MM-DD."),
        ({"few": []}, "Give 1 at least."),
        ({"few": [1, 2, 3]}, "Give 2 at most."),
        ({"short": "s"}, "Write 2 characters at least."),
        ({"short": "secret"}, "Write 3 characters at most."),
        ({"short": "123"}, "Write it in the form it takes, which as a pattern is ^[a-z]+$"),
        ({"share": 0}, "Give 1 or more."),
        ({"share": "secret"}, "Give a whole number."),
        ({"secret": 1}, "There is no field of this name here: leave it out."),
    ],
)
def test_each_is_told_by_what_to_give_instead(sent: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Sent.model_validate(sent)
    (error,) = caught.value.errors()
    assert in_plain_words(error) == sentence


def test_what_has_no_sentence_here_keeps_its_own() -> None:
    assert in_plain_words({"type": "value_error", "msg": "Value error, Say why."}) == "Say why."
    assert in_plain_words({"type": "enum", "msg": "Input should be 1"}) == "Input should be 1"


def test_a_field_is_described_where_it_does_not_describe_itself() -> None:
    schemas: dict[str, Any] = {
        "A": {"properties": {"id": {"description": "Its own."}, "at": {}, "x": {}}},
        "B": {"properties": {"at": {}}},
        "C": {"enum": [1]},
    }
    show_fields(schemas, {"id": "An id.", "at": "When.", "B.at": "Where."})
    assert schemas["A"]["properties"] == {"id": {"description": "Its own."}, "at": {"description": "When."}, "x": {}}
    assert schemas["B"]["properties"]["at"] == {"description": "Where."}
