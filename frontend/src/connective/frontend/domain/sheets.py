"""Pages of records as parts that one template shows: facts, tables, words, links and buttons, in the order given."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from connective.frontend.domain.answers import Part


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: text, where it leads, and the colour of its tag where it is a state."""

    text: str
    href: str | None = None
    tag: str | None = None
    hidden: str = ""
    """Words that follow for who cannot see the rest of the row: "Change" alone says nothing."""


Shown = Cell | str
"""A value as a row holds it."""
Rows = Sequence[Sequence[Shown]]
"""The rows of a list."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one record, label by label; what is empty is left out."""

    rows: Sequence[tuple[str, Shown]]
    heading: str = ""
    sort: str = "facts"

    @property
    def present(self) -> list[tuple[str, Cell]]:
        """The rows that say something."""
        return [(label, each) for label, each in ((label, cell_of(value)) for label, value in self.rows) if each.text]


@dataclass(frozen=True, slots=True)
class Table:
    """A list: its columns, its rows, and what it says where it is empty or did not come."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Shown]]
    empty: str
    heading: str = ""
    part: Part | None = None
    """What was asked: its problem is said in place of the rows, and its cursor leads on."""
    what: str = ""
    """The entries as words, for where they did not come: "your members"."""
    path: str = ""
    numbers: frozenset[int] = frozenset()
    """Which columns hold numbers."""
    anchor: str = ""
    sort: str = "table"

    @property
    def cells(self) -> list[list[Cell]]:
        """Every row as cells."""
        return [[cell_of(each) for each in row] for row in self.rows]

    @property
    def cursor(self) -> str | None:
        """Where the next entries begin."""
        value = self.part.value if self.part is not None else None
        return value.get("next_cursor") if value else None


@dataclass(frozen=True, slots=True)
class Words:
    """Paragraphs; as an inset or a warning where they matter more than what stands around them."""

    paragraphs: Sequence[str]
    heading: str = ""
    manner: str = "plain"
    sort: str = "words"


@dataclass(frozen=True, slots=True)
class Link:
    """Where one can go from here."""

    text: str
    href: str
    button: str = ""
    """`primary` or `secondary` where it is shown as a button."""
    chosen: bool = False
    """Whether a list shows just this now, of several ways to narrow it."""


@dataclass(frozen=True, slots=True)
class Links:
    """Several of them."""

    links: Sequence[Link]
    heading: str = ""
    narrows: str = ""
    """What is chosen between, where the links narrow the list below them: "Which organisations"."""
    sort: str = "links"


@dataclass(frozen=True, slots=True)
class Act:
    """A button that does something at once; it posts to the page it stands on, so that nothing is lost on the way."""

    name: str
    """Which act: sent as `act`."""
    text: str
    fields: tuple[tuple[str, str], ...] = ()
    """What goes with it, unseen: a version, an id."""
    manner: str = "secondary"
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Acts:
    """Buttons in a row."""

    acts: Sequence[Act]
    heading: str = ""
    sort: str = "acts"


@dataclass(frozen=True, slots=True)
class Seek:
    """A box that looks for somebody. It posts, so that no name stands in an address or a history."""

    name: str
    label: str
    typed: str = ""
    heading: str = ""
    sort: str = "seek"


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that is shown once: to be copied now, and how it is used."""

    label: str
    value: str
    words: Sequence[str] = ()
    sort: str = "secret"


@dataclass(frozen=True, slots=True)
class Watch:
    """Work that goes on while one looks: how far it is, told by the address `stream` as it changes."""

    words: str
    stream: str
    share: float | None = None
    """Of 1, where it is known how much there is."""
    sort: str = "watch"


Section = Facts | Table | Words | Links | Acts | Seek | Secret | Watch


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page. Its title stands in histories and tabs, so it names nobody; its heading may."""

    title: str
    sections: Sequence[Section]
    heading: str = ""
    back: tuple[str, str] | None = None
    """What one goes back to, and its address."""
    done: str = ""
    """What has just been done, in words."""
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def watched(self) -> bool:
        """Whether something on it goes on by itself, so that it loads again where no script runs."""
        return any(isinstance(each, Watch) for each in self.sections)


def cell_of(value: Shown) -> Cell:
    """A value as a cell."""
    return value if isinstance(value, Cell) else Cell(value)


def tag(text: str, colour: str) -> Cell:
    """A state as a tag."""
    return Cell(text, tag=colour)


def kept(*sections: Section | None) -> list[Section]:
    """Those sections that this reader gets."""
    return [each for each in sections if each is not None]


def comma(words: Iterable[str]) -> str:
    """Several words as one value."""
    return ", ".join(each for each in words if each)
