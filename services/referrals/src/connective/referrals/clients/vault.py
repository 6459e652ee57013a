"""Files at rest: sealed in pieces under a key of their own, so that forgetting the key is forgetting the file.

Each file has a random key, which the database keeps sealed under the service's own. Erasing the row makes every copy of
the object unreadable, whatever a store or its backups still hold. A piece is bound to its file and its place in it; how
many there are stands in the row, so a piece that is missing, moved or of another file does not open (SP 800-38D, GCM).
"""

import hashlib
import secrets
from collections.abc import AsyncIterable, AsyncIterator
from uuid import UUID

from connective.kit.objects import ObjectStore
from connective.kit.problems import TooLarge
from connective.kit.sealing import NotSealedHere, Seal
from connective.referrals.domain.attachments import MOST_BYTES, Kept

PIECE_BYTES = 1024 * 1024
"""What is held in memory of one file at a time."""


class Vault:
    """Keeps, reads and drops files in an object store."""

    most_pieces = 2 * MOST_BYTES // PIECE_BYTES
    """A picture may grow when it is made anew; what has doubled is refused."""

    def __init__(self, store: ObjectStore, key: bytes) -> None:
        self._store = store
        self._seal = Seal(key)

    async def keep(self, object_id: UUID, content: AsyncIterable[bytes]) -> Kept:
        """Store what streams by. Raises TooLarge, or Unavailable when the store is away."""
        key = secrets.token_bytes(32)
        seal, digest, size, count = Seal(key), hashlib.sha256(), 0, 0
        async for piece in _pieces(content):
            if count == self.most_pieces:
                raise TooLarge(f"A file may have at most {MOST_BYTES} bytes.")
            digest.update(piece)
            size += len(piece)
            await self._store.put(_key(object_id, count), seal.close(piece, _place(object_id, count)))
            count += 1
        return Kept(object_id, count, self._seal.close(key, object_id.bytes), size, digest.digest())

    async def read(self, kept: Kept) -> AsyncIterator[bytes]:
        """The content, piece by piece. Raises KeyError or NotSealedHere for content that is lost, Unavailable."""
        seal = Seal(self._seal.open(kept.key, kept.object_id.bytes))
        for number in range(kept.pieces):
            sealed = await self._store.get(_key(kept.object_id, number))
            yield seal.open(sealed, _place(kept.object_id, number))

    async def drop(self, object_id: UUID, pieces: int) -> None:
        """Delete what there is of it. Raises Unavailable."""
        for number in range(pieces):
            await self._store.delete(_key(object_id, number))


LOST = (KeyError, NotSealedHere)
"""What reading raises for content that the store no longer holds as it was."""


def _key(object_id: UUID, number: int) -> str:
    return f"attachments/{object_id}/{number:04}"


def _place(object_id: UUID, number: int) -> bytes:
    return object_id.bytes + number.to_bytes(4, "big")


async def _pieces(content: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of one size, the last one shorter."""
    held = bytearray()
    async for part in content:
        held += part
        while len(held) >= PIECE_BYTES:
            yield bytes(held[:PIECE_BYTES])
            del held[:PIECE_BYTES]
    if held:
        yield bytes(held)
