"""Officers are told which call answers a promise and which test shows it: every line names what exists."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHORT = {"C": "services/consent/tests/integration/", "U": "services/consent/tests/unit/"}
CALL = re.compile(r"`(GET|POST|PUT) (/[^`]+)`")
SHOWN = re.compile(r"(?:\b([CU]) )?`([\w/]+\.py)`((?: `test_\w+`)+)")


def lines() -> list[list[str]]:
    page = (ROOT / "docs" / "what-can-be-proved.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:1] == "|"]
    return [row for row in rows if row[0] != "promise" and set(row[0]) != {"-"}]


def named_in(shown: str) -> list[tuple[str, list[str]]]:
    return [
        (SHORT.get(short, "") + path, re.findall(r"test_\w+", names)) for short, path, names in SHOWN.findall(shown)
    ]


@pytest.fixture(scope="module")
def described() -> set[tuple[str, str]]:
    paths = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))["paths"]
    return {(method.upper(), path.removeprefix("/api/v1")) for path, calls in paths.items() for method in calls}


def test_every_promise_has_a_call_that_is_described(described: set[tuple[str, str]]) -> None:
    for promise, calls, _ in lines():
        assert CALL.search(calls), promise
        assert not set(CALL.findall(calls)) - described, promise


def test_every_promise_is_shown_by_tests_that_exist() -> None:
    for promise, _, shown in lines():
        named = named_in(shown)
        assert sum(len(names) + 1 for _, names in named) == shown.count("`") // 2 > 0, f"{promise}: {shown}"
        for path, names in named:
            text = (ROOT / path).read_text(encoding="utf-8")
            assert not [name for name in names if f"def {name}(" not in text], f"{promise}: {path}"
