"""Files that officers take away: CSV that no spreadsheet runs, and archives whose bytes are the same each time."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection")."""
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The first instant an archive can hold; when it was made is not part of what it says."""
_UNIX = 3
_MODE = 0o100644 << 16


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return safe("; ".join(sorted(_cell(each) for each in value)))
    return str(value) if isinstance(value, int | float) else safe(str(value))


def safe(text: str) -> str:
    """The text so that a spreadsheet shows it and never runs it: an apostrophe before what would be a formula."""
    return f"'{text}" if text.startswith(_RUNS) else text


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A table as CSV (RFC 4180) with a header row; lists are sorted and joined by semicolons."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return written.getvalue()


def archive(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of these files in the order of their names; the same files make the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archived:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _MODE
            archived.writestr(entry, files[name], compresslevel=6)
    return written.getvalue()
