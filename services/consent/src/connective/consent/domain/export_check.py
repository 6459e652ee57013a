"""Checking an exported ledger: whether it is what was sealed and signed, and what is wrong with it first.

Needs nothing but the file: no database, no broker, no Hub. A second verifier, in another language and written from
docs/ledger-format.md, must find the same in every case; the order of the checks is therefore part of the format.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import chain, islice
from typing import Any, Protocol

from connective.consent.domain import merkle
from connective.consent.domain.export_format import CONTROL, Damaged, Header, read_block, read_control, read_header
from connective.consent.domain.signed_notes import Jwk, Note, is_signed_by, read_note


class Lines(Protocol):
    """A file of bytes, read line by line."""

    def readline(self) -> bytes: ...  # noqa: D102 - as every file's

    def __iter__(self) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint that somebody kept apart from the Hub, and where it was read from."""

    source: str
    note: Note


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong."""

    code: str
    sentence: str
    first: int | None = None
    """Number of the first entry that it concerns, or may concern."""
    last: int | None = None
    entry_id: str | None = None
    """As the altered line itself states it."""


@dataclass(slots=True)
class Report:
    """What was checked, and the first fault."""

    header: Header
    size: int = 0
    root: bytes = merkle.EMPTY_ROOT
    checkpoints: int = 0
    signed_size: int = 0
    """How many entries lie under a checkpoint that holds; those after it are under none yet."""
    kept: int = 0
    used_keys: dict[str, Jwk] = field(default_factory=dict)
    fault: Fault | None = None


class _Found(Exception):
    def __init__(self, code: str, sentence: str, **more: Any) -> None:  # noqa: ANN401 - the members of Fault
        super().__init__(sentence)
        self.fault = Fault(code, sentence, **more)


def check(lines: Lines, kept: Sequence[Kept] = (), keys: Sequence[Jwk] = ()) -> Report:
    """Check a whole file. `keys`, where given, are the only ones trusted. Raises Damaged for what is no export."""
    header = read_header(lines.readline())
    checking = _Checking(header, kept, keys)
    try:
        checking.begin()
        checking.read(lines)
        checking.finish()
    except _Found as found:
        checking.report.fault = found.fault
    checking.report.size = checking.tree.size
    checking.report.root = merkle.root_of(checking.tree)
    return checking.report


class _Checking:
    def __init__(self, header: Header, kept: Sequence[Kept], keys: Sequence[Jwk]) -> None:
        self.header = header
        self.report = Report(header)
        self.tree = merkle.EMPTY_FRONTIER
        self._given = {key["kid"]: key for key in keys}
        self._in_file = {key.get("kid", ""): key for key in header.keys}
        self._kept = list(kept)
        self._waiting = sorted(kept, key=lambda each: each.note.size)
        self._held_kept = 0

    def begin(self) -> None:
        """Keys first, then the checkpoints that were kept: are they what they claim to be?"""
        came_along = {k.note.public_key["kid"]: k.note.public_key for k in self._kept if k.note.public_key}
        for kid, key in {**came_along, **self._given}.items():
            if kid in self._in_file and self._in_file[kid].get("x") != key.get("x"):
                raise _Found("key_changed", f"The file's key {kid} is not the one you hold under that name.")
        for each in self._kept:
            if each.note.place_id != self.header.place_id:
                raise _Found("other_place", f"{each.source} is a checkpoint of another place's ledger.")
            self._authentic(each.note, each.source, came_along)
        self._hold_against_kept()

    def read(self, lines: Lines) -> None:
        """Every control line, with the entries behind each block's."""
        while True:
            line = lines.readline()
            name, content = self._control(line)
            if name == "end":
                self._end(content, lines.readline())
                return
            if name == "block":
                self._block(content, lines)
            elif name == "checkpoint":
                self._checkpoint(content)
            else:
                raise _Found("file_damaged", f"A control line of the file is unknown: {name[:40]}.")

    def finish(self) -> None:
        """What only the end can tell: kept checkpoints beyond it, and a log that nothing signed vouches for."""
        for each in self._waiting:
            self._shortened(each.note, each.source)
        if self.tree.size and not self.report.signed_size:
            raise _Found(
                "checkpoint_missing", "No checkpoint vouches for any entry: anybody could have made this file."
            )

    def _control(self, line: bytes) -> tuple[str, dict[str, Any]]:
        if not line.endswith(b"\n"):
            raise _Found("file_cut", "The file ends before its end line.", first=self.tree.size)
        if not line.startswith(CONTROL):
            seq = self.tree.size
            raise _Found("entry_inserted", f"What stands at {seq} was never sealed.", **_whereabouts(seq, line))
        try:
            return read_control(line)
        except Damaged as error:
            raise _Found("file_damaged", f"{error}".capitalize() + ".") from error

    def _block(self, content: Mapping[str, Any], lines: Lines) -> None:
        size = self.tree.size
        try:
            first, hashes = read_block(content)
        except Damaged as error:
            raise _Found("file_damaged", f"{error}".capitalize() + ".", first=size) from error
        if first > size:
            raise _Found("entry_missing", f"Entries {size} to {first - 1} are missing.", first=size, last=first - 1)
        if first < size:
            raise _Found("file_damaged", f"A block begins at {first}, after entry {size - 1}.", first=first)
        entries = list(islice(lines, len(hashes)))
        found = [sha256(b"\x00" + entry[:-1]).digest() for entry in entries]
        if found != hashes:
            raise _block_fault(size, hashes, *_only_entries(entries, lines))
        self._extend(hashes)

    def _extend(self, leaves: list[bytes]) -> None:
        """Add leaves to the tree, stopping at each size for which a checkpoint was kept."""
        at = 0
        while self._waiting and self._waiting[0].note.size <= self.tree.size + len(leaves) - at:
            upto = at + self._waiting[0].note.size - self.tree.size
            self.tree = merkle.extend(self.tree, leaves[at:upto])
            at = upto
            self._hold_against_kept()
        self.tree = merkle.extend(self.tree, leaves[at:])

    def _hold_against_kept(self) -> None:
        while self._waiting and self._waiting[0].note.size == self.tree.size:
            each = self._waiting.pop(0)
            self._agrees(each.note, each.source, self._held_kept)
            self._held_kept = each.note.size
            self.report.kept += 1

    def _checkpoint(self, content: Mapping[str, Any]) -> None:
        try:
            note = read_note(content)
        except ValueError as error:
            raise _Found("checkpoint_forged", f"A checkpoint in the file is none: {error}.") from error
        source = f"The checkpoint of {note.signed_at:%Y-%m-%d %H:%M:%S} in the file"
        if note.place_id != self.header.place_id:
            raise _Found("other_place", f"{source} is of another place's ledger.")
        self._authentic(note, source, {})
        if note.size > self.tree.size:
            self._shortened(note, source)
        self._agrees(note, source, self.report.signed_size)
        self.report.checkpoints += 1

    def _authentic(self, note: Note, source: str, came_along: Mapping[str, Jwk]) -> None:
        key = self._given.get(note.key_id)
        if key is None and not self._given:
            key = came_along.get(note.key_id) or self._in_file.get(note.key_id)
        if key is None:
            raise _Found("key_unknown", f"{source} is signed with the key {note.key_id}, which is not at hand.")
        if not is_signed_by(note, key):
            raise _Found("checkpoint_forged", f"{source} does not bear the signature of the key {note.key_id}.")
        self.report.used_keys[note.key_id] = key

    def _agrees(self, note: Note, source: str, good: int) -> None:
        """The tree, at the size of a checkpoint, is the one that was signed; `good` is the last size that held."""
        if note.size == self.tree.size and note.root == merkle.root_of(self.tree):
            self.report.signed_size = max(self.report.signed_size, note.size)
            return
        first, last = min(good, max(note.size - 1, 0)), max(note.size - 1, 0)
        sentence = f"{source} was signed for another log: one of the entries {first} to {last} is not what it was."
        raise _Found("checkpoint_contradicted", sentence, first=first, last=last)

    def _shortened(self, note: Note, source: str) -> None:
        size = self.tree.size
        sentence = f"{source} covers {note.size} entries, and the log has {size} there: the rest is gone."
        raise _Found("log_shortened", sentence, first=size, last=note.size - 1)

    def _end(self, content: Mapping[str, Any], after: bytes) -> None:
        size, stated = self.tree.size, self.header.size
        if content.get("size") != stated or after:
            raise _Found("file_damaged", "The file's end is not that of its beginning.")
        if size < stated:
            raise _Found("entry_missing", f"Entries {size} to {stated - 1} are missing.", first=size, last=stated - 1)
        if size > stated or merkle.root_of(self.tree).hex() != self.header.root:
            raise _Found("head_altered", "Size or root of the log are not what its entries make.")


