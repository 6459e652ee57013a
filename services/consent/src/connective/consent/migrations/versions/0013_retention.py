"""What a place changed of the retention schedule, and legal holds."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE retention_rule (
  place_id uuid NOT NULL,
  key text NOT NULL,
  counted jsonb NOT NULL,
  reason text NOT NULL,
  source text NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (place_id, key)
);
CREATE TABLE legal_hold (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  legal_entity_id uuid NOT NULL,
  reference text NOT NULL,
  family_ids uuid[] NOT NULL,
  person_ids uuid[] NOT NULL,
  agreement_ids uuid[] NOT NULL,
  reason text NOT NULL,
  review_on date NOT NULL,
  placed_by text NOT NULL,
  placed_at timestamptz NOT NULL,
  reviewed_by text,
  reviewed_at timestamptz,
  review_note text NOT NULL,
  lifted_by text,
  lifted_at timestamptz,
  lift_reason text NOT NULL,
  version integer NOT NULL
);
CREATE INDEX legal_hold_listed ON legal_hold (place_id, legal_entity_id, id);
CREATE INDEX legal_hold_standing ON legal_hold (place_id) WHERE lifted_at IS NULL;
"""
_CHANGED_NEVER_REMOVED = ("retention_rule", "legal_hold")
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
    op.execute("DROP TABLE legal_hold, retention_rule")
