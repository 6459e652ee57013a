"""What is written down names what exists: paths in decisions, links between pages, words of the glossary."""

import re
from pathlib import Path

import pytest

from connective.contracts.categories import AssuranceLevel, Category, Purpose
from connective.contracts.permissions import Role

ROOT = Path(__file__).resolve().parents[2]
ADRS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SECTIONS = ["Context", "Decision", "Consequences", "Where", "Checked by"]
CODE_PATH = re.compile(r"`((?:shared|services|gateway|frontend|deploy|tests|docs|requirements)(?:/[\w.\-]+)*/?)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
each_adr = pytest.mark.parametrize("path", ADRS, ids=lambda path: path.name[:4])
each_page = pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@each_adr
def test_a_decision_has_its_parts(path: Path) -> None:
    text = text_of(path)
    assert re.match(rf"# {path.name[:4]}: \S", text)
    assert "\nAccepted." in text or "\nReplaced by [" in text
    assert re.findall(r"^## (.*)$", text, flags=re.MULTILINE) == SECTIONS


@each_adr
def test_a_decision_is_one_page(path: Path) -> None:
    assert len(text_of(path).splitlines()) <= 75


@each_adr
def test_a_decision_says_where_it_is_and_what_checks_it(path: Path) -> None:
    where, checked = text_of(path).split("\n## Where\n")[1].split("\n## Checked by\n")
    assert CODE_PATH.search(where)
    assert CODE_PATH.search(checked) or "`.importlinter`" in checked


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))
    index = text_of(ROOT / "docs" / "adr" / "README.md")
    for path in ADRS:
        title = text_of(path).splitlines()[0].partition(": ")[2]
        assert f"[{path.name[:4]}]({path.name})" in index
        assert title.split(":")[0].split(",")[0] in index, f"the index calls {path.name} something else"


@each_page
def test_every_path_that_is_named_exists(path: Path) -> None:
    missing = [name for name in CODE_PATH.findall(text_of(path)) if not (ROOT / name).exists()]
    assert not missing


@each_page
def test_every_link_leads_somewhere(path: Path) -> None:
    links = [link for link in LINK.findall(text_of(path)) if not re.match(r"[a-z]+:", link)]
    missing = [link for link in links if not (path.parent / link).exists()]
    assert not missing


def test_the_glossary_has_every_purpose_role_and_level() -> None:
    text = text_of(ROOT / "docs" / "glossary.md")
    for code in (*Purpose, *Role, *AssuranceLevel):
        assert f"`{code}`" in text, code


def test_categories_are_no_words_of_another_country() -> None:
    """British spelling on the wire: the shape of a code is part of the API."""
    for code in Category:
        assert not re.search(r"organiz|behavior|center", code), code
