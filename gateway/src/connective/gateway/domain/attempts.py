"""Guessing passwords: each failure makes the next try wait longer, for that account from that address alone.

A lock on the account would let anybody shut somebody else out by typing rubbish; a delay per account *and* address
slows the guesser and nobody else.
"""

from datetime import datetime, timedelta

FREE_FAILURES = 3
LONGEST_WAIT = timedelta(minutes=5)
FORGOTTEN_AFTER = timedelta(hours=1)
ALARM_AT = 6
"""Failures after which the account's holder and the operators are told."""


def wait_after(failures: int) -> timedelta:
    """How long after the last of so many failures the next try is refused: 1 s after the fourth, then doubling."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - FREE_FAILURES - 1, 20)), LONGEST_WAIT)


def seconds_to_wait(failures: int, last_failed_at: datetime, now: datetime) -> int:
    """How many whole seconds the next try must still wait; 0 when it may be made."""
    left = last_failed_at + wait_after(failures) - now
    return max(0, -(-int(left.total_seconds() * 1000) // 1000))
