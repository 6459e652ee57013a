"""What every serving process must know within a second: keys, what is refused, whose day is spent, the places."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from connective.contracts.places import Place, PlacesInForce
from connective.gateway.domain.budgets import Budget, Spent, day_of
from connective.gateway.storage.budgets import spent_on
from connective.gateway.storage.denials import denied_now
from connective.gateway.storage.keys import load_keys, stored_kids
from connective.gateway.storage.places import newest_places
from connective.gateway.tokens.access import AccessTokens, Denials
from connective.gateway.tokens.keys import AccessKeys
from connective.kit.actor import service_actor
from connective.kit.clock import Clock
from connective.kit.database import Database
from connective.kit.logs import log
from connective.kit.problems import Refusal

_EVERY_SECONDS = 1.0
_ACTOR = service_actor("gateway")


class Standing:
    """Keeps keys and denials of this process as the database has them.

    Polled, because every process must learn of them and a durable consumer tells only one. While the database is
    away the last known state stands; tokens live five minutes at most.
    """

    def __init__(
        self,
        database: Database,
        keys: AccessKeys,
        tokens: AccessTokens,
        secret: bytes,
        clock: Clock,
        *,
        places: PlacesInForce,
        people_a_day: Budget,
    ) -> None:
        self._database = database
        self._keys = keys
        self._tokens = tokens
        self._places = places
        self._secret = secret
        self._clock = clock
        self.spent = Spent()
        self._people_a_day = people_a_day
        self._known: frozenset[tuple[str, str]] = frozenset()
        self._unreadable: set[tuple[str, int]] = set()

    async def refresh(self) -> None:
        """Read them once. Raises Unsealable when the stored keys do not open under our secret."""
        self._tokens.about_to_read()
        async with self._database.reading(_ACTOR) as connection:
            stored = await stored_kids(connection)
            if stored != self._known:
                self._keys.replace(await load_keys(connection, self._secret))
                self._known = stored
            denied = await denied_now(connection, self._clock())
            self.spent.actors = await spent_on(connection, day_of(self._clock()), self._people_a_day)
            kept = await newest_places(connection)
        self._tokens.deny(Denials(denied))
        for version, document in kept:
            self._hold(version, document)

    def _hold(self, version: int, document: Mapping[str, Any]) -> None:
        """Take a place as it was made; what no place could be any more is told, and the last that was stands."""
        try:
            place = Place.model_validate(document)
        except ValidationError as error:
            if (unreadable := (document["id"], version)) not in self._unreadable:
                self._unreadable.add(unreadable)
                log().error("place_not_readable", version=version, errors=error.error_count())
            return
        self._places.hold(place, version)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Refresh while the block runs."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            try:
                await self.refresh()
            except (Refusal, SQLAlchemyError, OSError) as error:
                log().warning("standing_not_refreshed", error=type(error).__name__)