def _only_entries(entries: list[bytes], lines: Lines) -> tuple[list[bytes], bool]:
    """The whole lines up to the next control line, up to twice as many as should be there; and does the file end?"""
    only: list[bytes] = []
    for line in chain(entries, islice(lines, len(entries))):
        if line.startswith(CONTROL):
            return only, False
        if line.endswith(b"\n"):
            only.append(line)
    return only, not lines.readline()


def _block_fault(size: int, sealed: list[bytes], entries: list[bytes], ends: bool) -> _Found:
    """What was done to a block whose entries are not those that were sealed, told from its first difference."""
    found = [sha256(b"\x00" + entry[:-1]).digest() for entry in entries]
    at = next((n for n, pair in enumerate(zip(sealed, found, strict=False)) if pair[0] != pair[1]), None)
    if at is None:
        at = min(len(sealed), len(found))
    seq = size + at
    if at == len(found) and ends:
        return _Found("file_cut", "The file ends before its end line.", first=seq)
    if at == len(found) or (len(found) < len(sealed) and found[at] in sealed[at + 1 :]):
        return _Found("entry_missing", f"Entry {seq} has been removed.", first=seq, last=seq)
    more = _whereabouts(seq, entries[at])
    if at == len(sealed) or (len(found) > len(sealed) and sealed[at] in found[at + 1 :]):
        return _Found("entry_inserted", f"What stands at {seq} was never sealed there.", **more)
    if found[at] in sealed:
        sentence = f"Entry {seq} is not in its place: what stands there was sealed as {size + sealed.index(found[at])}."
        return _Found("entry_moved", sentence, **more)
    return _Found("entry_altered", f"Entry {seq} is not what was sealed: its content has been changed.", **more)


def _whereabouts(seq: int, line: bytes) -> dict[str, Any]:
    try:
        entry_id = json.loads(line)["id"]
    except (ValueError, KeyError, TypeError):
        entry_id = None
    return {"first": seq, "last": seq, "entry_id": entry_id if isinstance(entry_id, str) else None}
