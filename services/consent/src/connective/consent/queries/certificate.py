"""A certificate of erasure: what was erased, on what ground, by which services, and the ledger's proof of it."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from connective.consent.domain.erasures import ErasureState, age_out_on
from connective.consent.domain.refusals import NotNow
from connective.consent.queries.proofs import prove_entries
from connective.consent.storage.audit_look import Look
from connective.consent.storage.deletions import owed_for_erasure
from connective.consent.storage.erasures import load_erasure
from connective.kit.database import fetch

Record = dict[str, Any]
_ENTRIES = """
SELECT e.id, e.kind, e.body, l.seq, l.leaf_hash FROM ledger_entry AS e LEFT JOIN ledger_leaf AS l ON l.entry_id = e.id
WHERE e.place_id = $1 AND e.id = ANY($2::uuid[]) ORDER BY l.seq
"""


async def prove_ids(look: Look, entry_ids: Sequence[UUID]) -> tuple[list[Record], Record | None]:
    """These entries of the ledger with their proofs. Raises NotNow while one of them is not sealed or not signed.

    One that is not there at all is no proof either: it counts as unsealed, and `/ledger/verify` names what is gone.
    """
    rows = await fetch(look.connection, _ENTRIES, (look.place_id, entry_ids))
    if len(rows) < len(entry_ids) or any(row.seq is None for row in rows):
        raise NotNow("not_sealed_yet", "The ledger's entries of it are not sealed yet: ask again in a minute.")
    return await prove_entries(look, [dict(row) for row in rows])


async def certify(look: Look, erasure_id: UUID) -> Record:
    """The certificate of one erasure. Raises NotFound, and NotNow while a service has not answered or it is not sealed.

    It names nobody: the family by a pseudonym whose key is destroyed, as the ledger does.
    """
    erasure = await load_erasure(look, erasure_id)
    if erasure["state"] != ErasureState.COMPLETE:
        raise NotNow("not_complete", "Not every service has answered: see the erasure for which.")
    entries, checkpoint = await prove_ids(look, erasure["entry_ids"])
    parts = json.loads(erasure["parts"])
    return {
        **erasure,
        "parts": parts,
        "kept_words": {what: n for part in parts for what, n in part["kept_words"].items()},
        "events_gone_by": age_out_on(erasure["completed_at"]),
        "recipients": await owed_for_erasure(look, erasure_id),
        "entries": entries,
        "checkpoint": checkpoint,
    }
