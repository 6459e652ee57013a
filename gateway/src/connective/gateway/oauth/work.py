"""The transaction that the synchronous core of Authlib works in.

Its callbacks get no request (`query_client(client_id)`), so what they need travels in a context variable, set around
one run of the core inside `AsyncConnection.run_sync`: one driver, one transaction, no thread. OAuth errors are
*returned*, so that what a replay revokes commits together with the refusal.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from connective.contracts.gateway_events import TokenRevoked
from connective.gateway.storage.denials import DenialKind, deny
from connective.gateway.storage.sessions import end_session
from connective.gateway.tokens.claims import ACCESS_TOKEN_SECONDS
from connective.kit.database import Unit

PublishedKey = Callable[[str, str], dict[str, str] | None]
"""From where a client publishes its keys and the id of one to the key, where it is known without asking."""


class KeyUnknown(Exception):
    """A key is published elsewhere and was not read yet: nobody is asked while a transaction is open."""

    def __init__(self, address: str) -> None:
        super().__init__("the key set must be read first")
        self.address = address


@dataclass(slots=True)
class Work:
    """One request's transaction."""

    connection: Connection
    unit: Unit
    now: datetime
    address: str
    """Where the request comes from."""
    published: PublishedKey
    denied: list[str] = field(default_factory=list)
    """What was revoked: refused in this process as soon as the transaction has committed."""

    def revoke_session(self, session_id: UUID, place_id: UUID) -> None:
        """End a session: every token of it is refused from now on. Ending it again changes nothing."""
        version = end_session(self.connection, session_id, self.now)
        if version is not None:
            self._refuse(session_id, place_id, version)

    def revoke_lone_token(self, session_id: UUID, place_id: UUID) -> None:
        """Refuse a system's token: it has no session of record, only the id it carries."""
        self._refuse(session_id, place_id, version=1)

    def _refuse(self, session_id: UUID, place_id: UUID, version: int) -> None:
        until = self.now + timedelta(seconds=ACCESS_TOKEN_SECONDS)
        deny(self.connection, DenialKind.SESSION, str(session_id), until)
        self.unit.tell(TokenRevoked(session_id=session_id, until=until), version=version, place_id=place_id)
        self.denied.append(str(session_id))


_present: ContextVar[Work] = ContextVar("oauth_work")


def work() -> Work:
    """The transaction at hand. Raises LookupError outside one, which is a programming error."""
    return _present.get()


@contextmanager
def working(present: Work) -> Iterator[None]:
    """Make this the transaction at hand."""
    token = _present.set(present)
    try:
        yield
    finally:
        _present.reset(token)
