"""`/ledger`: the sealed record, its proofs, and checking the whole of it."""

import json
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Request, Response
from pydantic import Field

from connective.consent.api.checkpoints import CheckpointOut, show_checkpoint
from connective.consent.api.deps import Answer, PartsDep
from connective.consent.commands.recorded_reading import record_reading
from connective.consent.domain import merkle
from connective.consent.queries import ledger
from connective.consent.queries.ledger import SealedEntry
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.pages import CursorQuery, LimitQuery, Page, link_next
from connective.kit.policy import operation

routes = router(tags=["ledger"])
_POLICY = operation(Permission.CONSENT_LEDGER_READ, relation="place")
_OPEN = operation(Permission.CONSENT_CHECKPOINT_READ, relation="place")
"""What shows hashes alone is for everybody of the place: whoever keeps checkpoints must be able to compare them. It is
not entered either: partners fetch each checkpoint, and each entry would make the next."""
_MOST = 2**53
Seq = Annotated[int, Path(ge=0, le=_MOST, description="The entry's number in the order of sealing, from nought.")]
Size = Annotated[int | None, Query(ge=1, le=_MOST, description="Of the log; as it stands now when left out.")]


class EntryOut(Answer):
    """One entry. `leaf_hash` is SHA-256 of a nought byte and `body` (RFC 6962); people appear as pseudonyms."""

    seq: int
    id: UUID
    kind: str | None
    leaf_hash: str
    body: str | None
    document: dict[str, Any] | None


class InclusionOut(Answer):
    """A proof that an entry is in the log."""

    seq: int
    size: int
    root: str
    leaf_hash: str
    proof: list[str]


class ConsistencyOut(Answer):
    """A proof that the log at one size is the beginning of the log at another."""

    from_size: int
    size: int
    root: str
    proof: list[str]


class FaultOut(Answer):
    """The first thing that is wrong."""

    seq: int | None
    entry_id: UUID | None
    code: str
    sentence: str


class VerificationOut(Answer):
    """What checking the whole log found; `fault` is null when it is whole."""

    whole: bool
    size: Annotated[int, Field(description="How many entries the log says it has.")]
    root: str
    checkpoint: CheckpointOut | None
    fault: FaultOut | None


def _document(body: str | None) -> dict[str, Any] | None:
    """The entry's content, if it still is what was sealed: an altered one may not even be JSON."""
    try:
        found = json.loads(body) if body is not None else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _show_entry(entry: SealedEntry) -> EntryOut:
    return EntryOut(
        seq=entry.seq,
        id=entry.entry_id,
        kind=entry.kind,
        leaf_hash=entry.leaf_hash.hex(),
        body=entry.body,
        document=_document(entry.body),
    )


@routes.get("/ledger/entries", operation_id="consent_list_ledger_entries", **_POLICY)
async def list_entries(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[EntryOut]:
    """The entries of your place's log, in the order of sealing."""
    (first,) = parts.cursors.read(cursor, int) or (0,)
    await record_reading(parts.database, actor, "ledger.listed", parts.clock(), {"from": first})
    async with parts.database.reading(actor) as connection:
        entries = await ledger.list_entries(connection, actor, first, limit + 1)
    following = parts.cursors.write(entries[limit].seq) if len(entries) > limit else None
    link_next(request, response, following)
    return Page[EntryOut](items=[_show_entry(e) for e in entries[:limit]], next_cursor=following)


@routes.get("/ledger/entries/{seq}", operation_id="consent_read_ledger_entry", **_POLICY)
async def read_entry(seq: Seq, actor: ActorDep, parts: PartsDep) -> EntryOut:
    """One entry by its number; the reading is an entry itself."""
    await record_reading(parts.database, actor, "ledger.entry_read", parts.clock(), {"seq": seq})
    async with parts.database.reading(actor) as connection:
        return _show_entry(await ledger.read_entry(connection, actor, seq))


@routes.get("/ledger/proofs/inclusion", operation_id="consent_prove_inclusion", **_POLICY)
async def prove_inclusion(
    *,
    actor: ActorDep,
    parts: PartsDep,
    seq: Annotated[int, Query(ge=0, le=_MOST)],
    size: Size = None,
) -> InclusionOut:
    """Prove that an entry is in the log of a size (RFC 6962 §2.1.1)."""
    await record_reading(parts.database, actor, "ledger.inclusion_proved", parts.clock(), {"seq": seq})
    async with parts.database.reading(actor) as connection:
        at, root, proof = await ledger.prove(connection, actor, size, partial(merkle.inclusion_proof, seq))
        entry = await ledger.read_entry(connection, actor, seq)
    return InclusionOut(
        seq=seq, size=at, root=root.hex(), leaf_hash=entry.leaf_hash.hex(), proof=[step.hex() for step in proof]
    )


@routes.get("/ledger/proofs/consistency", operation_id="consent_prove_consistency", **_OPEN)
async def prove_consistency(
    *,
    actor: ActorDep,
    parts: PartsDep,
    earlier: Annotated[int, Query(alias="from", ge=1, le=_MOST, description="Size of the earlier log.")],
    to: Size = None,
) -> ConsistencyOut:
    """Prove that the log of a later size begins with that of an earlier one (RFC 6962 §2.1.2)."""
    async with parts.database.reading(actor) as connection:
        at, root, proof = await ledger.prove(connection, actor, to, partial(merkle.consistency_proof, earlier))
    return ConsistencyOut(from_size=earlier, size=at, root=root.hex(), proof=[step.hex() for step in proof])


@routes.post("/ledger/verify", operation_id="consent_verify_ledger", **_POLICY)
async def verify(actor: ActorDep, parts: PartsDep) -> VerificationOut:
    """Recompute the whole log from its entries, and hold it against its tree, its head and the latest checkpoint."""
    public_key = parts.ledger_key.public_jwk
    await record_reading(parts.database, actor, "ledger.verified", parts.clock(), {})
    async with parts.database.reading(actor) as connection:
        found = await ledger.verify(connection, actor, public_key)
    return VerificationOut(
        whole=found.fault is None,
        size=found.size,
        root=found.root.hex(),
        checkpoint=show_checkpoint(found.checkpoint, [public_key]) if found.checkpoint else None,
        fault=FaultOut.model_validate(found.fault) if found.fault else None,
    )
