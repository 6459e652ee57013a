"""Figures as bars: a drawing, its table and its file say the same, and nothing by which a family could be found."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SMALLEST_TOLD = 10
HIDDEN = "fewer than 10"
_WIDTH, _ROW, _BAR = 340, 52, 20
_ROOM = 90
"""What is left beside the longest bar for its number."""
_SHORTEST = 4
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would take for a formula."""


def said(value: int | None, hidden: str = HIDDEN) -> str:
    """A count in words: its number, or that it is not told."""
    return hidden if value is None else f"{value:,}"


@dataclass(frozen=True, slots=True)
class Bar:
    """One line: what is counted, and how many; None where that is not told."""

    label: str
    value: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One bar as it is drawn, in units of the drawing's own view box."""

    y: int
    width: int
    label: str
    number: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars under a heading. `key` names it in addresses; `counts` is the heading of its numbers."""

    key: str
    title: str
    about: str
    labels: str
    counts: str
    bars: Sequence[Bar]
    notes: str = ""
    """The heading of the third column, where bars carry notes."""
    hidden: str = HIDDEN
    """What is said of a count that is not told: it may be large, where others could be worked out from it."""

    @property
    def width(self) -> int:
        """How wide the drawing is."""
        return _WIDTH

    @property
    def height(self) -> int:
        """How high it is."""
        return max(len(self.bars), 1) * _ROW

    @property
    def drawn(self) -> list[Drawn]:
        """The bars, the longest as long as there is room. One that is hidden is drawn short, whatever it hides."""
        most = max((bar.value or 0 for bar in self.bars), default=0) or SMALLEST_TOLD
        found = []
        for number, bar in enumerate(self.bars):
            length = SMALLEST_TOLD / 2 if bar.value is None else bar.value
            width = max(_SHORTEST, round((_WIDTH - _ROOM) * min(length / most, 1))) if length else 0
            found.append(Drawn(number * _ROW, width, bar.label, said(bar.value, self.hidden), bar.value is None))
        return found

    @property
    def sentence(self) -> str:
        """What the drawing shows, for whoever does not see it."""
        return "; ".join(f"{bar.label}: {said(bar.value, self.hidden)}" for bar in self.bars)

    def csv(self) -> str:
        """The table as a file. A cell that a spreadsheet would calculate is told as text."""
        rows = [(bar.label, said(bar.value, self.hidden), *((bar.note,) if self.notes else ())) for bar in self.bars]
        return as_csv([self.labels, self.counts, *([self.notes] if self.notes else [])], rows)


def as_csv(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lines as a file that spreadsheets open (RFC 4180)."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heading)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_RISKY) else cell
