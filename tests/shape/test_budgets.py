"""Code stays small enough to read: lengths of functions and files, and no packages that need each other."""

import ast
import statistics
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

LONGEST_FUNCTION = 60
LONGEST_FILE = 400
LONGEST_TEST_FILE = 600
MEDIAN_FUNCTION = 10
MOST_FUNCTIONS = 40  # ninety-five of a hundred are not longer
MOST_FILES = 250

# Data that reads best in one piece, with its limit.
Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(paths: Iterable[Path]) -> list[tuple[int, str]]:
    """The length in lines of every function, docstring and inner functions included, with where it is."""
    return [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{path}:{node.lineno} {node.name}")
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, Function)
    ]


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def at(share: float, values: list[int]) -> int:
    return sorted(values)[int(share * (len(values) - 1))]


def test_no_function_is_too_long_to_read(source_files: list[Path]) -> None:
    long = [where for length, where in functions(source_files) if length > LONGEST_FUNCTION]
    assert not long


def test_functions_are_short_as_a_rule(source_files: list[Path]) -> None:
    lengths = [length for length, _ in functions(source_files)]
    assert statistics.median(lengths) <= MEDIAN_FUNCTION
    assert at(0.95, lengths) <= MOST_FUNCTIONS


def test_no_file_is_too_long_to_read(python_files: list[Path], source_files: list[Path]) -> None:
    ours = set(source_files)
    limits = [(path, LONGEST_FILE if path in ours else LONGEST_TEST_FILE) for path in python_files]
    assert not [f"{path} has {lines(path)} lines" for path, limit in limits if lines(path) > limit]


def test_files_are_short_as_a_rule(source_files: list[Path]) -> None:
    assert at(0.95, [lines(path) for path in source_files]) <= MOST_FILES


def module_of(path: Path) -> tuple[str, ...] | None:
    """The dotted name of a module below `src`, in parts; None for a script."""
    parts = path.with_suffix("").parts
    if "src" not in parts:
        return None
    name = parts[parts.index("src") + 1 :]
    return name[:-1] if name[-1] == "__init__" else name


def imports(path: Path) -> set[tuple[str, ...]]:
    """Every import of a file, also those inside functions and those for types only."""
    found: set[tuple[str, ...]] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {tuple(alias.name.split(".")) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            base = tuple(node.module.split("."))
            found |= {(*base, alias.name) for alias in node.names}
    return {name for name in found if name[0] == "connective"}


@pytest.fixture(scope="module")
def edges(source_files: list[Path]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Who imports whom, as pairs of dotted names in parts."""
    return [
        (module, imported)
        for path in source_files
        if (module := module_of(path)) is not None
        for imported in imports(path)
    ]


@pytest.mark.parametrize("depth", [2, 3], ids=["packages", "parts of a package"])
def test_no_two_packages_need_each_other(edges: list[tuple[tuple[str, ...], tuple[str, ...]]], depth: int) -> None:
    graph: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for module, imported in edges:
        here, there = module[:depth], imported[:depth]
        if here != there and len(here) == depth and len(there) == depth:
            graph.setdefault(here, set()).add(there)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as cycle:
        pytest.fail(" needs ".join(".".join(part) for part in reversed(cycle.args[1])))
