"""Sign out of a browser, and of everything that was begun from it."""

from datetime import datetime

from sqlalchemy import Connection

from connective.gateway.domain.opaque import digest
from connective.gateway.oauth.work import Work
from connective.gateway.storage.sessions import end_sign_in as store
from connective.kit.actor import service_actor
from connective.kit.database import Database

_ACTOR = service_actor("gateway")


async def end_sign_in(database: Database, token: str | None, now: datetime) -> list[str]:
    """End the sign-in a cookie stands for, and its sessions; answers the ids that are refused from now on."""
    if token is None:
        return []
    async with database.unit(_ACTOR) as unit:

        def end(connection: Connection) -> list[str]:
            present = Work(connection, unit, now, "", lambda _address, _kid: None)
            for session_id, place_id in store(connection, digest(token), now):
                present.revoke_session(session_id, place_id)
            return present.denied

        return await unit.connection.run_sync(end)
