"""Second factors, the devices people sign in on, and which factors a sign-in and a session rest on.

A session of before has no second factor, so its tokens are refreshed no more: its holder signs in again, with one.
Only the gateway's own work, signing in and what people do to their own account, sees these tables.
"""

from alembic import op

revision = "0006"
down_revision = "0005"

_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_TABLES = {
    "second_factor": """
        id uuid PRIMARY KEY, place_id uuid NOT NULL, account_id uuid NOT NULL REFERENCES account,
        kind text NOT NULL CHECK (kind IN ('app', 'passkey')), name text NOT NULL,
        sealed bytea, last_step bigint NOT NULL DEFAULT 0,
        credential_id bytea UNIQUE, public_key bytea, sign_count bigint NOT NULL DEFAULT 0,
        added_at timestamptz NOT NULL, last_used_at timestamptz, removed_at timestamptz,
        CHECK ((kind = 'app') = (sealed IS NOT NULL)), CHECK ((kind = 'passkey') = (credential_id IS NOT NULL)),
        CHECK ((credential_id IS NULL) = (public_key IS NULL))""",
    "recovery_code": """
        account_id uuid NOT NULL REFERENCES account, code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
        place_id uuid NOT NULL, made_at timestamptz NOT NULL, used_at timestamptz,
        PRIMARY KEY (account_id, code_hash)""",
    "device": """
        id uuid PRIMARY KEY, place_id uuid NOT NULL, account_id uuid NOT NULL REFERENCES account,
        token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32), name text NOT NULL,
        first_seen_at timestamptz NOT NULL, last_seen_at timestamptz NOT NULL, ended_at timestamptz,
        UNIQUE (account_id, token_hash)""",
}
_INDEXES = (
    "CREATE INDEX second_factor_account ON second_factor (account_id)",
    "CREATE INDEX sign_in_account ON sign_in (account_id)",
)


def upgrade() -> None:
    for name, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY place ON {name} USING ({_PLACE})")
        op.execute(f"CREATE POLICY service ON {name} USING ({_SERVICE})")
        op.execute(f"CREATE POLICY own ON {name} AS RESTRICTIVE USING ({_SERVICE})")
    for index in _INDEXES:
        op.execute(index)
    op.execute(
        "ALTER TABLE sign_in ADD COLUMN methods text[] NOT NULL DEFAULT '{}', ADD COLUMN factor_at timestamptz,"
        " ADD COLUMN challenge bytea, ADD COLUMN challenge_until timestamptz, ADD COLUMN device_id uuid"
    )
    op.execute("ALTER TABLE session ADD COLUMN methods text[] NOT NULL DEFAULT '{}', ADD COLUMN factor_at timestamptz")


def downgrade() -> None:
    op.execute("ALTER TABLE session DROP COLUMN methods, DROP COLUMN factor_at")
    op.execute(
        "ALTER TABLE sign_in DROP COLUMN methods, DROP COLUMN factor_at, DROP COLUMN challenge,"
        " DROP COLUMN challenge_until, DROP COLUMN device_id"
    )
    op.execute("DROP INDEX sign_in_account")
    for name in reversed(list(_TABLES)):
        op.execute(f"DROP TABLE {name}")
