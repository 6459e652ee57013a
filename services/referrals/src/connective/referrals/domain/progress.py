"""How the requests of a hub go, in counts that tell of nobody (trust rules, section 5.5)."""

SMALLEST_TOLD = 10
"""Fewer than ten are hidden: behind a smaller number somebody may know the family."""
ROUNDED_TO = 5
SHORTEST_WEEKS, LONGEST_WEEKS = 4, 156


def told(count: int) -> int | None:
    """A count as it may be read: hidden under ten, else rounded to the nearest five.

    No sums are told beside counts, so that nothing that is hidden can be worked out from what is shown.
    """
    return None if count < SMALLEST_TOLD else ROUNDED_TO * ((count + ROUNDED_TO // 2) // ROUNDED_TO)
