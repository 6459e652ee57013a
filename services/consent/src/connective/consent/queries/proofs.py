"""Entries of the ledger with what proves them: each against the earliest signed checkpoint that covers them all."""

from typing import Any

from connective.consent.domain import merkle
from connective.consent.domain.refusals import NotNow
from connective.consent.storage.audit_look import Look
from connective.consent.storage.ledger import Place, read_nodes
from connective.kit.database import fetch_one

Record = dict[str, Any]
_CHECKPOINT = """
SELECT size, root, text, signature, key_id, signed_at FROM checkpoint WHERE place_id = $1 AND size > $2
ORDER BY size, signed_at LIMIT 1
"""


async def prove_entries(look: Look, entries: list[Record]) -> tuple[list[Record], Record | None]:
    """Sealed entries, in their order, with their proofs, and the checkpoint they are proved against. Raises NotNow."""
    if not entries:
        return [], None
    found = await fetch_one(look.connection, _CHECKPOINT, (look.place_id, entries[-1]["seq"]))
    if found is None:
        raise NotNow("not_signed_yet", "No checkpoint covers the period yet: ask again in a few minutes.")
    needed: list[Place] = []

    def note(level: int, index: int) -> bytes:
        needed.append((level, index))
        return b""

    for entry in entries:
        merkle.inclusion_proof(entry["seq"], found.size, note)
    stored = await read_nodes(look.connection, look.place_id, dict.fromkeys(needed))

    def read(level: int, index: int) -> bytes:
        return stored[level, index]

    proved = [
        {
            "seq": entry["seq"],
            "kind": entry["kind"],
            "body": entry["body"],
            "leaf_hash": entry["leaf_hash"].hex(),
            "proof": [step.hex() for step in merkle.inclusion_proof(entry["seq"], found.size, read)],
        }
        for entry in entries
    ]
    signed = {**dict(found), "root": found.root.hex(), "signature": found.signature.hex()}
    return proved, signed
