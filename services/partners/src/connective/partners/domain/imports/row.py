"""Reading one row's cells forgivingly: what can be understood is kept, what cannot is reported with a way to fix it."""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from connective.partners.domain.imports.report import Effect, RowError

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters, and halves of characters that JSON can write but no database can keep."""
_YES, _NO = frozenset({"true", "yes", "y", "1", "closed"}), frozenset({"false", "no", "n", "0", "open", ""})


class RowLeftOutError(Exception):
    """Reading of this row ends here: it is refused, or skipped for a reason that is no fault."""

    def __init__(self, error: RowError) -> None:
        super().__init__(error.reason)
        self.error = error


class Row:
    """The cells of one row by column, and the report they add to. `column` names may be JSON paths."""

    def __init__(self, number: int, cells: Mapping[str, Any], errors: list[RowError]) -> None:
        self.number = number
        self.cells = cells
        self._errors = errors

    def sub(self, cells: Mapping[str, Any]) -> "Row":
        """The same row's number and report over a nested record's cells."""
        return Row(self.number, cells, self._errors)

    def note(self, column: str, reason: str, fix: str, effect: Effect = Effect.VALUE_DROPPED) -> None:
        """Add a line to the report."""
        self._errors.append(RowError(self.number, column, reason, fix, effect))

    def leave_out(self, column: str, reason: str, fix: str, effect: Effect = Effect.REFUSED) -> RowLeftOutError:
        """The exception to raise when the row cannot be kept."""
        return RowLeftOutError(RowError(self.number, column, reason, fix, effect))

    def lines(self, column: str, most: int = 500) -> tuple[str, ...]:
        """The cell's lines without stray spaces, control characters and empty lines; none when it is too long."""
        value = self.cells.get(column)
        if value is None or isinstance(value, (dict, list, bool)):
            return ()
        text = _UNPRINTABLE.sub("", str(value))
        if len(text) > most:
            self.note(column, f"It is longer than {most} characters.", "Shorten it.")
            return ()
        lines = (" ".join(line.split()) for line in text.splitlines())
        return tuple(line for line in lines if line)

    def text(self, column: str, most: int = 500) -> str | None:
        """The cell as one line, or None."""
        return " ".join(self.lines(column, most)) or None

    def required(self, column: str, most: int = 200) -> str:
        """The cell as one line. Raises RowLeftOutError when there is none."""
        found = self.text(column, most)
        if found is None:
            raise self.leave_out(column, "It is empty.", f"Give the {column.replace('_', ' ')}.")
        return found

    def whole(self, column: str, low: int, high: int) -> int | None:
        """The cell as a whole number within bounds, or None."""
        found = self.text(column, 40)
        if found is None:
            return None
        if not re.fullmatch(r"-?[0-9]+(\.0+)?", found) or not low <= int(float(found)) <= high:
            self.note(column, "It is not a whole number that makes sense here.", f"Give a number from {low} to {high}.")
            return None
        return int(float(found))

    def ages(self) -> tuple[int | None, int | None]:
        """The cells `minimum_age` and `maximum_age`, in years; neither, when they contradict each other."""
        low, high = self.whole("minimum_age", 0, 120), self.whole("maximum_age", 0, 120)
        if low is not None and high is not None and low > high:
            self.note("maximum_age", "The oldest age is below the youngest.", "Correct whichever is wrong.")
            return None, None
        return low, high

    def decimal(self, column: str) -> float | None:
        """The cell as a number, or None."""
        found = self.text(column, 40)
        if found is None:
            return None
        try:
            return float(found)
        except ValueError:
            self.note(column, "It is not a number.", "Give degrees with a decimal point, such as 50.9277.")
            return None

    def flag(self, column: str) -> bool | None:
        """The cell as yes or no; None, with a note, when it is neither."""
        value = self.cells.get(column)
        if isinstance(value, bool):
            return value
        found = (self.text(column, 40) or "").casefold()
        if found in _YES or found in _NO:
            return found in _YES
        self.note(column, "It is neither yes nor no.", "Write yes or no.")
        return None

    def day(self, column: str) -> date | None:
        """The cell as a date, or None."""
        found = self.text(column, 40)
        if found is None:
            return None
        try:
            return date.fromisoformat(found[:10])
        except ValueError:
            self.note(column, "It is not a date.", "Write year-month-day, such as 2026-03-31.")
            return None

    def clock(self, column: str) -> time | None:
        """The cell as a time of day, or None."""
        found = self.text(column, 40)
        if found is None:
            return None
        match = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(:[0-5][0-9])?(Z|[+-][0-9:]+)?", found)
        if match is None:
            self.note(column, "It is not a time of day.", "Write hours and minutes, such as 09:30.")
            return None
        return time(int(match[1]), int(match[2]))
