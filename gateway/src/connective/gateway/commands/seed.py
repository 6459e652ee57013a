"""Load accounts and clients from a file, for a new place or a demonstration; running it again changes nothing.

A record that exists is left as it is, except that the memberships of an account are made those of the file.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from sqlalchemy.ext.asyncio import AsyncConnection

from connective.contracts.permissions import SERVICE_PERMISSIONS, Role
from connective.contracts.places import Places
from connective.gateway.commands.admission import Admission
from connective.gateway.commands.credentials import known_networks, known_scopes
from connective.gateway.commands.memberships import memberships_set
from connective.gateway.commands.passwords import SHORTEST, Passwords
from connective.gateway.commands.refusals import NameTaken
from connective.gateway.commands.seed_factors import SeedFactors, add_seeded
from connective.gateway.domain.accounts import Account, Membership, sign_in_name
from connective.gateway.domain.admission import need_a_contract
from connective.gateway.domain.clients import (
    SIGN_IN_SCOPE,
    Authentication,
    ClientRecord,
    Credential,
    CredentialKind,
)
from connective.gateway.domain.opaque import digest
from connective.gateway.domain.public_keys import public_key
from connective.gateway.domain.service_identities import bears_a_services_name
from connective.gateway.storage.accounts import get_account, insert_account, set_memberships
from connective.gateway.storage.clients import insert_client
from connective.kit.actor import service_actor
from connective.kit.database import Database
from connective.kit.ids import new_id
from connective.kit.problems import NotFound
from connective.kit.sealing import Seal

_ACTOR = service_actor("gateway")
Text = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SeedMembership(_Strict):
    """What a person is in one organisation."""

    organisation_id: UUID
    organisation_name: Text
    roles: Annotated[frozenset[Role], Field(min_length=1)]


class SeedAccount(_Strict):
    """A person."""

    id: UUID
    place_id: UUID
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")]
    name: Text
    password: Annotated[str, StringConstraints(min_length=SHORTEST)] | None = None
    second_factors: SeedFactors = SeedFactors()
    memberships: tuple[SeedMembership, ...] = ()


class SeedClient(_Strict):
    """A program: pages for people have `redirect_uris`, a partner's system has an organisation."""

    id: UUID
    client_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{3,64}$")] | None = None
    name: Text
    place_id: UUID | None = None
    organisation_id: UUID | None = None
    authentication: Authentication
    redirect_uris: tuple[str, ...] = ()
    scopes: frozenset[str] = frozenset()
    secret_sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    secret: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{43,80}$")] | None = None
    keys: tuple[dict[str, Any], ...] = ()
    networks: tuple[str, ...] = ()

    @field_validator("client_id", "name")
    @classmethod
    def _no_service(cls, value: str | None) -> str | None:
        if value is not None and bears_a_services_name(value, tuple(SERVICE_PERMISSIONS)):
            raise ValueError("is the name of one of the Hub's own services")
        return value


class Seed(_Strict):
    """A seed file."""

    accounts: tuple[SeedAccount, ...] = ()
    clients: tuple[SeedClient, ...] = ()


def read_seed(path: Path, places: Places) -> Seed:
    """Read a file. Raises pydantic.ValidationError, or KeyError for a place that this deployment does not serve."""
    seed = Seed.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    for place_id in (*(each.place_id for each in seed.accounts), *(each.place_id for each in seed.clients)):
        if place_id is not None:
            places.get(place_id)
    return seed


async def load_seed(
    database: Database, passwords: Passwords, seal: Seal, seed: Seed, now: datetime, *, admission: Admission
) -> tuple[int, int]:
    """Store what is not there yet; answers how many accounts and clients were new.

    Raises NoProcessingAgreement or ProhibitedUsesNotAccepted, and nothing of the file is stored, while the legal entity
    of one of the organisations has no contract with the host, or an organisation has not accepted the prohibited uses.
    """
    needing = need_a_contract(each for person in seed.accounts for each in _account(person).memberships)
    needing |= {each.organisation_id for each in seed.clients if each.organisation_id is not None}
    async with database.reading(_ACTOR) as connection:
        await admission.refuse_unready(connection, needing, now)
    hashes = {each.id: await passwords.hash(each.password) for each in seed.accounts if each.password}
    accounts = clients = 0
    async with database.unit(_ACTOR) as unit:
        for person in seed.accounts:
            account = _account(person)
            if await insert_account(unit.connection, account, hashes.get(person.id)):
                accounts += 1
                await add_seeded(unit, account, seal, person.second_factors, now)
            else:
                await _refuse_another(unit.connection, account)
                await set_memberships(unit.connection, account.id, account.place_id, account.memberships)
            unit.tell(memberships_set(account), version=1, place_id=account.place_id)
        for program in seed.clients:
            clients += await insert_client(unit.connection, _client(program, now))
    return accounts, clients


async def _refuse_another(connection: AsyncConnection, account: Account) -> None:
    try:
        await get_account(connection, _ACTOR, account.id)
    except NotFound as error:
        raise NameTaken(f"Somebody else signs in by the address that the file gives account {account.id}.") from error


def _account(seed: SeedAccount) -> Account:
    memberships = tuple(
        Membership(m.organisation_id, m.organisation_name, tuple(sorted(map(str, m.roles)))) for m in seed.memberships
    )
    return Account(seed.id, seed.place_id, sign_in_name(seed.email), seed.name, memberships, None, 1)


def _client(seed: SeedClient, now: datetime) -> ClientRecord:
    credentials = [Credential(new_id(), CredentialKind.KEY, None, public_key(jwk), now, None) for jwk in seed.keys]
    stored = bytes.fromhex(seed.secret_sha256) if seed.secret_sha256 else seed.secret and digest(seed.secret)
    if stored:
        credentials.append(Credential(new_id(), CredentialKind.SECRET, stored, None, now, None))
    return ClientRecord(
        id=seed.id,
        client_id=seed.client_id or str(seed.id),
        name=seed.name,
        place_id=seed.place_id,
        organisation_id=seed.organisation_id,
        authentication=seed.authentication,
        redirect_uris=seed.redirect_uris,
        scopes=(SIGN_IN_SCOPE,) if seed.redirect_uris else known_scopes(sorted(seed.scopes)),
        credentials=tuple(credentials),
        revoked_at=None,
        version=1,
        networks=known_networks(seed.networks),
    )
