"""What the table of conformity says is shown by a test is shown by one that exists."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "conformity.md"
SHORT = {"O": "gateway/tests/oauth/", "": ""}
SHOWN = re.compile(r"(?:\b(O) )?`([\w/]+\.py)` `(test_\w+)`")


def rows() -> list[list[str]]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line[:1] == "|"]
    return [row for row in found if row[-1] != "shown by" and set(row[0]) != {"-"}]


def test_every_line_names_tests_that_exist() -> None:
    assert len(rows()) > 30
    for row in rows():
        shown = SHOWN.findall(row[-1])
        assert len(shown) == row[-1].count(".py") > 0, row
        for short, path, name in shown:
            assert f"def {name}(" in (ROOT / (SHORT[short] + path)).read_text(encoding="utf-8"), (path, name)


def test_a_status_is_one_of_those_explained() -> None:
    for row in rows():
        if len(row) == 4:
            assert row[2].startswith(("passed", "own test", "aligned", "left out")), row
