"""How long the relay lets facts gather: longer where a batch saves much, and never for its own sake."""

from connective.kit.relay import gathering

STEADY = 200
"""Facts a second at which the delay is measured and promised (`event.delay`)."""
PUBLISHING_SECONDS = 0.02
"""What claiming, publishing and marking one batch takes at the most on a machine that is not overloaded."""


def test_many_facts_gather_longer() -> None:
    assert gathering(1) < gathering(50) == gathering(500)


def test_a_long_wait_does_not_lead_to_the_next_one_at_a_steady_rate() -> None:
    longest = gathering(500)
    gathered = STEADY * (longest + PUBLISHING_SECONDS)
    assert gathering(int(gathered)) < longest
