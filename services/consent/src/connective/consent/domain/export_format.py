"""The ledger as one file that anybody can check without the Hub: lines of UTF-8, each an entry or a control line.

The specification for those who write their own verifier is docs/ledger-format.md. An entry's line is its canonical
bytes as they were hashed; a control line is a JSON object whose only member begins with `ledger_`, which no entry's
first member does.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from connective.consent.domain.canonical import canonical
from connective.consent.domain.checkpoints import Checkpoint

VERSION = 1
CONTROL = b'{"ledger_'
"""How every control line begins. An entry begins with its first member in order, `act`."""
BLOCK_ENTRIES = 1000
"""Most entries of one block that we write."""
LARGEST_BLOCK = 100_000
"""Most entries of one block that a verifier takes: a bound on its memory."""


class Damaged(ValueError):
    """A control line is not one."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself before its first entry."""

    place_id: UUID
    size: int
    root: str
    exported_at: datetime
    keys: Sequence[Mapping[str, str]]
    """Public keys (JWK) of the checkpoints in the file."""


def _line(name: str, content: Mapping[str, Any]) -> bytes:
    return canonical({f"ledger_{name}": dict(content)}) + b"\n"


def header_line(header: Header) -> bytes:
    """The first line: whose log, how long, under which root, and the public keys."""
    return _line(
        "export",
        {
            "version": VERSION,
            "place_id": header.place_id,
            "size": header.size,
            "root": header.root,
            "exported_at": header.exported_at.astimezone(UTC),
            "keys": [dict(key) for key in header.keys],
        },
    )


def block_line(first: int, leaf_hashes: Sequence[bytes]) -> bytes:
    """Before the entries of a block: the number of its first, and the hash under which each was sealed, in order."""
    return _line("block", {"first": first, "leaf_hashes": b"".join(leaf_hashes).hex()})


def checkpoint_line(checkpoint: Checkpoint) -> bytes:
    """A signed checkpoint, after the last entry it covers."""
    content = {"text": checkpoint.text, "signature": checkpoint.signature.hex(), "key_id": checkpoint.key_id}
    return _line("checkpoint", content)


def end_line(size: int) -> bytes:
    """The last line: without it the file was cut."""
    return _line("end", {"size": size})


def read_control(line: bytes) -> tuple[str, dict[str, Any]]:
    """Name (without `ledger_`) and content of a control line. Raises Damaged."""
    try:
        document = json.loads(line)
        (name, content), *others = document.items()
    except (ValueError, AttributeError) as error:
        raise Damaged("a line of the file is neither an entry nor a control line") from error
    if others or not isinstance(content, dict) or not name.startswith("ledger_"):
        raise Damaged("a control line of the file has another shape")
    return name.removeprefix("ledger_"), content


def read_header(line: bytes) -> Header:
    """The header of a file. Raises Damaged for another file, or another version."""
    name, content = read_control(line)
    if name != "export" or content.get("version") != VERSION:
        raise Damaged(f"this is not an export of the ledger in version {VERSION} of its format")
    try:
        return Header(
            place_id=UUID(content["place_id"]),
            size=int(content["size"]),
            root=str(content["root"]),
            exported_at=datetime.fromisoformat(content["exported_at"]),
            keys=[{str(k): str(v) for k, v in key.items()} for key in content["keys"]],
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Damaged("the file's first line lacks what a header needs") from error


def read_block(content: Mapping[str, Any]) -> tuple[int, list[bytes]]:
    """First number and leaf hashes of a block. Raises Damaged."""
    try:
        joined, first = bytes.fromhex(content["leaf_hashes"]), content["first"]
    except (KeyError, ValueError, TypeError) as error:
        raise Damaged("a block of the file lacks its hashes") from error
    if not isinstance(first, int) or len(joined) % 32 or len(joined) > 32 * LARGEST_BLOCK:
        raise Damaged("a block of the file has hashes of another length")
    return first, [joined[at : at + 32] for at in range(0, len(joined), 32)]
