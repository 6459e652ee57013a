"""Register a partner's system, which then asks for tokens as its organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from connective.contracts.gateway_events import GatewayAudited
from connective.gateway.commands.admission import Admission
from connective.gateway.commands.credentials import Offered, known_networks, known_scopes, make_credentials
from connective.gateway.domain.clients import ClientRecord
from connective.gateway.storage.clients import insert_client
from connective.gateway.storage.works import ADMINISTERING
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.problems import NotFound


@dataclass(frozen=True, slots=True)
class NewClient:
    """What an administrator says about a system."""

    name: str
    organisation_id: UUID
    offered: Offered
    scopes: Sequence[str]
    networks: Sequence[str]


async def create_client(
    database: Database,
    actor: Actor,
    attempt: Attempt,
    new: NewClient,
    *,
    admission: Admission,
    now: datetime,
    every_organisation: bool,
) -> tuple[Done, str | None]:
    """Register it in the actor's place; answers its secret too, once, where it has one.

    Raises NotFound for an organisation that the actor may not act for, UnfitCredential for a key that is not safe,
    NoProcessingAgreement, ProhibitedUsesNotAccepted.
    """
    if not every_organisation and new.organisation_id != actor.organisation:
        raise NotFound
    credentials, secret = make_credentials(new.offered, now)
    client_uuid = new_id()
    record = ClientRecord(
        id=client_uuid,
        client_id=str(client_uuid),
        name=new.name,
        place_id=actor.place,
        organisation_id=new.organisation_id,
        authentication=new.offered.authentication,
        redirect_uris=(),
        scopes=known_scopes(new.scopes),
        credentials=credentials,
        revoked_at=None,
        version=1,
        networks=known_networks(new.networks),
    )
    async with database.unit(actor, work=ADMINISTERING if every_organisation else "") as unit:
        if done := await earlier(unit, attempt):
            return done, None
        await admission.refuse_unready(unit.connection, [new.organisation_id], now)
        await insert_client(unit.connection, record)
        act = GatewayAudited(
            act_id=new_id(),
            act="client.created",
            actor_id=actor.id,
            organisation_id=new.organisation_id,
            at=now,
            client_id=client_uuid,
        )
        unit.tell(act, version=1)
        return await remember(unit, attempt, Done(client_uuid, 201)), secret
