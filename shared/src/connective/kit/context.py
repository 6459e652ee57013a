"""What travels with the request being served: its id and its place in a trace (W3C Trace Context)."""

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass

_TRACEPARENT = re.compile(r"^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$")
_REQUEST_ID = re.compile(r"^[A-Za-z0-9_.-]{8,64}$")


@dataclass(frozen=True, slots=True)
class Trace:
    """The id a person can quote, and the trace the work belongs to."""

    request_id: str
    traceparent: str


def new_trace(request_id: str | None = None, traceparent: str | None = None) -> Trace:
    """Take over what the caller sent when it is well formed; else begin anew."""
    if request_id is None or not _REQUEST_ID.fullmatch(request_id):
        request_id = secrets.token_hex(12)
    if traceparent is None or not _TRACEPARENT.fullmatch(traceparent):
        traceparent = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"
    return Trace(request_id, traceparent)


current_trace: ContextVar[Trace | None] = ContextVar("current_trace", default=None)


def trace() -> Trace:
    """The trace of the present work; background work gets one of its own."""
    found = current_trace.get()
    if found is None:
        found = new_trace()
        current_trace.set(found)
    return found
