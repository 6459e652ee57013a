"""End what one has open: everything begun in one browser, or everything everywhere else."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from connective.gateway.oauth.work import Work
from connective.gateway.storage.own_sessions import end_device, end_sign_ins, own_session
from connective.kit.actor import service_actor
from connective.kit.database import Database, Unit
from connective.kit.problems import NotFound

_ACTOR = service_actor("gateway")


async def forget_device(database: Database, account_id: UUID, device_id: UUID, now: datetime) -> list[str]:
    """Know a browser no more and end all that was begun in it; answers the ids that are refused from now on."""
    async with database.unit(_ACTOR) as unit:
        if not await end_device(unit, device_id, account_id, now):
            return []
        return await revoke_all(unit, await end_sign_ins(unit, account_id, now, device_id=device_id), now)


async def end_own(database: Database, account_id: UUID, session_id: UUID, now: datetime) -> list[str]:
    """End one's own session, by id. Of any other nothing is ended, and nothing told: not whether there is one."""
    async with database.unit(_ACTOR) as unit:
        found = await own_session(unit, session_id, account_id)
        if found is None:
            return []
        return await revoke_all(unit, [(session_id, found["place_id"])], now)


async def end_others(database: Database, account_id: UUID, here: UUID, now: datetime) -> list[str]:
    """End everything but what was begun in the browser of this session. Raises NotFound for a session not theirs."""
    async with database.unit(_ACTOR) as unit:
        found = await own_session(unit, here, account_id)
        if found is None:
            raise NotFound
        return await end_everything(unit, account_id, now, but=found["sign_in_id"])


async def end_everything(unit: Unit, account_id: UUID, now: datetime, *, but: UUID | None = None) -> list[str]:
    """End every sign-in and session of an account but this one sign-in; answers the ids refused from now on."""
    return await revoke_all(unit, await end_sign_ins(unit, account_id, now, but=but), now)


async def revoke_all(unit: Unit, sessions: Sequence[tuple[UUID, UUID]], now: datetime) -> list[str]:
    """Revoke sessions, by id and place, and refuse their tokens."""

    def revoke(connection: Connection) -> list[str]:
        present = Work(connection, unit, now, "", lambda _address, _kid: None)
        for session_id, place_id in sessions:
            present.revoke_session(session_id, place_id)
        return present.denied

    return await unit.connection.run_sync(revoke)
