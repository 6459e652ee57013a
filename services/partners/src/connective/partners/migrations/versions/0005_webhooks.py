"""Webhooks: who wants to be told of what and where, every message, and every try to deliver one."""

from alembic import op

revision = "0005"
down_revision = "0004"

_TABLES = {
    "webhook": """
        id uuid PRIMARY KEY, place_id uuid NOT NULL, organisation_id uuid NOT NULL, url text NOT NULL, description text,
        notice_email text, events text[] NOT NULL, state text NOT NULL CHECK (state IN ('active', 'disabled')),
        disabled_reason text, disabled_at timestamptz, notified_at timestamptz,
        secret bytea NOT NULL, old_secret bytea, old_secret_until timestamptz,
        held boolean NOT NULL DEFAULT false, organisation_version int NOT NULL DEFAULT 0,
        not_before timestamptz, last_success_at timestamptz, failing_since timestamptz,
        version int NOT NULL, changed_at timestamptz NOT NULL""",
    "webhook_delivery": """
        id uuid PRIMARY KEY, webhook_id uuid NOT NULL REFERENCES webhook ON DELETE CASCADE, place_id uuid NOT NULL,
        organisation_id uuid NOT NULL, event_id uuid NOT NULL, type text NOT NULL, body text NOT NULL,
        state text NOT NULL CHECK (state IN ('pending', 'delivered', 'set_aside')), tries int NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL, next_at timestamptz, ended_at timestamptz, UNIQUE (webhook_id, event_id)""",
    "webhook_try": """
        delivery_id uuid NOT NULL REFERENCES webhook_delivery ON DELETE CASCADE, number int NOT NULL,
        place_id uuid NOT NULL, organisation_id uuid NOT NULL, at timestamptz NOT NULL, outcome text NOT NULL,
        status int, took_ms int NOT NULL, PRIMARY KEY (delivery_id, number)""",
}
_INDEXES = (
    "CREATE INDEX webhook_list ON webhook (organisation_id, id)",
    "CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook_id, next_at) WHERE state = 'pending'",
    "CREATE INDEX webhook_delivery_list ON webhook_delivery (webhook_id, id)",
    "CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE state <> 'pending'",
)
# An organisation's own; and the Hub's own work, which delivers in all places.
_SEEN = """
USING (
  (place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)
   AND organisation_id = (SELECT NULLIF(current_setting('app.organisation', true), '')::uuid))
  OR ((SELECT current_setting('app.kind', true)) = 'service' AND (SELECT current_setting('app.place', true)) = '')
)
"""


def upgrade() -> None:
    for name, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {name} {_SEEN}")
    for index in _INDEXES:
        op.execute(index)
    # What was tried, when, and with what outcome is never altered; it goes with its message.
    op.execute("REVOKE UPDATE, DELETE ON webhook_try FROM partners_app")
    op.execute("REVOKE UPDATE ON webhook_delivery FROM partners_app")
    op.execute("GRANT UPDATE (state, tries, next_at, ended_at) ON webhook_delivery TO partners_app")


def downgrade() -> None:
    for name in reversed(_TABLES):
        op.execute(f"DROP TABLE {name}")
