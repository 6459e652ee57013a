"""`/ledger/checkpoints`: what every party of a place fetches and keeps, and the public keys to check it with."""

from datetime import datetime
from uuid import UUID

from fastapi import Request, Response

from connective.consent.api.deps import Answer, PartsDep
from connective.consent.domain.checkpoints import Checkpoint
from connective.consent.storage.checkpoints import checkpoint_by_id, list_checkpoints, public_keys
from connective.consent.storage.ledger import latest_checkpoint
from connective.contracts.permissions import Permission
from connective.kit.app import router
from connective.kit.deps import ActorDep
from connective.kit.pages import CursorQuery, LimitQuery, Page, page_of
from connective.kit.policy import operation
from connective.kit.problems import NotFound

routes = router(tags=["ledger"])
_POLICY = operation(Permission.CONSENT_CHECKPOINT_READ, relation="place")


class CheckpointOut(Answer):
    """A signed checkpoint. The signature (Ed25519, in hex) is over `text`, byte for byte."""

    id: UUID
    place_id: UUID
    size: int
    root: str
    signed_at: datetime
    text: str
    signature: str
    key_id: str
    public_key: dict[str, str] | None
    """The key it was signed with (JWK): compare it with the one you were handed, apart from the Hub."""


class KeysOut(Answer):
    """The public keys that ever signed checkpoints, as a JWK set."""

    keys: list[dict[str, str]]


def show_checkpoint(checkpoint: Checkpoint, keys: list[dict[str, str]]) -> CheckpointOut:
    """A checkpoint with the key of these that signed it."""
    return CheckpointOut(
        id=checkpoint.id,
        place_id=checkpoint.place_id,
        size=checkpoint.size,
        root=checkpoint.root.hex(),
        signed_at=checkpoint.signed_at,
        text=checkpoint.text,
        signature=checkpoint.signature.hex(),
        key_id=checkpoint.key_id,
        public_key=next((key for key in keys if key["kid"] == checkpoint.key_id), None),
    )


@routes.get("/ledger/checkpoint", operation_id="consent_read_checkpoint", **_POLICY)
async def read_latest(actor: ActorDep, parts: PartsDep) -> CheckpointOut:
    """The latest signed checkpoint of your place. Keep it: with it you can prove any later change."""
    async with parts.database.reading(actor) as connection:
        checkpoint = await latest_checkpoint(connection, actor.place)
        keys = await public_keys(connection)
    if checkpoint is None:
        raise NotFound
    return show_checkpoint(checkpoint, keys)


@routes.get("/ledger/checkpoints", operation_id="consent_list_checkpoints", **_POLICY)
async def list_all(
    *,
    request: Request,
    response: Response,
    actor: ActorDep,
    parts: PartsDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> Page[CheckpointOut]:
    """The signed checkpoints of your place, newest first. Keep one a day at least, away from the Hub."""
    before = parts.cursors.after(cursor)
    async with parts.database.reading(actor) as connection:
        found = await list_checkpoints(connection, actor.place, before, limit + 1)
        keys = await public_keys(connection)
    shown = [show_checkpoint(each, keys) for each in found]
    return page_of(request, response, parts.cursors, shown, limit=limit)


@routes.get("/ledger/checkpoints/{checkpoint_id}", operation_id="consent_read_one_checkpoint", **_POLICY)
async def read_one(checkpoint_id: UUID, actor: ActorDep, parts: PartsDep) -> CheckpointOut:
    """One checkpoint, to be held against the copy that you kept."""
    async with parts.database.reading(actor) as connection:
        checkpoint = await checkpoint_by_id(connection, actor.place, checkpoint_id)
        keys = await public_keys(connection)
    if checkpoint is None:
        raise NotFound
    return show_checkpoint(checkpoint, keys)


@routes.get("/ledger/keys", operation_id="consent_list_ledger_keys", **_POLICY)
async def list_keys(actor: ActorDep, parts: PartsDep) -> KeysOut:
    """The public keys of the ledger. Compare their fingerprints by another way before you rely on them."""
    async with parts.database.reading(actor) as connection:
        return KeysOut(keys=await public_keys(connection))
