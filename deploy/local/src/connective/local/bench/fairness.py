"""`fairness`: how long others wait while one organisation sends fifty times its load, against quiet times."""

import asyncio
import statistics
import time
from contextlib import suppress

from connective.local.bench.calling import CallFailed, bearer, caller, getting
from connective.local.bench.hub import Hub
from connective.local.bench.measure import Result, Work

_EVERY_SECONDS = 0.05
"""How often the quiet organisation asks: twenty times a second."""
_ASKINGS = 120
_TIMES = 50


async def fairness(hub: Hub) -> Result:
    """The quiet organisation's 95th percentile in milliseconds: beside the flood (ours), and without it (the limit)."""
    service = hub.world.cast.services["parcel"]
    url = f"{hub.gateway}/services/{service}"
    async with caller() as client:
        quiet = getting(client, url, bearer(await hub.worker_token()))
        loud = getting(client, url, bearer(await hub.reader_token()))
        await _p95(quiet, askings=20)
        alone = await _p95(quiet)
        over = asyncio.Event()
        flood = [asyncio.create_task(_flood(loud, over)) for _ in range(_TIMES)]
        try:
            beside = await _p95(quiet)
        finally:
            # Told and not cancelled: a call that is cancelled may say that it failed, which a flood takes no notice of.
            over.set()
            await asyncio.gather(*flood, return_exceptions=True)
    return Result("fairness", beside, alone, "ms at p95", "<= 2")


async def _p95(work: Work, askings: int = _ASKINGS) -> float:
    took = []
    for _ in range(askings):
        started = time.perf_counter()
        await work()
        took.append(time.perf_counter() - started)
        await asyncio.sleep(max(0.0, _EVERY_SECONDS - took[-1]))
    return statistics.quantiles(took, n=20)[-1] * 1_000


async def _flood(work: Work, over: asyncio.Event) -> None:
    """Ask at the quiet one's own pace, as one of fifty, until told; what is refused for being too much is the point."""
    while not over.is_set():
        started = time.perf_counter()
        with suppress(CallFailed):
            await work()
        await asyncio.sleep(max(0.0, _EVERY_SECONDS - (time.perf_counter() - started)))
