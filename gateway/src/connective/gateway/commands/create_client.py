"""Register a partner's system. It may do nothing until a second administrator has approved its scopes (ADR 0022)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from connective.contracts.gateway_events import GatewayAudited
from connective.gateway.commands.admission import Admission
from connective.gateway.commands.credentials import Offered, known_name, known_networks, known_scopes, make_credentials
from connective.gateway.commands.propose import About, keep_proposal
from connective.gateway.domain.clients import ClientRecord
from connective.gateway.domain.proposals import ProposalKind
from connective.gateway.storage.clients import insert_client
from connective.gateway.storage.works import ADMINISTERING
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.problems import NotAllowed, NotFound


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
    """Register it in the actor's place with no scope, and propose those it is to have; answers its secret too, once.

    Raises NotFound for an organisation that the actor may not act for, UnfitCredential for a key that is not safe,
    NoProcessingAgreement, ProhibitedUsesNotAccepted.
    """
    if actor.account_id is None:
        raise NotAllowed("People register systems, not systems.")
    if not every_organisation and new.organisation_id != actor.organisation:
        raise NotFound
    credentials, secret = make_credentials(new.offered, now)
    client_uuid, wanted = new_id(), known_scopes(new.scopes)
    record = ClientRecord(
        id=client_uuid,
        client_id=str(client_uuid),
        name=known_name(new.name),
        place_id=actor.place,
        organisation_id=new.organisation_id,
        authentication=new.offered.authentication,
        redirect_uris=(),
        scopes=(),
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
        about = About(ProposalKind.CLIENT_CHANGE, client_uuid, record.version, {"scopes": wanted}, new.organisation_id)
        await keep_proposal(unit, actor, replace(about, proposal_id=client_uuid), now)
        return await remember(unit, attempt, Done(client_uuid, 201)), secret
