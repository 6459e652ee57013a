"""Sealing: ordering pending entries into each place's Merkle log, and signing checkpoints of it."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from connective.consent.domain import merkle
from connective.consent.domain.checkpoints import LedgerKey
from connective.consent.storage.checkpoints import keep_public_key
from connective.consent.storage.ledger import (
    Head,
    add_checkpoint,
    append_leaves,
    become_sealer,
    head_of,
    heads,
    pending_of,
    read_nodes,
)
from connective.contracts.consent_events import CheckpointSigned
from connective.kit.actor import service_actor
from connective.kit.clock import Clock
from connective.kit.database import Database
from connective.kit.ids import new_id
from connective.kit.logs import log
from connective.kit.problems import Refusal

_SEALER = service_actor("consent")
_AT_ONCE = 1000
_PAUSE_SECONDS = 0.3
_AT_LEAST_EVERY = timedelta(minutes=4, seconds=30)
"""Checkpoints are at most five minutes apart (promise P7): the rest is time to sign and to publish."""


class Sealer:
    """The worker's loop that seals and signs; any number may run, one at a time holds the lock."""

    def __init__(self, database: Database, key: LedgerKey, clock: Clock, gap: timedelta) -> None:
        self._database = database
        self._key = key
        self._clock = clock
        self._gap = gap

    async def run(self) -> None:
        """Seal until cancelled; whatever fails is tried again."""
        while True:
            try:
                seen = await self._look()
                full = await self._seal(seen) >= _AT_ONCE
                await self._sign(seen, self._clock())
            except (SQLAlchemyError, OSError, Refusal) as error:
                log().warning("sealer_interrupted", error=type(error).__name__)
                full = False
            # A pause under load too: what gathers meanwhile is sealed at once, for the price of one entry.
            if not full:
                await asyncio.sleep(_PAUSE_SECONDS)

    async def seal(self) -> int:
        """Seal what is pending in every place, up to a thousand entries each; answers how many."""
        return await self._seal(await self._look())

    async def sign(self, now: datetime) -> int:
        """Sign a checkpoint of every place where one is due; answers how many."""
        return await self._sign(await self._look(), now)

    async def _look(self) -> list[Head]:
        async with self._database.reading(_SEALER) as connection:
            return await heads(connection)

    async def _seal(self, seen: list[Head]) -> int:
        return sum([await self._seal_place(head.place_id) for head in seen if head.waits])

    async def _seal_place(self, place_id: UUID) -> int:
        async with self._database.unit(_SEALER) as unit:
            connection = unit.connection
            if not await become_sealer(connection):
                return 0
            head = await head_of(connection, place_id)
            sealed = await pending_of(connection, place_id, _AT_ONCE)
            stored = await read_nodes(connection, place_id, merkle.frontier_parts(head.size))
            frontier = merkle.read_frontier(head.size, lambda level, index: stored[level, index])
            nodes: list[merkle.Node] = []
            for _, leaf in sealed:
                frontier, completed = merkle.append(frontier, leaf)
                nodes += completed
            if sealed:
                await append_leaves(connection, head, sealed, nodes, merkle.root_of(frontier))
        return len(sealed)

    def _due(self, head: Head, now: datetime) -> bool:
        if head.signed_at is None:
            return head.size > 0
        if head.key_id != self._key.id:
            return True
        age = now - head.signed_at
        return age >= _AT_LEAST_EVERY or (head.size != head.signed_size and age >= self._gap)

    async def _sign(self, seen: list[Head], now: datetime) -> int:
        due = [head for head in seen if self._due(head, now)]
        for head in due:
            await self._sign_place(head.place_id, now)
        return len(due)

    async def _sign_place(self, place_id: UUID, now: datetime) -> None:
        async with self._database.unit(_SEALER) as unit:
            if not await become_sealer(unit.connection):
                return
            head = await head_of(unit.connection, place_id)
            signed_at = now.replace(microsecond=0)
            checkpoint = self._key.sign(new_id(), place_id, head.size, head.root, signed_at)
            await keep_public_key(unit, self._key.public_jwk, now)
            await add_checkpoint(unit.connection, checkpoint)
            event = CheckpointSigned(
                checkpoint_id=checkpoint.id,
                size=checkpoint.size,
                root=checkpoint.root.hex(),
                signature=checkpoint.signature.hex(),
                key_id=checkpoint.key_id,
                at=signed_at,
            )
            unit.tell(event, version=1, place_id=place_id)
