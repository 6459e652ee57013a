"""The shapes in which officers' pages show things: tables, facts, and whole pages of one record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connective.frontend.domain.proving_words import account_mark, is_id, person_mark


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: words, perhaps a link or a coloured tag."""

    text: str
    href: str | None = None
    tag: str | None = None
    more: tuple["Cell", ...] = ()
    """Further links in the same cell: several people of one disclosure."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their heads. The first cell of each row is its head."""

    caption: str
    heads: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a record: its name and its value."""

    name: str
    value: Cell


@dataclass(frozen=True, slots=True)
class Record:
    """The page of one record."""

    title: str
    back: tuple[str, str]
    """Words and address of where it came from."""
    facts: list[Fact]
    tag: Cell | None = None
    said: tuple[str, ...] = ()
    """Sentences at the top: what this is, and what to do."""
    tables: list[Table] = field(default_factory=list)
    acts: list[tuple[str, str]] = field(default_factory=list)
    """Words and addresses of what can be done now, the likeliest first."""
    links: list[tuple[str, str]] = field(default_factory=list)
    clock: "Clock | None" = None


@dataclass(frozen=True, slots=True)
class Clock:
    """Hours that run out."""

    words: str
    due: str
    late: bool
    gone: int
    of: int


@dataclass(frozen=True, slots=True)
class Known:
    """What every page knows beside the record itself: names, who looks, and when."""

    now: datetime
    own: str = ""
    organisations: Mapping[str, str] = field(default_factory=dict)
    entities: Mapping[str, str] = field(default_factory=dict)
    agreements: Mapping[str, str] = field(default_factory=dict)
    permissions: frozenset[str] = frozenset()

    def organisation(self, key: str | None, name: str | None = None) -> str:
        """An organisation by name; never by its id, which the API says where it knows no name."""
        return name if name and not is_id(name) else self.organisations.get(key or "", "An organisation that has left")

    def entity(self, key: str | None) -> str:
        """A legal entity by name."""
        return self.entities.get(key or "", "Another legal entity")

    def agreement(self, key: str | None) -> str:
        """An agreement by its reference."""
        return self.agreements.get(key or "", "An agreement" if key else "None")

    def account(self, actor: str | None) -> str:
        """An account by its mark."""
        return account_mark(actor, self.own)


def people_cell(people: Sequence[str]) -> Cell:
    """The people something is about, each leading to who saw what of them."""
    if not people:
        return Cell("Nobody by name")
    links = [Cell(person_mark(each).replace(" ", "\N{NO-BREAK SPACE}"), f"/audit/people/{each}") for each in people]
    return Cell(links[0].text, links[0].href, more=tuple(links[1:]))


def fact(name: str, text: Any, href: str | None = None) -> Fact:  # noqa: ANN401 - any value of a record
    """One line."""
    return Fact(name, Cell(str(text), href))


def allowed(known: Known, *acts: tuple[str, str, str, bool]) -> list[tuple[str, str]]:
    """Of (words, address, permission, possible now) those that can be done."""
    return [(words, href) for words, href, permission, now in acts if now and permission in known.permissions]
