"""Outside OpenID providers, whom they know by which subject, and which of their answers were taken.

Somebody who came by a provider acts in its organisation alone, so the sign-in is bound to that one.
"""

from alembic import op

revision = "0011"
down_revision = "0010"

_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_ADMINISTERED = (
    "(SELECT current_setting('app.kind', true) = 'service' OR current_setting('app.work', true) = 'administering')"
)
_TABLES = {
    "provider": """
        id uuid PRIMARY KEY, place_id uuid NOT NULL, organisation_id uuid NOT NULL, organisation_name text NOT NULL,
        name text NOT NULL, issuer text NOT NULL, client_id text NOT NULL,
        authentication text NOT NULL CHECK (authentication IN ('client_secret_basic', 'private_key_jwt')),
        sealed_secret bytea, role_rules jsonb NOT NULL, factor_rules jsonb NOT NULL, new_accounts boolean NOT NULL,
        ended_at timestamptz, version int NOT NULL,
        CHECK ((authentication = 'client_secret_basic' AND ended_at IS NULL) = (sealed_secret IS NOT NULL))""",
    "provider_identity": """
        place_id uuid NOT NULL, issuer text NOT NULL, subject text NOT NULL,
        account_id uuid NOT NULL REFERENCES account, since timestamptz NOT NULL,
        PRIMARY KEY (place_id, issuer, subject)""",
}
_KINDS = "'account_factors', 'account_opened', 'account_roles', 'client_change', 'client_credential', 'invitation'"


def upgrade() -> None:
    for name, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY place ON {name} USING ({_PLACE})")
        op.execute(f"CREATE POLICY service ON {name} USING ({_SERVICE})")
        op.execute(f"CREATE POLICY own ON {name} AS RESTRICTIVE USING ({_ADMINISTERED})")
    op.execute("CREATE INDEX provider_identity_account ON provider_identity (account_id)")
    op.execute(
        "CREATE TABLE provider_answer (state_hash bytea PRIMARY KEY CHECK (octet_length(state_hash) = 32),"
        " expires_at timestamptz NOT NULL)"
    )
    op.execute(
        "ALTER TABLE sign_in ADD COLUMN provider_id uuid, ADD COLUMN provider_session text,"
        " ADD COLUMN organisation_id uuid"
    )
    op.execute("ALTER TABLE proposal DROP CONSTRAINT proposal_kind_check, DROP CONSTRAINT proposal_check")
    op.execute(
        f"ALTER TABLE proposal ADD CONSTRAINT proposal_kind_check CHECK (kind IN ({_KINDS}, 'provider')),"
        " ADD CONSTRAINT proposal_check"
        " CHECK (organisation_id IS NOT NULL OR kind LIKE 'account_%' OR kind = 'provider')"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE proposal DROP CONSTRAINT proposal_kind_check, DROP CONSTRAINT proposal_check")
    # Proposals of providers stay, decided or to lapse: what happened is not forgotten with its table.
    op.execute(
        f"ALTER TABLE proposal ADD CONSTRAINT proposal_kind_check CHECK (kind IN ({_KINDS})) NOT VALID,"
        " ADD CONSTRAINT proposal_check CHECK (organisation_id IS NOT NULL OR kind LIKE 'account_%') NOT VALID"
    )
    op.execute("ALTER TABLE sign_in DROP COLUMN provider_id, DROP COLUMN provider_session, DROP COLUMN organisation_id")
    for name in ("provider_answer", "provider_identity", "provider"):
        op.execute(f"DROP TABLE {name}")
