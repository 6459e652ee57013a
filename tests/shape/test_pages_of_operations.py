"""Every operation that somebody signs in for has a page, or a line that says why not: nothing is forgotten."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from page_calls import PARAMETER, Called, calls_in

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "frontend" / "src" / "connective" / "frontend"
_METHODS = {"delete", "get", "patch", "post", "put"}
_TABLE = Path(__file__).parent / "pages_of_operations.yaml"


@cache
def operations() -> list[str]:
    """Every operation that needs a sign-in, as `GET /families/{family_id}`."""
    paths = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    return [
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, item in paths.items()
        for method, operation in item.items()
        if method in _METHODS and operation["x-policy"]["access"] == "signed_in"
    ]


@cache
def table() -> dict[str, dict[str, str]]:
    """What no page asks for by an address that stands in its source."""
    found: dict[str, dict[str, str]] = yaml.safe_load(_TABLE.read_text(encoding="utf-8"))
    return found


def asked_for(operation: str, calls: set[Called]) -> bool:
    """Whether some page asks for it."""
    method, path = operation.split(" ")
    return any(call.is_of(method, re.sub(r"\{[^}]+\}", PARAMETER, path)) for call in calls)


def test_every_operation_has_a_page_or_a_reason() -> None:
    calls = calls_in(PAGES)
    assert len(calls) > 200, "the calls of the pages are found"
    without = {each for each in operations() if not asked_for(each, calls)}
    listed = {name for group in table().values() for name in group}
    assert without == listed, {
        "neither a page nor a line in the table": sorted(without - listed),
        "a line for what has a page, or is gone": sorted(listed - without),
    }


def test_no_line_stands_twice_and_each_says_something() -> None:
    assert set(table()) == {"not_yet", "programs", "through"}
    lines = [name for group in table().values() for name in group]
    assert len(lines) == len(set(lines))
    assert all(len(why) > 5 for group in table().values() for why in group.values())


def test_what_a_page_chooses_by_a_verb_stands_in_the_module_that_is_named() -> None:
    wrong = []
    for operation, module in table()["through"].items():
        verb = [part for part in operation.split(" ")[1].split("/") if part and not part.startswith("{")][-1]
        if not re.search(rf"\b{re.escape(verb)}\b", (PAGES / module).read_text(encoding="utf-8")):
            wrong.append(f"{operation}: {module} does not say {verb}")
    assert not wrong, wrong


def test_a_pattern_of_values_alone_is_no_page_of_anything() -> None:
    source: Any = Called("POST", f".*/{re.escape(PARAMETER)}")
    assert not source.is_of("POST", "/people/{}")
    assert Called("POST", f"/people/{re.escape(PARAMETER)}/needs").is_of("POST", "/people/{}/needs")
