"""Files as a port: an object store keeps bytes under an opaque key."""

import asyncio
import os
import re
from pathlib import Path
from typing import Protocol

_KEY = re.compile(r"^[a-z0-9][a-z0-9/-]{0,120}$")


class ObjectStore(Protocol):
    """Keeps bytes; `get` raises KeyError for a key it does not hold."""

    async def put(self, key: str, content: bytes) -> None: ...  # noqa: D102 - as the class says
    async def get(self, key: str) -> bytes: ...  # noqa: D102 - as the class says
    async def delete(self, key: str) -> None: ...  # noqa: D102 - as the class says


def check_key(key: str) -> str:
    """The key itself. Raises KeyError for one that no store takes: keys are ours, never what somebody typed."""
    if not _KEY.fullmatch(key):
        raise KeyError(key)
    return key


class FolderStore:
    """Objects as files of one folder, readable by the service's user alone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / check_key(key).replace("/", "_")

    async def put(self, key: str, content: bytes) -> None:
        """Store; a reader sees the old content or the new, never half of it."""
        await asyncio.to_thread(self._put, self._path(key), content)

    @staticmethod
    def _put(path: Path, content: bytes) -> None:
        partial = path.with_suffix(".partial")
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)

    async def get(self, key: str) -> bytes:
        """Read. Raises KeyError."""
        try:
            return await asyncio.to_thread(self._path(key).read_bytes)
        except FileNotFoundError as error:
            raise KeyError(key) from error

    async def delete(self, key: str) -> None:
        """Delete; nothing happens when there is none."""
        await asyncio.to_thread(self._path(key).unlink, missing_ok=True)
