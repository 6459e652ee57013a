"""Links for partners without a system: where they go, which were posted, and who opened one; of secrets digests."""

from alembic import op

revision = "0003"
down_revision = "0002"

_SHA256 = "CHECK (octet_length(token_hash) = 32)"
_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_TABLES = {
    "link_contact": """
        organisation_id uuid PRIMARY KEY, place_id uuid NOT NULL, email text NOT NULL,
        pin_hash text NOT NULL CHECK (pin_hash LIKE '$argon2id$%'), changed_at timestamptz NOT NULL,
        version int NOT NULL""",
    "link": f"""
        id uuid PRIMARY KEY, place_id uuid NOT NULL, organisation_id uuid NOT NULL, request_id uuid NOT NULL,
        made_at timestamptz NOT NULL, next_try_at timestamptz, token_hash bytea UNIQUE {_SHA256},
        expires_at timestamptz, used_at timestamptz, wrong int NOT NULL DEFAULT 0""",
    "link_session": f"""
        id uuid PRIMARY KEY, place_id uuid NOT NULL, link_id uuid NOT NULL UNIQUE REFERENCES link ON DELETE CASCADE,
        organisation_id uuid NOT NULL, request_id uuid NOT NULL, token_hash bytea NOT NULL UNIQUE {_SHA256},
        named text NOT NULL, begun_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, ended_at timestamptz""",
}
_INDEXES = (
    "CREATE INDEX link_to_post ON link (next_try_at) WHERE next_try_at IS NOT NULL",
    "CREATE INDEX link_request ON link (request_id, made_at)",
)


def upgrade() -> None:
    for name, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY place ON {name} USING ({_PLACE})")
        # A link is opened before anybody's place is known.
        op.execute(f"CREATE POLICY service ON {name} USING ({_SERVICE})")
    for index in _INDEXES:
        op.execute(index)


def downgrade() -> None:
    for name in reversed(list(_TABLES)):
        op.execute(f"DROP TABLE {name}")
