"""Register a partner's system, which then asks for tokens as its organisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from connective.contracts.gateway_events import GatewayAudited
from connective.contracts.permissions import SCOPE_PERMISSIONS
from connective.gateway.commands.admission import refuse_without_contract
from connective.gateway.commands.refusals import UnfitCredential
from connective.gateway.domain.clients import Authentication, ClientRecord, Credential, CredentialKind
from connective.gateway.domain.opaque import digest, new_secret
from connective.gateway.domain.public_keys import UnfitKey, public_key
from connective.gateway.storage.clients import insert_client
from connective.gateway.storage.works import ADMINISTERING
from connective.kit.actor import Actor
from connective.kit.database import Database
from connective.kit.idempotency import Attempt, Done, earlier, remember
from connective.kit.ids import new_id
from connective.kit.problems import FieldError, NotFound

SECRET_PREFIX = "hubs_"  # noqa: S105 - how a secret begins, so that scanners know a leaked one


@dataclass(frozen=True, slots=True)
class NewClient:
    """What an administrator says about a system."""

    name: str
    organisation_id: UUID
    authentication: Authentication
    scopes: Sequence[str]
    keys: Sequence[Mapping[str, Any]]


async def create_client(
    database: Database, actor: Actor, attempt: Attempt, new: NewClient, *, now: datetime, every_organisation: bool
) -> tuple[Done, str | None]:
    """Register it in the actor's place; answers its secret too, once, where it has one.

    Raises NotFound for an organisation that the actor may not act for, UnfitCredential for a key that is not safe,
    NoProcessingAgreement.
    """
    if not every_organisation and new.organisation_id != actor.organisation:
        raise NotFound
    credentials, secret = make_credentials(new, now)
    client_uuid = new_id()
    record = ClientRecord(
        id=client_uuid,
        client_id=str(client_uuid),
        name=new.name,
        place_id=actor.place,
        organisation_id=new.organisation_id,
        authentication=new.authentication,
        redirect_uris=(),
        scopes=known_scopes(new.scopes),
        credentials=credentials,
        revoked_at=None,
        version=1,
    )
    async with database.unit(actor, work=ADMINISTERING if every_organisation else "") as unit:
        if done := await earlier(unit, attempt):
            return done, None
        await refuse_without_contract(unit.connection, [new.organisation_id], now)
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


def make_credentials(new: NewClient, now: datetime) -> tuple[tuple[Credential, ...], str | None]:
    """The credentials a client begins with, and its secret where it has one. Raises UnfitCredential."""
    if new.authentication is Authentication.PRIVATE_KEY_JWT:
        if not new.keys:
            raise _unfit("Send at least one public key.")
        return tuple(_key(jwk, now) for jwk in new.keys), None
    if new.keys:
        raise _unfit("A client that authenticates with a secret has no keys.")
    secret = new_secret(SECRET_PREFIX)
    stored = Credential(new_id(), CredentialKind.SECRET, digest(secret), None, now, None)
    return (stored,), secret


def known_scopes(scopes: Sequence[str]) -> tuple[str, ...]:
    """The scopes in a fixed order. Raises UnfitCredential for one that no client may have."""
    unknown = sorted(set(scopes) - set(SCOPE_PERMISSIONS))
    if unknown:
        errors = (FieldError("/scopes", "unknown", "See the list of scopes in the API description."),)
        raise UnfitCredential("One of the scopes does not exist.", errors=errors)
    return tuple(sorted(set(scopes)))


def _key(jwk: Mapping[str, Any], now: datetime) -> Credential:
    try:
        return Credential(new_id(), CredentialKind.KEY, None, public_key(jwk), now, None)
    except UnfitKey as error:
        raise _unfit(f"A key cannot be registered: {error}.") from error


def _unfit(sentence: str) -> UnfitCredential:
    return UnfitCredential(sentence, errors=(FieldError("/jwks", "unfit", sentence),))
