"""People sought by name, where there are too many to list: what was typed, who fits, and who was chosen of them."""

from collections.abc import Mapping, Sequence

Named = Sequence[tuple[str, str]]
"""Ids and names."""
MOST_SHOWN = 20
NOBODY = "We find nobody of that name here. Check it, or enter only part of it"
CHOOSE = "Choose who you mean of those found"
TOO_MANY = f"More than {MOST_SHOWN} people fit. Enter more of the name"


def who_fits(people: Named, text: str) -> list[tuple[str, str]]:
    """Those in whose names each word that was typed begins a word, whatever its case."""
    words = text.casefold().split()
    if not words:
        return []
    return [each for each in people if all(_begins(word, each[1]) for word in words)]


def _begins(word: str, name: str) -> bool:
    return any(part.startswith(word) for part in name.casefold().replace("(", " ").split())


def sought(people: Named, typed: Sequence[str], *, several: bool) -> list[str]:
    """Whom somebody means. A whole name that only one has is enough; of others they choose from those found.

    Raises ValueError with what to do next. Where one is asked for, a name that was typed counts before what was
    chosen earlier.
    """
    ids = {each for each, _ in people}
    chosen = [each for each in typed if each in ids]
    meant = list(dict.fromkeys(chosen if several else chosen[-1:]))
    for text in _texts(typed, ids):
        found = who_fits(people, text)
        whole = [each for each, name in found if _same(name, text)]
        if any(each in meant for each, _ in found):
            continue
        if len(whole) != 1:
            raise ValueError(_next(len(found)))
        meant = [*meant, *whole] if several else whole
    return meant


def shown(people: Named, typed: Sequence[str]) -> list[tuple[str, str]]:
    """Who is offered beside the box: those chosen already, and those found for what was typed."""
    ids: Mapping[str, str] = dict(people)
    found = [each for text in _texts(typed, ids) for each in who_fits(people, text)[:MOST_SHOWN]]
    chosen = [(each, ids[each]) for each in typed if each in ids]
    return list(dict.fromkeys([*chosen, *found]))


def in_box(people: Named, typed: Sequence[str]) -> str:
    """What stands in the box: the names as they were typed, one a line."""
    return "\n".join(_texts(typed, {each for each, _ in people}))


def _texts(typed: Sequence[str], ids: Mapping[str, str] | set[str]) -> list[str]:
    lines = [line.strip() for each in typed if each not in ids for line in each.splitlines()]
    return [line for line in lines if line]


def _same(name: str, text: str) -> bool:
    return name.casefold().split() == text.casefold().split()


def _next(found: int) -> str:
    if not found:
        return NOBODY
    return CHOOSE if found <= MOST_SHOWN else TOO_MANY
