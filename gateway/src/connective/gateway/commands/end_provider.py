"""End an outside provider: nobody comes in by it any more, and whoever is in by it is out, at once, by one person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from connective.contracts.gateway_events import GatewayAudited
from connective.gateway.domain.outside_sign_in import ToldOut, UnfitAnswer
from connective.gateway.domain.providers import Provider
from connective.gateway.oauth.work import Work
from connective.gateway.storage.providers import end_provider as store
from connective.gateway.storage.providers import get_provider, take_logout, told_out
from connective.gateway.storage.sessions import end_sign_in
from connective.gateway.storage.works import ADMINISTERING
from connective.kit.actor import Actor, service_actor
from connective.kit.database import Database, Unit
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id

_ACTOR = service_actor("gateway")


async def end_provider(
    database: Database, actor: Actor, attempt: Attempt, provider_id: UUID, expected: int, *, now: datetime
) -> Done:
    """End it. Raises NotFound for another place's, Stale when it changed since it was read."""
    async with database.unit(actor, work=ADMINISTERING) as unit:
        if done := await earlier(unit, attempt):
            return done
        provider = await get_provider(unit.connection, actor, provider_id)
        refuse_stale(expected, provider.version)
        if provider.ended_at is None:
            await store(unit, provider_id, now)
            act = GatewayAudited(
                act_id=new_id(),
                act="provider.ended",
                actor_id=actor.id,
                organisation_id=provider.organisation_id,
                at=now,
                provider_id=provider_id,
            )
            unit.tell(act, version=1)
        return await remember(unit, attempt, Done(provider_id, 200))


async def end_sign_ins(database: Database, provider: Provider, now: datetime) -> list[str]:
    """End all that was begun by a provider; answers the ids that are refused from now on."""
    async with database.unit(_ACTOR) as unit:
        return await end_hashes(unit, await told_out(unit, provider, None, None), now)


async def end_as_told(database: Database, provider: Provider, told: ToldOut, now: datetime) -> list[str]:
    """End what a logout token names; answers the ids that are refused from now on.

    Raises UnfitAnswer for a token that was taken before: of deliveries at once exactly one counts.
    """
    async with database.unit(_ACTOR) as unit:
        if not await take_logout(unit, provider, told):
            raise UnfitAnswer("used_before")
        return await end_hashes(unit, await told_out(unit, provider, told.subject, told.session), now)


async def end_hashes(unit: Unit, hashes: list[bytes], now: datetime) -> list[str]:
    """End sign-ins by the digests of their secrets, and their sessions; answers the ids refused from now on."""

    def end(connection: Connection) -> list[str]:
        present = Work(connection, unit, now, "", lambda _address, _kid: None)
        for token_hash in hashes:
            for session_id, place_id in end_sign_in(connection, token_hash, now):
                present.revoke_session(session_id, place_id)
        return present.denied

    return await unit.connection.run_sync(end)
