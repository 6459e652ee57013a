"""A form as text (YAML), for whoever would rather write thirty questions than click through them."""

import json
from collections.abc import Mapping
from typing import Any

import yaml

from connective.frontend.domain.fields import Errors, Field
from connective.frontend.domain.kept_forms import body_of

FIELD = Field(
    name="text",
    label="The form as text",
    kind="long",
    rows=30,
    required="Write the form",
    hint="YAML: one question after another, in the order in which they are asked. Spaces at the beginning of a line "
    "say what belongs to what. Whoever fills the form in reads its words.",
)
_DEEPEST = 12
_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Plain(yaml.SafeLoader):
    """Takes a day for the text that it is: nothing of a form is a date."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the library declares it
        first: [each for each in found if each[0] != _TIMESTAMP]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def as_text(form: Mapping[str, Any]) -> str:
    """A version of a form as its text begins."""
    return yaml.safe_dump(body_of(form), sort_keys=False, allow_unicode=True, width=100)


def from_text(text: str) -> tuple[dict[str, Any], Errors]:
    """What was written as the API takes it, and what is wrong with its writing; the API says what is wrong with it."""
    try:
        _refuse_tricks(text)
        found = yaml.load(text, Loader=_Plain)  # noqa: S506 - a SafeLoader
        json.dumps(found, allow_nan=False)
    except yaml.YAMLError as error:
        return {}, [(FIELD.name, _told(error))]
    except (TypeError, ValueError):
        return {}, [(FIELD.name, "Write words, numbers, true and false only")]
    if not isinstance(found, dict) or not isinstance(found.get("fields"), list):
        return {}, [(FIELD.name, "The text needs a title and “fields:”, with a question after each “-”")]
    if not all(isinstance(each, dict) and each.get("label") for each in found["fields"]):
        return {}, [(FIELD.name, "Each question under “fields:” needs at least a “label:”")]
    return {str(name): value for name, value in found.items()}, []


def _refuse_tricks(text: str) -> None:
    """A few words that stand for millions, or boxes within boxes without end, are no form. Raises YAMLError."""
    depth = 0
    for event in yaml.parse(text, Loader=_Plain):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > _DEEPEST:
            raise yaml.YAMLError("Nothing can stand for something else, or lie so deep")


def _told(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"Line {mark.line + 1}" if mark is not None else "The text"
    return f"{where} cannot be read: {getattr(error, 'problem', None) or error}"
