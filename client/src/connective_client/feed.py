"""Where a follower of the feed stands, kept in a file, so that a restart goes on where it stopped."""

from pathlib import Path
from typing import Protocol


class Bookmark(Protocol):
    """Keeps a cursor."""

    def read(self) -> str | None: ...  # noqa: D102 - the cursor kept last, None at first

    def keep(self, cursor: str) -> None: ...  # noqa: D102 - replaces it


class MemoryBookmark:
    """Keeps the cursor for as long as the process lives."""

    def __init__(self, cursor: str | None = None) -> None:
        self.cursor = cursor

    def read(self) -> str | None:
        """The cursor kept last."""
        return self.cursor

    def keep(self, cursor: str) -> None:
        """Replace it."""
        self.cursor = cursor


class FileBookmark:
    """Keeps the cursor in a file, which is replaced as a whole."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)

    def read(self) -> str | None:
        """The cursor kept last."""
        return self._path.read_text(encoding="utf-8").strip() if self._path.exists() else None

    def keep(self, cursor: str) -> None:
        """Replace it."""
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.write_text(cursor, encoding="utf-8")
        fresh.replace(self._path)


def bookmark_of(where: Bookmark | Path | str | None) -> Bookmark:
    """A bookmark from what a caller gave: one of their own, a file's path, or nothing."""
    if where is None:
        return MemoryBookmark()
    return FileBookmark(where) if isinstance(where, str | Path) else where
