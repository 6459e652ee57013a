"""What the running Hub takes of the machine's memory."""

import os
from collections import defaultdict
from contextlib import suppress
from pathlib import Path


def descendants() -> list[int]:
    """Every process below this one: servers, services, and what they started."""
    children: dict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                # The name in brackets may hold spaces, so the parent is counted from behind it.
                parent = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1]
                children[int(parent)].append(int(entry.name))
    found, waiting = [], [os.getpid()]
    while waiting:
        below = children[waiting.pop()]
        found += below
        waiting += below
    return found


def proportional_megabytes(processes: list[int]) -> float:
    """Their proportional set size: what several share is divided among them. Linux only; elsewhere 0."""
    total = 0
    for number in processes:
        with suppress(OSError):
            for line in Path(f"/proc/{number}/smaps_rollup").read_text(encoding="utf-8").splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024
