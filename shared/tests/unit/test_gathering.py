"""How long the relay lets facts gather: longer where many come in a second, and never for its own sake."""

import pytest

from connective.kit.relay import Pace

STEADY = 200
"""Facts a second at which the delay is measured and promised (`event.delay`)."""
PUBLISHING_SECONDS = 0.02
"""What claiming, publishing and marking one batch takes at the most on a machine that is not overloaded."""
STALL_SECONDS = 1.0
"""What one batch may take on a machine that has too much to do."""


def _waits(a_second: float, stalls: int = 0) -> list[float]:
    """How long it waits after each batch of six seconds."""
    pace, waits, now, came = Pace(), [], 100.0, 100.0
    while now < 106.0:
        drained = int((now - came) * a_second)
        came += drained / a_second
        waits.append(pace.after(drained, now))
        stalled = STALL_SECONDS if len(waits) in range(8, 8 + stalls) else 0.0
        now += waits[-1] + PUBLISHING_SECONDS + stalled
    return waits


def test_many_facts_a_second_gather_longer() -> None:
    assert _waits(1000)[-1] > _waits(20)[-1] == min(_waits(1000))


@pytest.mark.parametrize("stalls", [0, 3])
def test_a_steady_rate_is_never_kept_waiting_longer(stalls: int) -> None:
    assert set(_waits(STEADY, stalls)) == set(_waits(20))
