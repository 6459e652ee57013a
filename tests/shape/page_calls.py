"""Which operations of the API the pages ask for, read from their source: every call of `hub`, with its address."""

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

METHODS = {
    "delete": "DELETE",
    "file": "GET",
    "get": "GET",
    "part": "GET",
    "part_of_search": "POST",
    "patch": "PATCH",
    "post": "POST",
    "post_file": "POST",
    "pour": "GET",
    "put": "PUT",
    "read": "GET",
    "send_file": "PUT",
    "version": "HEAD",
}
PARAMETER = "{}"
_ONE = re.escape(PARAMETER)
"""What stands in an address for an id, which only a request knows; a verb that a page chooses is in the table."""
_ANY = ".*"
Names = Mapping[str, list[str]]


@dataclass(frozen=True)
class Called:
    """One call: its method, and its address as a pattern."""

    method: str
    pattern: str

    def is_of(self, method: str, path: str) -> bool:
        """Whether it is this operation, whose parameters stand as `PARAMETER`. Nothing but values says nothing."""
        telling = re.search(r"[a-z]{2}", self.pattern.replace(_ONE, "").replace(_ANY, "")) is not None
        return telling and method == self.method and re.fullmatch(self.pattern, path) is not None


def calls_in(source: Path) -> set[Called]:
    """Every call of the API in these packages whose address says where it goes."""
    return {call for path in sorted(source.rglob("*.py")) for call in _calls(ast.parse(path.read_text("utf-8")))}


def _calls(tree: ast.Module) -> Iterable[Called]:
    constants = _assigned(tree.body, {})
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            names = _assigned(ast.walk(function), constants)
            for node in ast.walk(function):
                yield from _call(node, names)


def _assigned(nodes: Iterable[ast.AST], known: Names) -> dict[str, list[str]]:
    names = dict(known)
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names |= {node.targets[0].id: found} if (found := _patterns(node.value, names)) else {}
        elif (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Tuple)
            and isinstance(node.value, ast.Tuple)
        ):
            for target, value in zip(node.targets[0].elts, node.value.elts, strict=False):
                if isinstance(target, ast.Name) and (found := _patterns(value, names)):
                    names[target.id] = found
    return names


def _call(node: ast.AST, names: Names) -> Iterable[Called]:
    if not isinstance(node, ast.Call) or not node.args:
        return
    called, given = node.func, node.args
    if isinstance(called, ast.Name) and called.id == "partial":
        # A call that waits until it is known whether its reader may make it.
        called, given = given[0], given[1:]
    if isinstance(called, ast.Attribute) and called.attr in METHODS and "hub" in ast.unparse(called.value):
        method, address = METHODS[called.attr], given[0]
    elif isinstance(called, ast.Name) and called.id == "every":
        method, address = "GET", given[1]
    else:
        return
    yield from (Called(method, pattern) for pattern in _patterns(address, names) or [])


def _patterns(node: ast.expr, names: Names) -> list[str] | None:
    """What a text may be, as patterns; None where the source does not say."""
    if isinstance(node, ast.Constant):
        return [re.escape(node.value)] if isinstance(node.value, str) else None
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.IfExp):
        return [*(_patterns(node.body, names) or []), *(_patterns(node.orelse, names) or [])] or None
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Dict):
        return [each for value in node.value.values for each in _patterns(value, names) or []] or None
    if isinstance(node, ast.JoinedStr):
        return _joined(node, names)
    return None


def _joined(node: ast.JoinedStr, names: Names) -> list[str]:
    found = [""]
    for number, part in enumerate(node.values):
        value = part.value if isinstance(part, ast.FormattedValue) else part
        ends = _patterns(value, names) or [_ONE if number else _ANY]
        found = [start + end for start in found for end in ends]
    return found
