"""Breaches of personal data, with their clock of 72 hours."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE breach (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  legal_entity_id uuid NOT NULL,
  kind text NOT NULL,
  description text NOT NULL,
  aware_at timestamptz NOT NULL,
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  people text[] NOT NULL,
  agreement_id uuid,
  state text NOT NULL,
  risk text,
  assessment text NOT NULL,
  assessed_by text,
  assessed_at timestamptz,
  ico_notified boolean,
  ico_notified_at timestamptz,
  ico_reference text NOT NULL,
  reason text NOT NULL,
  people_told boolean,
  decided_by text,
  decided_at timestamptz,
  recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL,
  version integer NOT NULL
);
CREATE INDEX breach_listed ON breach (place_id, legal_entity_id, id);
"""
_CHANGED_NEVER_REMOVED = ("breach",)
_SEEN = """
USING (
  place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)
  OR ((SELECT current_setting('app.kind', true)) = 'service' AND (SELECT current_setting('app.place', true)) = '')
)
"""


def upgrade() -> None:
    for statement in _TABLES.split(";")[:-1]:
        op.execute(statement)
    for table in _CHANGED_NEVER_REMOVED:
        op.execute(f"REVOKE DELETE ON {table} FROM consent_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_place ON {table} {_SEEN}")


def downgrade() -> None:
    op.execute("DROP TABLE breach")
