"""Make the signing keys of access tokens, and change them."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from connective.contracts.gateway_events import GatewayAudited
from connective.gateway.storage.keys import (
    current_since,
    drop_key,
    insert_key,
    lock_keys,
    move_key,
    stored_kids,
)
from connective.gateway.tokens.claims import ACCESS_TOKEN_SECONDS
from connective.gateway.tokens.keys import KeyState, make_key
from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.ids import new_id
from connective.kit.problems import Conflict

_ACTOR = service_actor("gateway")
SHORTEST_LIFE = timedelta(seconds=2 * ACCESS_TOKEN_SECONDS)
"""Between two rotations: the key that is dropped must have signed nothing that is still valid."""


class TooSoon(Conflict):
    """The keys were changed a moment ago."""

    code, title = "keys-rotated-recently", "The keys were changed a moment ago"


async def ensure_keys(database: Database, secret: bytes, now: datetime) -> None:
    """Make the first keys, if there are none; of processes that start together one does."""
    async with database.unit(_ACTOR) as unit:
        await lock_keys(unit.connection)
        if await stored_kids(unit.connection):
            return
        for state in (KeyState.CURRENT, KeyState.NEXT):
            await insert_key(unit.connection, make_key(str(new_id()), state), secret, now)


def rotating(
    database: Database, secret: bytes, place_ids: Sequence[UUID], every: timedelta
) -> Callable[[datetime], Awaitable[None]]:
    """The clock's job: change the keys when the one that signs is old; of several machines at once one does."""

    async def rotate(now: datetime) -> None:
        async with database.reading(_ACTOR) as connection:
            since = await current_since(connection)
        if since is not None and now - since >= every:
            # Whoever comes second finds a key that is a moment old.
            with suppress(TooSoon):
                await rotate_keys(database, secret, place_ids, now, urgent=False)

    return rotate


async def rotate_keys(
    database: Database, secret: bytes, place_ids: Sequence[UUID], now: datetime, *, urgent: bool
) -> str:
    """Let the next key sign, and make another next one; answers the id of the key that signs now.

    Raises TooSoon while tokens of the key that would be dropped may be valid, unless it is `urgent`: then they are
    refused, which is the point when a key has leaked.
    """
    async with database.unit(_ACTOR) as unit:
        await lock_keys(unit.connection)
        since = await current_since(unit.connection)
        if since is not None and now - since < SHORTEST_LIFE and not urgent:
            raise TooSoon(f"Wait {SHORTEST_LIFE.seconds // 60} minutes between two rotations, or say --urgent.")
        await drop_key(unit.connection, KeyState.PREVIOUS)
        if urgent:
            await drop_key(unit.connection, KeyState.CURRENT)
        else:
            await move_key(unit.connection, KeyState.CURRENT, KeyState.PREVIOUS, now)
        await move_key(unit.connection, KeyState.NEXT, KeyState.CURRENT, now)
        await insert_key(unit.connection, make_key(str(new_id()), KeyState.NEXT), secret, now)
        for place_id in place_ids:
            act = GatewayAudited(act_id=new_id(), act="keys.rotated", actor_id=_ACTOR.id, organisation_id=None, at=now)
            unit.tell(act, version=1, place_id=place_id)
        return next(kid for kid, state in await stored_kids(unit.connection) if state == KeyState.CURRENT)
