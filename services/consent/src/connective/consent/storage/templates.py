"""The agreement templates that ship with the product, read once from the package."""

from functools import cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from connective.consent.domain.templates import Template
from connective.kit.problems import NotFound

_TEMPLATE = TypeAdapter(Template)


@cache
def templates() -> tuple[Template, ...]:
    """Every template, by key. Raises pydantic.ValidationError for a file that is none."""
    folder = files("connective.consent").joinpath("data/agreement_templates")
    found = [
        _TEMPLATE.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in folder.iterdir()
        if path.name.endswith(".yaml")
    ]
    return tuple(sorted(found, key=lambda template: template.key))


def template(key: str) -> Template:
    """One template. Raises NotFound."""
    found = next((each for each in templates() if each.key == key), None)
    if found is None:
        raise NotFound
    return found
