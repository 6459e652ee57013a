"""Signing in, staying signed in, and signing out: what happens to the session of one browser."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

from connective.frontend.clients.authorization import Authorization, TokensRefused
from connective.frontend.clients.hub import API, Hub
from connective.frontend.domain.answers import Refused
from connective.frontend.domain.secrets import digest, new_secret
from connective.frontend.domain.sessions import Person, Session, Tokens
from connective.frontend.storage.sessions import Sessions, holder
from connective.kit.database import Database
from connective.kit.http import Outgoing


@dataclass(frozen=True, slots=True)
class Visit:
    """A session as one request finds it: `live` ones can ask the API, others only say whose drafts to keep."""

    session: Session
    live: bool


class Visits:
    """Keeps the sessions of browsers."""

    def __init__(
        self, database: Database, sessions: Sessions, authorization: Authorization, base: str, idle: timedelta
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._authorization = authorization
        self._base = base
        self._idle = idle
        self._renewing: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    @property
    def authorization(self) -> Authorization:
        """Where people sign in."""
        return self._authorization

    def hub(self, session: Session | None) -> Hub:
        """The API as this session's person asks it; as nobody without one."""
        return Hub(self._outgoing, self._base, session.tokens.access if session else None)

    def anybody(self, visitor: str | None, root: str = API) -> Hub:
        """The API as somebody asks it who has not signed in, from the address `visitor`."""
        return Hub(self._outgoing, self._base, None, root=root, visitor=visitor)

    @property
    def _outgoing(self) -> Outgoing:
        return self._authorization.outgoing

    async def begin(self, code: str, verifier: str, now: datetime) -> tuple[str, Session]:
        """Turn a code into a session: the secret for the browser's cookie, and the session.

        Raises TokensRefused, and Refused where the gateway does not answer.
        """
        tokens = await self._authorization.redeem(code, verifier, now)
        me = await Hub(self._outgoing, self._base, tokens.access).get("/me")
        secret = new_secret()
        session = Session(digest(secret), _person(me), tokens, now, now)
        async with self._database.unit(holder(session.id)) as unit:
            await self._sessions.add(unit, session)
        return secret, session

    async def find(self, secret: str | None, now: datetime) -> Visit | None:
        """The visit that a cookie stands for, its tokens renewed where they are about to end."""
        if not secret:
            return None
        session_id = digest(secret)
        session = await self._sessions.find(self._database, session_id)
        if session is None:
            return None
        if not session.live(now, self._idle):
            return Visit(session, live=False)
        if self._sessions.to_be_seen(session, now):
            async with self._database.unit(holder(session_id)) as unit:
                await self._sessions.see(unit, session_id, now)
        if session.tokens.stale(now):
            return await self._renewed(session, now)
        return Visit(session, live=True)

    async def _renewed(self, session: Session, now: datetime) -> Visit:
        """Renew its tokens once, however many requests of the browser come at the same moment.

        A refresh token that is used twice ends everything, so whoever comes second waits: in this process for the
        lock, in another one for the row. This is the one place that asks another service while it holds a row.
        """
        lock = self._renewing.setdefault(session.id, asyncio.Lock())
        async with lock, self._database.unit(holder(session.id)) as unit:
            found = await self._sessions.locked(unit, session.id)
            if found is None or found.ended_at is not None:
                return Visit(session, live=False)
            if not found.tokens.stale(now):
                return Visit(found, live=True)
            try:
                tokens: Tokens = await self._authorization.renew(found.tokens, now)
            except TokensRefused:
                await self._sessions.end(unit, session.id, now)
                return Visit(found, live=False)
            renewed = found.with_tokens(tokens)
            await self._sessions.renew(unit, renewed)
        return Visit(renewed, live=True)

    async def end(self, session: Session, now: datetime, *, revoke: bool = True) -> None:
        """Sign out: the session counts no more, and its tokens open nothing."""
        async with self._database.unit(holder(session.id)) as unit:
            await self._sessions.end(unit, session.id, now)
        if revoke:
            await self._authorization.revoke(session.tokens, now)


def _person(me: dict[str, Any]) -> Person:
    if me.get("kind") != "person":
        raise Refused(403, "not-a-person", "These pages are for people.")
    organisation = me.get("organisation_id")
    return Person(
        id=UUID(me["id"]),
        name=me["name"],
        place_id=UUID(me["place_id"]),
        organisation_id=UUID(organisation) if organisation else None,
        organisation_name=me.get("organisation_name"),
        roles=frozenset(me["roles"]),
        permissions=frozenset(me["permissions"]),
        organisations=len(me.get("memberships", ())),
    )
