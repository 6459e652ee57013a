"""Rate limits: a token bucket per caller, as plain arithmetic; the time is passed in."""

import math
from collections import OrderedDict
from dataclasses import dataclass

_MOST_BUCKETS = 50_000


@dataclass(frozen=True, slots=True)
class Quota:
    """How many requests a caller may make in a burst, and within how many seconds so many are earned again."""

    name: str
    requests: int
    seconds: int

    @property
    def policy(self) -> str:
        """The `RateLimit-Policy` header's value (draft-ietf-httpapi-ratelimit-headers)."""
        return f'"{self.name}";q={self.requests};w={self.seconds}'


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one more request is let through, and what is left."""

    allowed: bool
    remaining: int
    wait_seconds: int
    """How long until another request would be let through; 0 when one would be now."""


class Buckets:
    """The buckets of one quota, one per caller; the longest unused are forgotten first.

    A forgotten bucket is a full one, so memory stays bounded and nobody is refused for it.
    """

    def __init__(self, quota: Quota, most: int = _MOST_BUCKETS) -> None:
        self.quota = quota
        self._rate = quota.requests / quota.seconds
        self._most = most
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str, now: float) -> Verdict:
        """Take one request from the caller's bucket at `now` (seconds of any steady clock)."""
        level, at = self._levels.get(caller, (float(self.quota.requests), now))
        level = min(float(self.quota.requests), level + max(0.0, now - at) * self._rate)
        allowed = level >= 1.0
        if allowed:
            level -= 1.0
        self._levels[caller] = (level, now)
        self._levels.move_to_end(caller)
        if len(self._levels) > self._most:
            self._levels.popitem(last=False)
        wait = 0 if level >= 1.0 else math.ceil((1.0 - level) / self._rate)
        return Verdict(allowed, int(level), wait)
