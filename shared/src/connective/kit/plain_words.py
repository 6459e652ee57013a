"""What is wrong with a field, as a person who sent it reads it: what to give instead, never what was given.

Pydantic's own sentences speak of Python's types ("Tuple should have at least 1 item after validation, not 0").
"""

from collections.abc import Mapping
from typing import Any

_SENTENCES = {
    "bool_parsing": "Give true or false.",
    "date_from_datetime_parsing": "Give a day as YYYY-MM-DD.",
    "date_parsing": "Give a day as YYYY-MM-DD.",
    "datetime_from_date_parsing": "Give a moment as 2026-03-02T09:00:00Z.",
    "datetime_parsing": "Give a moment as 2026-03-02T09:00:00Z.",
    "enum": "Give one of these: {expected}.",
    "extra_forbidden": "There is no field of this name here: leave it out.",
    "greater_than": "Give more than {gt}.",
    "greater_than_equal": "Give {ge} or more.",
    "int_parsing": "Give a whole number.",
    "json_invalid": "The body is not JSON.",
    "less_than": "Give less than {lt}.",
    "less_than_equal": "Give {le} or less.",
    "literal_error": "Give one of these: {expected}.",
    "missing": "This is required.",
    "string_pattern_mismatch": "Write it in the form it takes, which as a pattern is {pattern}",
    "string_too_long": "Write {max_length} characters at most.",
    "string_too_short": "Write {min_length} characters at least.",
    "too_long": "Give {max_length} at most.",
    "too_short": "Give {min_length} at least.",
    "uuid_parsing": "Give an id, such as 0198c2f0-7e5a-7b3c-8d21-00000000091b.",
}


def in_plain_words(error: Mapping[str, Any]) -> str:
    """One error of pydantic's in a sentence; its own, where it is none of these."""
    sentence = _SENTENCES.get(str(error["type"]))
    if sentence is None:
        return str(error["msg"]).removeprefix("Value error, ")
    try:
        return sentence.format_map(error.get("ctx", {}))
    except KeyError:
        return str(error["msg"])
