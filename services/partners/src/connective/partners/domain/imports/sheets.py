"""Reading an organisations sheet (CSV): which columns mean what is data, one description per kind of sheet."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connective.partners.domain.imports.report import UnreadableFileError

_MOST_ROWS = 20_000
_MOST_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SheetKind:
    """How one kind of sheet is read."""

    code: str
    title: str
    recognised_by: frozenset[str]
    """Headings that together tell this kind of sheet from the others."""
    columns: dict[str, str]
    """From our field to the sheet's heading."""
    constants: dict[str, str]
    """Fields that are the same for every row, and have no column."""
    service_name: str
    """How a service is named after its organisation, for example `{name} food bank`."""
    description: str | None
    """A sentence with the sheet's own fields in braces, used where all of them have a value."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's rows under our own field names, with each row's number as a spreadsheet shows it."""

    kind: SheetKind
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    unknown_headings: tuple[str, ...]


def open_sheet(content: bytes, kinds: Iterable[SheetKind]) -> Sheet:
    """Decode the file, find out which kind of sheet it is, and give its rows. Raises UnreadableFileError."""
    if len(content) > _MOST_BYTES:
        raise UnreadableFileError("The file is larger than 20 MB.", "Split it.")
    records = _records(_decoded(content))
    if not records:
        raise UnreadableFileError("The file is empty.", "Give a sheet with headings in its first row.")
    headings = [_heading(cell) for cell in records[0]]
    kind = _kind_of(frozenset(headings), kinds)
    fields = {heading: field for field, heading in kind.columns.items()}
    rows = tuple(
        (number, {fields[h]: cell for h, cell in zip(headings, record, strict=False) if h in fields} | kind.constants)
        for number, record in enumerate(records[1:], start=2)
        if any(cell.strip() for cell in record)
    )
    if len(rows) > _MOST_ROWS:
        raise UnreadableFileError(f"The sheet has more than {_MOST_ROWS} rows.", "Split it.")
    return Sheet(kind, rows, tuple(h for h in headings if h and h not in fields))


def _decoded(content: bytes) -> str:
    # Excel on Windows saves CSV in the Windows code page, unless told otherwise.
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError("The file is not text.", 'Save the sheet as "CSV UTF-8".')


def _records(text: str) -> list[list[str]]:
    first_line = text.split("\n", 1)[0]
    delimiter = max((",", ";", "\t"), key=first_line.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise UnreadableFileError(
            "The file is not a well-formed CSV: a quotation mark is not closed, or a cell is far too long.",
            'Save the sheet again as "CSV UTF-8".',
        ) from error


def _heading(cell: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", cell.strip().casefold()).strip("_")


def _kind_of(headings: frozenset[str], kinds: Iterable[SheetKind]) -> SheetKind:
    # The most demanding description that fits is the right one.
    known = sorted(kinds, key=lambda kind: -len(kind.recognised_by))
    fitting = [kind for kind in known if kind.recognised_by <= headings]
    if not fitting:
        nearest = min(known, key=lambda kind: len(kind.recognised_by - headings))
        missing = ", ".join(sorted(nearest.recognised_by - headings))
        raise UnreadableFileError(
            "The headings in the first row are not those of a sheet that is known.",
            f"{nearest.title} needs these columns too: {missing}. They may be empty, but for the name.",
        )
    return fitting[0]
