"""`python pins.py run.txt PROJECT...`: the hashed pins that these projects need, and no others.

`requirements/run.txt` pins what the whole Hub needs on one machine, with the servers' own programs. An image runs one
service: this takes from the file what the service's pyproject.toml names, and what that needs in turn, which the file
itself tells in its `# via` comments. A PROJECT is a folder with a pyproject.toml, or the name of a pin.
"""

import re
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==")
_VIA = re.compile(r"^    # (?:via |  )(\S+)")
_OWN = "connective-"


@dataclass(frozen=True)
class Pin:
    """One pinned distribution: its lines in the file, and the pins that need it."""

    name: str
    lines: tuple[str, ...]
    needed_by: frozenset[str]


def normal(name: str) -> str:
    """A distribution's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", name, maxsplit=1)[0]).lower()


def read_pins(text: str) -> list[Pin]:
    """The pins of a compiled file, in its order."""
    blocks: list[list[str]] = []
    for line in text.splitlines():
        if _PIN.match(line):
            blocks.append([line])
        elif blocks and line.startswith("    "):
            blocks[-1].append(line)
    return [_read(block) for block in blocks]


def _read(block: list[str]) -> Pin:
    match = _PIN.match(block[0])
    if match is None:
        raise ValueError(f"not a pin: {block[0]}")
    via = [found[1] for line in block if (found := _VIA.match(line))]
    return Pin(normal(match[1]), tuple(block), frozenset(map(normal, via)))


def named(project: str) -> set[str]:
    """What a project's pyproject.toml depends on, its own packages left out; or the pin itself."""
    file = Path(project) / "pyproject.toml"
    if not file.exists():
        return {normal(project)}
    with file.open("rb") as opened:
        dependencies = map(normal, tomllib.load(opened)["project"]["dependencies"])
        return {each for each in dependencies if not each.startswith(_OWN)}


def closure(pins: Iterable[Pin], wanted: set[str]) -> list[Pin]:
    """The wanted pins and everything they need. Raises LookupError for one that is not pinned."""
    pins = list(pins)
    if missing := wanted - {pin.name for pin in pins}:
        raise LookupError(f"not pinned: {', '.join(sorted(missing))}")
    found = set(wanted)
    while more := {pin.name for pin in pins if pin.needed_by & found} - found:
        found |= more
    return [pin for pin in pins if pin.name in found]


def main(arguments: list[str]) -> int:
    """Print the pins. Answers the exit code."""
    file, *projects = arguments
    wanted = set[str]().union(*map(named, projects))
    chosen = closure(read_pins(Path(file).read_text(encoding="utf-8")), wanted)
    sys.stdout.write("".join(f"{line}\n" for pin in chosen for line in pin.lines))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
