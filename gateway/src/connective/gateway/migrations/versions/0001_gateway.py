"""Accounts, clients, sign-ins and what was issued under them; of every secret only its digest."""

from alembic import op

from connective.kit.migrations import create_kit_tables, drop_kit_tables

revision = "0001"
down_revision = None

_SHA256 = "CHECK (octet_length({}) = 32)"

_TABLES = {
    "account": """
        id uuid PRIMARY KEY, place_id uuid NOT NULL, email text NOT NULL UNIQUE CHECK (email = lower(email)),
        name text NOT NULL, password_hash text CHECK (password_hash LIKE '$argon2id$%'), disabled_at timestamptz,
        version int NOT NULL DEFAULT 1""",
    "membership": """
        account_id uuid NOT NULL REFERENCES account, organisation_id uuid NOT NULL, place_id uuid NOT NULL,
        organisation_name text NOT NULL, roles text[] NOT NULL CHECK (cardinality(roles) > 0),
        PRIMARY KEY (account_id, organisation_id)""",
    "client": """
        id uuid PRIMARY KEY, client_id text NOT NULL UNIQUE CHECK (client_id ~ '^[A-Za-z0-9_-]{3,64}$'),
        name text NOT NULL, place_id uuid, organisation_id uuid, authentication text NOT NULL,
        redirect_uris text[] NOT NULL DEFAULT '{}', scopes text[] NOT NULL DEFAULT '{}', revoked_at timestamptz,
        version int NOT NULL DEFAULT 1,
        CHECK ((organisation_id IS NULL) = (place_id IS NULL)),
        CHECK (organisation_id IS NULL OR (client_id = id::text AND authentication <> 'none'))""",
    "client_credential": f"""
        id uuid PRIMARY KEY, client_id uuid NOT NULL REFERENCES client, place_id uuid, kind text NOT NULL,
        secret_hash bytea {_SHA256.format("secret_hash")}, jwk jsonb CHECK (NOT jwk ?| ARRAY['d', 'k', 'p', 'q']),
        created_at timestamptz NOT NULL, revoked_at timestamptz, last_used_at timestamptz,
        CHECK ((kind = 'secret') = (secret_hash IS NOT NULL)), CHECK ((kind = 'key') = (jwk IS NOT NULL))""",
    "sign_in": f"""
        id uuid PRIMARY KEY, place_id uuid NOT NULL, account_id uuid NOT NULL REFERENCES account,
        token_hash bytea NOT NULL UNIQUE {_SHA256.format("token_hash")}, created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL, ended_at timestamptz""",
    "session": """
        id uuid PRIMARY KEY, place_id uuid NOT NULL, account_id uuid NOT NULL REFERENCES account,
        client_id uuid NOT NULL REFERENCES client, organisation_id uuid NOT NULL, sign_in_id uuid NOT NULL,
        scope text NOT NULL, created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, revoked_at timestamptz,
        version int NOT NULL DEFAULT 1""",
    "authorization_code": f"""
        code_hash bytea PRIMARY KEY {_SHA256.format("code_hash")}, place_id uuid NOT NULL,
        session_id uuid NOT NULL REFERENCES session, redirect_uri text NOT NULL, challenge text NOT NULL, nonce text,
        expires_at timestamptz NOT NULL, used_at timestamptz""",
    "refresh_token": f"""
        token_hash bytea PRIMARY KEY {_SHA256.format("token_hash")}, place_id uuid NOT NULL,
        session_id uuid NOT NULL REFERENCES session, expires_at timestamptz NOT NULL, used_at timestamptz""",
    "assertion": f"""
        client_id uuid NOT NULL REFERENCES client, jti_hash bytea NOT NULL {_SHA256.format("jti_hash")},
        expires_at timestamptz NOT NULL, PRIMARY KEY (client_id, jti_hash)""",
    "signing_key": """
        kid text PRIMARY KEY, state text NOT NULL UNIQUE CHECK (state IN ('current', 'next', 'previous')),
        sealed bytea NOT NULL, since timestamptz NOT NULL""",
    "denial": """
        identifier text PRIMARY KEY, kind text NOT NULL, until timestamptz NOT NULL""",
    "organisation_state": """
        organisation_id uuid PRIMARY KEY, place_id uuid NOT NULL, state text NOT NULL, version int NOT NULL""",
    "sign_in_attempt": f"""
        key bytea PRIMARY KEY {_SHA256.format("key")}, failures int NOT NULL, last_failed_at timestamptz NOT NULL""",
}
_INDEXES = (
    "CREATE INDEX account_list ON account (place_id, id)",
    "CREATE INDEX membership_organisation ON membership (organisation_id)",
    "CREATE INDEX client_list ON client (place_id, organisation_id, id)",
    "CREATE INDEX client_credential_client ON client_credential (client_id)",
    "CREATE INDEX sign_in_expiry ON sign_in (expires_at)",
    "CREATE INDEX session_account ON session (account_id)",
    "CREATE INDEX session_client ON session (client_id)",
    "CREATE INDEX session_expiry ON session (expires_at)",
    "CREATE INDEX session_sign_in ON session (sign_in_id)",
    "CREATE INDEX authorization_code_session ON authorization_code (session_id)",
    "CREATE INDEX refresh_token_session ON refresh_token (session_id)",
    "CREATE INDEX assertion_expiry ON assertion (expires_at)",
    "CREATE INDEX denial_until ON denial (until)",
)
_OF_A_PLACE = (
    "account",
    "membership",
    "client",
    "client_credential",
    "sign_in",
    "session",
    "authorization_code",
    "refresh_token",
    "organisation_state",
)
_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"


def upgrade() -> None:
    create_kit_tables(op.get_bind())
    for name, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    for index in _INDEXES:
        op.execute(index)
    for name in _OF_A_PLACE:
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY place ON {name} USING ({_PLACE})")
        # Signing in begins before anybody's place is known.
        op.execute(f"CREATE POLICY service ON {name} USING ({_SERVICE})")


def downgrade() -> None:
    for name in reversed(list(_TABLES)):
        op.execute(f"DROP TABLE {name}")
    drop_kit_tables(op.get_bind())
