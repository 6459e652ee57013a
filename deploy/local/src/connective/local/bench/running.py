"""`make bench`: every speed that matters beside its limit, both measured in one run on one machine."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from connective.local.bench.decisions import decision_many, decision_one, ledger_append
from connective.local.bench.directory_search import directory_search
from connective.local.bench.event_delay import event_delay
from connective.local.bench.event_rate import event_rate
from connective.local.bench.fairness import fairness
from connective.local.bench.footprint import descendants, proportional_megabytes
from connective.local.bench.gateway_cost import gateway_cost
from connective.local.bench.growth import growth, inbox_read
from connective.local.bench.hub import Hub, open_hub
from connective.local.bench.ledger_verify import ledger_verify
from connective.local.bench.measure import Result, print_table, write
from connective.local.bench.page_times import PAGE_TIMES
from connective.local.bench.record_read import record_read
from connective.local.bench.referral_create import referral_create
from connective.local.bench.row_security import row_security_cost
from connective.local.bench.token_issue import token_issue
from connective.local.bench.webhook_isolation import webhook_isolation

BENCHMARKS: dict[str, Callable[[Hub], Awaitable[Result]]] = {
    # First, while nothing that others left is still being consumed or sealed.
    "event.delay": event_delay,
    "webhook.isolation": webhook_isolation,
    "event.rate": event_rate,
    "gateway.cost": gateway_cost,
    "token.issue": token_issue,
    "fairness": fairness,
    "record.read": record_read,
    "referral.create": referral_create,
    **PAGE_TIMES,
    # After what is measured in a small database: the first of these fills it.
    "decision.one": decision_one,
    "decision.many": decision_many,
    "ledger.append": ledger_append,
    "ledger.verify": ledger_verify,
    "row_security.cost": row_security_cost,
    # Last, because they fill the directory and the inbox with copies.
    "directory.search": directory_search,
    "inbox.read": inbox_read,
    "inbox.growth": growth("inbox"),
    "feed.growth": growth("feed"),
    "tasks.growth": growth("tasks"),
}
_REPORT = Path("build/bench.json")
_IDLE_SECONDS = 5.0


async def run_benchmarks(names: Sequence[str]) -> None:
    """Measure these (all, when none is named), print the table, and write build/bench.json."""
    results = []
    print("Starting the Hub and loading its place …", flush=True)
    async with open_hub() as hub:
        await asyncio.sleep(_IDLE_SECONDS)
        memory = proportional_megabytes(descendants())
        print(f"Ready {hub.ready_seconds:.1f} s after the start; {memory:.0f} MB (PSS) when idle.", flush=True)
        for name, measure in BENCHMARKS.items():
            if not names or name in names:
                print(f"{name} …", flush=True)
                results.append(await measure(hub))
    print_table(results)
    write(results, _REPORT)
