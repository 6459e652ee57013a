"""Small numbers: what is published of counts, so that nobody can be found in them (trust design, threat 5)."""

from collections.abc import Mapping

SMALLEST_SHOWN = 10
ROUNDED_TO = 5


def publishable(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The counts as they may be published: None for one under ten, the others rounded to five.

    Where exactly one is hidden it could be worked out from a total, so the next smallest is hidden as well.
    """
    hidden = {name for name, count in counts.items() if 0 < count < SMALLEST_SHOWN}
    if len(hidden) == 1:
        others = [name for name, count in counts.items() if name not in hidden and count > 0]
        hidden |= set(sorted(others, key=lambda name: (counts[name], name))[:1])
    return {name: None if name in hidden else _rounded(count) for name, count in counts.items()}


def _rounded(count: int) -> int:
    return ROUNDED_TO * ((count + ROUNDED_TO // 2) // ROUNDED_TO)
