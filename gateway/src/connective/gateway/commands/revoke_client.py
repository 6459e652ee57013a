"""Revoke a client: it gets no more tokens, and those it has are refused within seconds."""

from datetime import datetime, timedelta
from uuid import UUID

from connective.contracts.gateway_events import CredentialRevoked, GatewayAudited
from connective.gateway.storage.clients import get_client
from connective.gateway.storage.clients import revoke_client as store
from connective.gateway.storage.denials import DenialKind, deny
from connective.gateway.storage.works import ADMINISTERING
from connective.gateway.tokens.claims import ACCESS_TOKEN_SECONDS
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.etags import refuse_stale
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id


async def revoke_client(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    client_uuid: UUID,
    expected: int,
    *,
    now: datetime,
    every_organisation: bool,
) -> Done:
    """Revoke it. Raises NotFound for one the actor may not manage, Stale when it changed since it was read."""
    async with database.unit(actor, work=ADMINISTERING if every_organisation else "") as unit:
        if done := await earlier(unit, attempt):
            return done
        client = await get_client(unit.connection, actor, client_uuid, every_organisation=every_organisation)
        refuse_stale(expected, client.version)
        if client.revoked_at is None:
            version = await store(unit.connection, client_uuid, now)
            until = now + timedelta(seconds=ACCESS_TOKEN_SECONDS)
            await unit.connection.run_sync(deny, DenialKind.CLIENT, client.client_id, until)
            unit.tell(CredentialRevoked(client_id=client_uuid), version=version)
            act = GatewayAudited(
                act_id=new_id(),
                act="client.revoked",
                actor_id=actor.id,
                organisation_id=client.organisation_id,
                at=now,
                client_id=client_uuid,
            )
            unit.tell(act, version=1)
        return await remember(unit, attempt, Done(client_uuid, 200))
