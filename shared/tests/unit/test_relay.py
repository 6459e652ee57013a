"""How long the relay lets facts gather between two batches."""

from connective.kit.relay import gathering

_DRAIN_SECONDS = 0.008
"""About what it takes to publish a batch and mark it."""


def settled(facts_a_second: float) -> float:
    """The wait that a steady load leads to, begun with an empty outbox."""
    wait = gathering(1)
    for _ in range(200):
        wait = gathering(round(facts_a_second * (wait + _DRAIN_SECONDS)))
    return wait


def test_gathering_is_short_until_many_facts_come_and_never_long() -> None:
    """A steady two hundred a second are not held back; a flood is, by a twentieth of a second at most."""
    assert settled(1) == settled(200) == 0.008
    assert settled(600) == gathering(500) == 0.05
