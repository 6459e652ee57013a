"""Exported ledgers made without a database: whole ones, and what somebody who wants to hide something makes of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from connective.consent.domain import merkle
from connective.consent.domain.checkpoints import Checkpoint, LedgerKey
from connective.consent.domain.export_format import Header, block_line, checkpoint_line, end_line, header_line
from connective.consent.domain.ledger import EntryKind, make_entry

PLACE = UUID(int=0x70)
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


SECRET = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
"""That of RFC 8037, appendix A.1."""


def jwk(kid: str, secret: str = SECRET) -> str:
    """A private key."""
    return json.dumps({"kty": "OKP", "crv": "Ed25519", "kid": kid, "d": secret})


KEY = LedgerKey(jwk("ledger-1"))
OTHER_KEY = LedgerKey(jwk("ledger-1", f"x{SECRET[1:]}"))


def entries(count: int, first: int = 0) -> list[bytes]:
    """Entries as they are hashed, each its own act."""
    made = []
    for n in range(first, first + count):
        facts = {"decision_id": UUID(int=n), "outcome": "permit", "text": "“quoted” \n\u2028 line"}
        at = NOW + timedelta(seconds=n)
        entry = make_entry(
            UUID(int=0x9000 + n),
            PLACE,
            EntryKind.DECISION,
            act="decided",
            at=at,
            actor_id="someone",
            organisation_id=None,
            facts=facts,
        )
        made.append(entry.body.encode())
    return made


def checkpoint_of(log: Sequence[bytes], size: int, key: LedgerKey = KEY) -> Checkpoint:
    """The checkpoint signed of the log's first entries."""
    tree = merkle.extend(merkle.EMPTY_FRONTIER, [merkle.leaf_hash(entry) for entry in log[:size]])
    return key.sign(UUID(int=size), PLACE, size, merkle.root_of(tree), NOW + timedelta(seconds=size))


def kept(checkpoint: Checkpoint, key: LedgerKey | None = KEY) -> dict[str, Any]:
    """A checkpoint as the API answers it, and as a party keeps it."""
    more = {"public_key": key.public_jwk} if key else {}
    return {
        "text": checkpoint.text,
        "signature": checkpoint.signature.hex(),
        "key_id": checkpoint.key_id,
        "size": checkpoint.size,
        **more,
    }


@dataclass(frozen=True)
class Exported:
    """An export in parts, so that a test can change one."""

    log: tuple[bytes, ...]
    """What was sealed."""
    cuts: tuple[int, ...]
    """Sizes at which a checkpoint was signed and a block ends, in order."""
    key: LedgerKey = KEY
    lines: tuple[bytes, ...] | None = None
    """What the file shows as entries, where that differs from what was sealed."""
    sizes: dict[str, int] = field(default_factory=dict)

    def file(self) -> bytes:
        """The whole file."""
        return b"".join(self._parts())

    def _parts(self) -> Iterator[bytes]:
        leaves = [merkle.leaf_hash(entry) for entry in self.log]
        root = merkle.root_of(merkle.extend(merkle.EMPTY_FRONTIER, leaves)).hex()
        size = self.sizes.get("header", len(leaves))
        yield header_line(Header(PLACE, size, root, NOW, [self.key.public_jwk]))
        shown = list(self.lines if self.lines is not None else self.log)
        bounds = sorted({0, *self.cuts, len(self.log)})
        for first, last in pairwise(bounds):
            yield block_line(first, leaves[first:last])
            upto = len(shown) if last == bounds[-1] else last
            yield from (entry + b"\n" for entry in shown[first:upto])
            if last in self.cuts:
                yield checkpoint_line(checkpoint_of(self.log, last, self.key))
        yield end_line(size)

    def showing(self, lines: Sequence[bytes]) -> "Exported":
        """The same seals over other lines: what happens to a row that is edited, deleted, inserted or moved."""
        return replace(self, lines=tuple(lines))

    def resealed(
        self, log: Sequence[bytes], *, key: LedgerKey | None = None, cuts: Sequence[int] | None = None
    ) -> bytes:
        """Everything made anew over another log, as somebody with every right, and perhaps the key, would."""
        signed = tuple(self.cuts if cuts is None else cuts)
        return replace(self, log=tuple(log), key=key or self.key, cuts=signed, lines=None).file()
