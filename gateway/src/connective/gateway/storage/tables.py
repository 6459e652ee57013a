"""The tables, as SQLAlchemy Core sees them. The migrations make them; these only name their columns."""

from typing import Any

from sqlalchemy import ARRAY, Column, Date, DateTime, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()


def _moment(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True))


account = Table(
    "account",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("email", Text),
    Column("name", Text),
    Column("password_hash", Text),
    _moment("disabled_at"),
    Column("version", Integer),
    _moment("last_sign_in_at"),
    Column("left_on", Date),
)
membership = Table(
    "membership",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("organisation_id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("organisation_name", Text),
    Column("roles", ARRAY(Text)),
)
client = Table(
    "client",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("client_id", Text),
    Column("name", Text),
    Column("place_id", Uuid),
    Column("organisation_id", Uuid),
    Column("authentication", Text),
    Column("redirect_uris", ARRAY(Text)),
    Column("scopes", ARRAY(Text)),
    _moment("revoked_at"),
    Column("version", Integer),
    Column("networks", ARRAY(Text)),
)
client_credential = Table(
    "client_credential",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("client_id", Uuid),
    Column("place_id", Uuid),
    Column("kind", Text),
    Column("secret_hash", LargeBinary),
    Column("jwk", JSONB),
    _moment("created_at"),
    _moment("revoked_at"),
    _moment("last_used_at"),
    Column("jwks_uri", Text),
    _moment("expires_at"),
)
sign_in = Table(
    "sign_in",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("account_id", Uuid),
    Column("token_hash", LargeBinary),
    _moment("created_at"),
    _moment("expires_at"),
    _moment("ended_at"),
    Column("methods", ARRAY(Text)),
    _moment("factor_at"),
    Column("device_id", Uuid),
    Column("organisation_id", Uuid),
)
session = Table(
    "session",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("account_id", Uuid),
    Column("client_id", Uuid),
    Column("organisation_id", Uuid),
    Column("sign_in_id", Uuid),
    Column("scope", Text),
    _moment("created_at"),
    _moment("expires_at"),
    _moment("revoked_at"),
    Column("version", Integer),
    Column("methods", ARRAY(Text)),
    _moment("factor_at"),
)
authorization_code = Table(
    "authorization_code",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    Column("place_id", Uuid),
    Column("session_id", Uuid),
    Column("redirect_uri", Text),
    Column("challenge", Text),
    Column("nonce", Text),
    _moment("expires_at"),
    _moment("used_at"),
)
refresh_token = Table(
    "refresh_token",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("place_id", Uuid),
    Column("session_id", Uuid),
    _moment("expires_at"),
    _moment("used_at"),
)
assertion = Table(
    "assertion",
    metadata,
    Column("client_id", Uuid, primary_key=True),
    Column("jti_hash", LargeBinary, primary_key=True),
    _moment("expires_at"),
)
signing_key = Table(
    "signing_key",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("state", Text),
    Column("sealed", LargeBinary),
    _moment("since"),
)
denial = Table(
    "denial",
    metadata,
    Column("identifier", Text, primary_key=True),
    Column("kind", Text),
    _moment("until"),
)
organisation_state = Table(
    "organisation_state",
    metadata,
    Column("organisation_id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("state", Text),
    Column("version", Integer),
    Column("legal_entity_id", Uuid),
)
processing_agreement = Table(
    "processing_agreement",
    metadata,
    Column("legal_entity_id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("ends_on", Date),
    Column("version", Integer),
)
sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("failures", Integer),
    _moment("last_failed_at"),
)
proposal = Table(
    "proposal",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("place_id", Uuid),
    Column("organisation_id", Uuid),
    Column("kind", Text),
    Column("subject_id", Uuid),
    Column("subject_version", Integer),
    Column("change", JSONB),
    Column("proposed_by", Uuid),
    _moment("proposed_at"),
    Column("state", Text),
    Column("decided_by", Uuid),
    _moment("decided_at"),
    Column("version", Integer),
)
