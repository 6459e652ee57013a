"""Outside providers, who came by them, and answers of theirs that were taken."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from connective.gateway.domain.outside_sign_in import ToldOut
from connective.gateway.domain.providers import FactorRule, Provider, ProviderAuthentication, RoleRule
from connective.kit.actor import Actor
from connective.kit.database import Unit, fetch, fetch_one
from connective.kit.problems import NotFound

_COLUMNS = """
id, place_id, organisation_id, organisation_name, name, issuer, client_id, authentication, sealed_secret,
role_rules, factor_rules, new_accounts, ended_at, version
"""
_ACTIVE = f"SELECT {_COLUMNS} FROM provider WHERE ended_at IS NULL ORDER BY name, id"  # noqa: S608 - names of columns
_ACTIVE_ONE = f"SELECT {_COLUMNS} FROM provider WHERE id = $1 AND ended_at IS NULL"  # noqa: S608 - names of columns
_VISIBLE = f"SELECT {_COLUMNS} FROM provider WHERE place_id = $1"  # noqa: S608 - names of columns
"""One predicate for "may see this one" and "list what I may see"."""
_ONE = f"{_VISIBLE} AND id = $2"
_LIST = f"{_VISIBLE} AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3"
_INSERT = """
INSERT INTO provider
  (id, place_id, organisation_id, organisation_name, name, issuer, client_id, authentication, sealed_secret,
   role_rules, factor_rules, new_accounts, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11::jsonb, $12, 1)
"""
_CHANGE = """
UPDATE provider
SET organisation_id = $3, organisation_name = $4, name = $5, issuer = $6, client_id = $7, authentication = $8,
    sealed_secret = $9, role_rules = $10::jsonb, factor_rules = $11::jsonb, new_accounts = $12, version = version + 1
