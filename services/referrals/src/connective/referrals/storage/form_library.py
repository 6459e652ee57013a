"""The forms that ship with the service: every version of every kind, read once.

A version that requests were made on is never edited: a change is a new file with the next version.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from connective.contracts.categories import Category
from connective.contracts.fields import SHARED_FIELDS
from connective.referrals.domain.forms import ANSWER, About, Choice, FieldType, Form, FormField, RequiredWhen
from connective.referrals.domain.refusals import NoForm

_FORM_KEYS = {"fields", "kind", "one_subject", "required_categories", "title", "useful_categories", "version"}
_FIELD_KEYS = {
    "about",
    "categories",
    "choices",
    "help",
    "label",
    "maximum",
    "minimum",
    "name",
    "required",
    "required_when",
    "source",
    "type",
}


def _only(raw: dict[str, Any], keys: set[str], where: str) -> None:
    unknown = set(raw) - keys
    if unknown:
        raise ValueError(f"{where}: unknown keys {sorted(unknown)}")


def _categories(names: list[str]) -> frozenset[Category]:
    return frozenset(Category(name) for name in names)


def _condition(raw: dict[str, Any] | None) -> RequiredWhen | None:
    return None if raw is None else RequiredWhen(raw["field"], tuple(raw["answers"]))


def _field(raw: dict[str, Any], where: str) -> FormField:
    _only(raw, _FIELD_KEYS, f"{where}, field {raw.get('name')}")
    source = raw.get("source", ANSWER)
    categories = _categories(raw["categories"])
    if source != ANSWER and not SHARED_FIELDS[source] <= categories:
        raise ValueError(f"{where}, field {raw['name']}: {source} reveals more than its categories say")
    return FormField(
        name=raw["name"],
        label=raw["label"],
        help=raw["help"],
        type=FieldType(raw["type"]),
        required=raw.get("required", False),
        categories=categories,
        source=source,
        about=About(raw.get("about", About.SUBJECTS)),
        choices=tuple(Choice(code, label) for code, label in raw.get("choices", {}).items()),
        required_when=_condition(raw.get("required_when")),
        minimum=raw.get("minimum"),
        maximum=raw.get("maximum"),
    )


def _form(raw: dict[str, Any], where: str) -> Form:
    _only(raw, _FORM_KEYS, where)
    form = Form(
        kind=raw["kind"],
        version=raw["version"],
        title=raw["title"],
        one_subject=raw["one_subject"],
        required_categories=_categories(raw["required_categories"]),
        useful_categories=_categories(raw["useful_categories"]),
        fields=tuple(_field(item, where) for item in raw["fields"]),
    )
    unasked = frozenset().union(*(field.categories for field in form.fields)) - form.categories
    if unasked or form.required_categories & form.useful_categories:
        raise ValueError(f"{where}: every category of a field is either required or useful; check {sorted(unasked)}")
    return form


@cache
def forms() -> dict[tuple[str, int], Form]:
    """Every form by kind and version. Raises ValueError for a file that contradicts itself or the contracts."""
    found = {}
    for path in sorted(files("connective.referrals").joinpath("forms").iterdir(), key=lambda item: item.name):
        if path.name.endswith(".yaml"):
            form = _form(yaml.safe_load(path.read_text(encoding="utf-8")), path.name)
            if path.name != f"{form.kind}.{form.version}.yaml":
                raise ValueError(f"{path.name}: the name does not fit its kind and version")
            found[form.kind, form.version] = form
    return found


@cache
def latest_forms() -> dict[str, Form]:
    """The version of each kind that new requests are made on."""
    return {kind: form for (kind, _), form in sorted(forms().items())}


def form_of(kind: str, version: int | None = None) -> Form:
    """The form of a kind, the latest unless a version is named. Raises NoForm when there is none."""
    form = latest_forms().get(kind) if version is None else forms().get((kind, version))
    if form is None:
        raise NoForm(f"Services of the kind {kind} take no requests through the Hub yet: phone or signpost instead.")
    return form
