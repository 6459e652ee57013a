"""Jobs that run by the clock, with the clock passed in."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connective.kit.clock import Clock
from connective.kit.logs import log


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every so often; it must bear being run late, twice, or on two machines at once."""

    name: str
    every: timedelta
    run: Callable[[datetime], Awaitable[None]]


class Scheduler:
    """Runs each job at its own pace; one that fails is logged and tried at its next turn."""

    def __init__(self, jobs: Sequence[Job], clock: Clock) -> None:
        self._jobs = jobs
        self._clock = clock

    async def run(self) -> None:
        """Run until cancelled."""
        async with asyncio.TaskGroup() as group:
            for job in self._jobs:
                group.create_task(self._repeat(job), name=f"job:{job.name}")

    async def run_once(self, name: str) -> None:
        """Run one job now (tests, operators). Raises KeyError for an unknown name."""
        jobs = {job.name: job for job in self._jobs}
        await jobs[name].run(self._clock())

    async def _repeat(self, job: Job) -> None:
        while True:
            try:
                await job.run(self._clock())
            except Exception as error:  # noqa: BLE001 - one job's failure must not stop the others
                log().error("job_failed", job=job.name, error=type(error).__name__)
            await asyncio.sleep(job.every.total_seconds())
