"""Long work that tells how far it is: server-sent events, and the same page loading again where no script runs.

A page shows `domain.sheets.Watch` (or any element with `data-progress="/address/of/the/stream"`); that address answers
`stream(...)`. Without script `templates/sheet.html` loads itself again every few seconds and has a link to look again.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import StreamingResponse

from connective.frontend.domain.answers import Refused, SignInNeeded

LONGEST_SECONDS = 45.0
"""After this a stream ends and the browser asks again by itself, with a token that was renewed meanwhile."""
EVERY_SECONDS = 1.5
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Step:
    """How far the work is."""

    words: str
    """A sentence for people; it is read aloud as it changes, so it names nobody and changes when something did."""
    share: float | None = None
    """Of 1; None where nobody knows how much there is."""
    done: bool = False
    target: str | None = None
    """Where to go once it is done: a path of ours; the same page again otherwise."""


Steps = AsyncIterator[Step]


async def looking(look: Callable[[], Awaitable[Step]], every: float = EVERY_SECONDS) -> Steps:
    """Steps of work that another process does: `look` asks the API how far it is, until it is done."""
    while True:
        step = await look()
        yield step
        if step.done:
            return
        await asyncio.sleep(every)


async def waiting(work: Awaitable[Step], words: str, every: float = EVERY_SECONDS) -> Steps:
    """Steps of one call that takes long: says that it goes on, until it answers its last step."""
    task = asyncio.ensure_future(work)
    try:
        while not task.done():
            yield Step(words)
            await asyncio.wait({task}, timeout=every)
        yield await task
    finally:
        task.cancel()


def stream(request: Request, steps: Steps, longest: float = LONGEST_SECONDS) -> StreamingResponse:
    """The steps as server-sent events: `progress` for each, `done` with the last, nothing once nobody listens."""
    return StreamingResponse(_events(request, steps, longest), media_type="text/event-stream", headers=_HEADERS)


async def _events(request: Request, steps: Steps, longest: float) -> AsyncIterator[str]:
    until = asyncio.get_running_loop().time() + longest
    yield "retry: 1500\n\n"
    try:
        async for step in steps:
            yield event_of(step)
            if step.done or asyncio.get_running_loop().time() > until or await request.is_disconnected():
                return
    except (Refused, SignInNeeded):
        # The page itself says what is the matter; a stream has no words for it.
        yield event_of(Step("", done=True))


def event_of(step: Step) -> str:
    """One step as the browser gets it."""
    told = {"words": step.words, "share": step.share, "target": step.target}
    return f"event: {'done' if step.done else 'progress'}\ndata: {json.dumps(told)}\n\n"