WHERE id = $1 AND place_id = $2
"""
_END = "UPDATE provider SET ended_at = $2, sealed_secret = NULL, version = version + 1 WHERE id = $1 RETURNING version"
_TAKE = """
INSERT INTO provider_answer (state_hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1
"""
_LOCK_IDENTITY = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
_IDENTITY = """
SELECT account_id FROM provider_identity WHERE place_id = $1 AND issuer = $2 AND subject = $3
"""
_KEEP_IDENTITY = """
INSERT INTO provider_identity (place_id, issuer, subject, account_id, since) VALUES ($1, $2, $3, $4, $5)
"""
_SIGN_IN = """
INSERT INTO sign_in (id, place_id, account_id, token_hash, created_at, expires_at, methods, factor_at,
                     provider_id, provider_session, organisation_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_SIGNED_IN = "UPDATE account SET last_sign_in_at = $2 WHERE id = $1"
_PROVIDER_OF = f"""
SELECT {_COLUMNS} FROM provider WHERE id = (SELECT provider_id FROM sign_in WHERE token_hash = $1)
"""  # noqa: S608 - names of columns
_TOLD_OUT = """
SELECT s.token_hash FROM sign_in AS s
JOIN provider_identity AS i ON i.account_id = s.account_id AND i.issuer = $2 AND i.place_id = s.place_id
WHERE s.provider_id = $1 AND s.ended_at IS NULL
  AND ($3::text IS NULL OR i.subject = $3) AND ($4::text IS NULL OR s.provider_session = $4)
"""
_IDENTITIES = """
SELECT i.issuer, i.since, coalesce(p.name, i.issuer) AS name FROM provider_identity AS i
LEFT JOIN LATERAL (SELECT name FROM provider WHERE place_id = i.place_id AND issuer = i.issuer
                   ORDER BY ended_at IS NULL DESC, id DESC LIMIT 1) AS p ON true
WHERE i.account_id = $1 ORDER BY i.since, i.issuer
"""
_PART = "DELETE FROM provider_identity WHERE account_id = $1 AND issuer = $2 RETURNING 1"
_COME_BY = """
SELECT s.token_hash FROM sign_in AS s JOIN provider AS p ON p.id = s.provider_id
WHERE s.account_id = $1 AND p.issuer = $2 AND s.ended_at IS NULL
"""
_NEWEST = """
SELECT id FROM provider WHERE place_id = $1 AND issuer = $2 ORDER BY ended_at IS NULL DESC, id DESC LIMIT 1
"""
_FORGET = "DELETE FROM provider_answer WHERE expires_at < $1"


@dataclass(frozen=True, slots=True)
class Identity:
    """A provider by which an account's holder is known."""

    issuer: str
    since: datetime
    name: str


def _provider(row: Any) -> Provider:  # noqa: ANN401 - a row of the driver's
    values: dict[str, Any] = dict(row)
    rules = (_loaded(values.pop("role_rules")), _loaded(values.pop("factor_rules")))
    values["authentication"] = ProviderAuthentication(values["authentication"])
    return Provider(
        role_rules=tuple(RoleRule(each["claim"], each["value"], tuple(each["roles"])) for each in rules[0]),
        factor_rules=tuple(FactorRule(**each) for each in rules[1]),
        **values,
    )


def _loaded(value: Any) -> Any:  # noqa: ANN401 - JSON as the driver gives it
    return json.loads(value) if isinstance(value, str) else value


def rules_to_json(provider: Provider) -> tuple[list[Mapping[str, Any]], list[Mapping[str, Any]]]:
    """The rules as they are stored."""
    return [asdict(each) for each in provider.role_rules], [asdict(each) for each in provider.factor_rules]


def _values(provider: Provider) -> tuple[Any, ...]:
    role_rules, factor_rules = rules_to_json(provider)
    return (
        *(provider.id, provider.place_id, provider.organisation_id, provider.organisation_name, provider.name),
        *(provider.issuer, provider.client_id, str(provider.authentication), provider.sealed_secret),
        *(json.dumps(role_rules), json.dumps(factor_rules), provider.new_accounts),
    )


async def active_providers(connection: AsyncConnection) -> list[Provider]:
    """Every provider that people may come by."""
    return [_provider(row) for row in await fetch(connection, _ACTIVE, ())]


async def active_provider(connection: AsyncConnection, provider_id: UUID) -> Provider | None:
    """The provider of this id; None where there is none, or no more."""
    row = await fetch_one(connection, _ACTIVE_ONE, (provider_id,))
    return None if row is None else _provider(row)


async def get_provider(connection: AsyncConnection, actor: Actor, provider_id: UUID) -> Provider:
    """A provider of the actor's place. Raises NotFound."""
    row = await fetch_one(connection, _ONE, (actor.place, provider_id))
    if row is None:
        raise NotFound
    return _provider(row)


async def list_providers(
    connection: AsyncConnection, actor: Actor, *, after: UUID | None, limit: int
) -> list[Provider]:
    """Providers of the actor's place in order of making, one more than asked when there are more."""
    return [_provider(row) for row in await fetch(connection, _LIST, (actor.place, after, limit + 1))]


async def insert_provider(unit: Unit, new: Provider) -> None:
    """Store a new provider."""
    await unit.run(_INSERT, _values(new))


async def change_provider(unit: Unit, changed: Provider) -> None:
    """Store what a provider has become."""
    await unit.run(_CHANGE, _values(changed))


async def end_provider(unit: Unit, provider_id: UUID, now: datetime) -> None:
    """Let nobody come by it any more; its secret is forgotten."""
    await unit.run(_END, (provider_id, now))


async def take_answer(unit: Unit, state_hash: bytes, until: datetime) -> bool:
    """Take the answer to one way out; False when it was taken before. Of callers at once exactly one wins."""
    return await unit.fetch_one(_TAKE, (state_hash, until)) is not None


async def account_of(unit: Unit, provider: Provider, subject: str) -> UUID | None:
    """Whose account this subject's is; nobody else looks until the unit ends, so that nobody gets two."""
    await unit.run(_LOCK_IDENTITY, (f"{provider.place_id} {provider.issuer} {subject}",))
    row = await unit.fetch_one(_IDENTITY, (provider.place_id, provider.issuer, subject))
    return None if row is None else row["account_id"]


async def keep_identity(unit: Unit, provider: Provider, subject: str, account_id: UUID, now: datetime) -> None:
    """Know this subject from now on."""
    await unit.run(_KEEP_IDENTITY, (provider.place_id, provider.issuer, subject, account_id, now))


async def identities_of(connection: AsyncConnection, account_id: UUID) -> list[Identity]:
    """By which providers somebody is known, the oldest first."""
    return [Identity(**dict(row)) for row in await fetch(connection, _IDENTITIES, (account_id,))]


async def part_identity(unit: Unit, account_id: UUID, issuer: str) -> bool:
    """Know an account by this provider no more; False where it was not."""
    return await unit.fetch_one(_PART, (account_id, issuer)) is not None


async def came_by(unit: Unit, account_id: UUID, issuer: str) -> list[bytes]:
    """The sign-ins of an account that a provider began, and that are open."""
    return [row["token_hash"] for row in await unit.fetch(_COME_BY, (account_id, issuer))]


async def newest_of(unit: Unit, place_id: UUID, issuer: str) -> UUID | None:
    """The record of a provider: the one in use, else the last that was."""
    row = await unit.fetch_one(_NEWEST, (place_id, issuer))
    return None if row is None else row["id"]


async def take_logout(unit: Unit, provider: Provider, told: ToldOut) -> bool:
    """Take a logout token of a provider's; False when it was taken before. Of callers at once exactly one wins."""
    # The ids of different providers are their own matter: one's must not use up another's.
    key = hashlib.sha256(json.dumps(["logout", provider.issuer, told.id]).encode()).digest()
    return await take_answer(unit, key, told.until)


async def insert_outside_sign_in(unit: Unit, *values: object) -> None:
    """Remember a browser in which somebody has just come back from their provider."""
    await unit.run(_SIGN_IN, values)


async def note_sign_in(unit: Unit, account_id: UUID, now: datetime) -> None:
    """Keep when somebody last signed in whole."""
    await unit.run(_SIGNED_IN, (account_id, now))


async def provider_of(connection: AsyncConnection, token_hash: bytes) -> Provider | None:
    """The provider by which somebody signed in in this browser; None for who signed in here."""
    row = await fetch_one(connection, _PROVIDER_OF, (token_hash,))
    return None if row is None else _provider(row)


async def told_out(unit: Unit, provider: Provider, subject: str | None, session: str | None) -> list[bytes]:
    """The sign-ins that end because the provider says so."""
    return [row["token_hash"] for row in await unit.fetch(_TOLD_OUT, (provider.id, provider.issuer, subject, session))]


async def forget_answers(unit: Unit, before: datetime) -> None:
    """Forget answers whose time is over."""
    await unit.run(_FORGET, (before,))
