"""Sessions of browsers: a row for the digest of each cookie's secret, sealed: a copy of the database opens none."""

import json
from datetime import datetime, timedelta
from typing import Any

from connective.frontend.domain.sessions import KEPT_AFTER, LONGEST, Session, person_of, to_document, tokens_of
from connective.kit.actor import Actor, ActorKind
from connective.kit.database import Database, Unit
from connective.kit.sealing import NotSealedHere, Seal

_INSERT = """
INSERT INTO browser_session (id, account_id, sealed, begun_at, seen_at) VALUES ($1, $2, $3, $4, $4)
"""
_GET = "SELECT id, sealed, begun_at, seen_at, ended_at FROM browser_session WHERE id = $1"
_RENEW = "UPDATE browser_session SET sealed = $2 WHERE id = $1"
_SEEN = "UPDATE browser_session SET seen_at = $2 WHERE id = $1 AND seen_at < $3"
_END = "UPDATE browser_session SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL"
_FORGET = "DELETE FROM browser_session WHERE seen_at < $1 OR begun_at < $2 OR ended_at < $1"
_SEEN_EVERY = timedelta(minutes=1)


def holder(session_id: bytes) -> Actor:
    """Who may see a session: whoever holds its cookie."""
    return Actor(ActorKind.ANONYMOUS, f"session:{session_id.hex()}")


class Sessions:
    """Stores and finds sessions, within a unit of their holder."""

    def __init__(self, key: bytes) -> None:
        self._seal = Seal(key)

    async def add(self, unit: Unit, session: Session) -> None:
        """Store a new one."""
        await unit.run(_INSERT, (session.id, session.person.id, self._sealed(session), session.begun_at))

    async def find(self, database: Database, session_id: bytes) -> Session | None:
        """The session of a cookie's digest, ended or not. Every page begins with it, so it is one round trip."""
        rows = await database.read_alone(holder(session_id), _GET, (session_id,))
        return self._open(rows[0]) if rows else None

    async def locked(self, unit: Unit, session_id: bytes) -> Session | None:
        """The same, locked: it is about to be changed."""
        row = await unit.fetch_one(f"{_GET} FOR UPDATE", (session_id,))
        return None if row is None else self._open(row)

    async def renew(self, unit: Unit, session: Session) -> None:
        """Keep renewed tokens."""
        await unit.run(_RENEW, (session.id, self._sealed(session)))

    @staticmethod
    def to_be_seen(session: Session, now: datetime) -> bool:
        """Whether it is to be noted that somebody is there: once a minute is enough."""
        return session.seen_at < now - _SEEN_EVERY

    @staticmethod
    async def see(unit: Unit, session_id: bytes, now: datetime) -> None:
        """Note that somebody is there."""
        await unit.run(_SEEN, (session_id, now, now - _SEEN_EVERY))

    @staticmethod
    async def end(unit: Unit, session_id: bytes, now: datetime) -> None:
        """End it. Its row stays for a day, so that a page left open finds its draft's owner."""
        await unit.run(_END, (session_id, now))

    @staticmethod
    async def forget(unit: Unit, now: datetime) -> int:
        """Remove what is long over; answers how many."""
        return await unit.run(_FORGET, (now - KEPT_AFTER, now - LONGEST - KEPT_AFTER))

    def _sealed(self, session: Session) -> bytes:
        return self._seal.close(json.dumps(to_document(session)).encode(), session.id)

    def _open(self, row: Any) -> Session | None:  # noqa: ANN401 - a row
        try:
            document = json.loads(self._seal.open(row.sealed, row.id))
            person, tokens = person_of(document["person"]), tokens_of(document["tokens"])
        except (NotSealedHere, KeyError, ValueError):
            # Sealed under another secret, or written by another release: its owner signs in anew.
            return None
        return Session(row.id, person, tokens, row.begun_at, row.seen_at, row.ended_at)
