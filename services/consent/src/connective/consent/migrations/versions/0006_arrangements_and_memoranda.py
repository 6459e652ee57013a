"""Joint-controller arrangements and memoranda of understanding; who signed, by name and position."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE joint_arrangement (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  reference text NOT NULL,
  proposed_by_entity_id uuid NOT NULL,
  state text NOT NULL,
  terms jsonb NOT NULL,
  entity_ids uuid[] NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  version integer NOT NULL,
  UNIQUE (place_id, reference)
);
CREATE TABLE joint_arrangement_act (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  arrangement_id uuid NOT NULL REFERENCES joint_arrangement,
  act text NOT NULL,
  legal_entity_id uuid NOT NULL,
  actor_id text NOT NULL,
  note text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX joint_arrangement_act_of ON joint_arrangement_act (arrangement_id, at);
CREATE TABLE memorandum (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  reference text NOT NULL,
  lead_entity_id uuid NOT NULL,
  state text NOT NULL,
  terms jsonb NOT NULL,
  text text NOT NULL,
  text_hash text NOT NULL,
  seen_by uuid[] NOT NULL,
  ends_on date NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  revision integer NOT NULL,
  UNIQUE (place_id, reference)
);
CREATE INDEX memorandum_open ON memorandum (ends_on) WHERE state <> 'ended';
CREATE TABLE memorandum_act (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  memorandum_id uuid NOT NULL REFERENCES memorandum,
  act text NOT NULL,
  legal_entity_id uuid,
  actor_id text NOT NULL,
  signer_name text NOT NULL,
  signer_position text NOT NULL,
  text_hash text,
  commitment integer,
  progress text,
  note text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX memorandum_act_of ON memorandum_act (memorandum_id, at);
"""

_ONLY_ADDED_TO = ("joint_arrangement_act", "memorandum_act")
_CHANGED_NEVER_REMOVED = ("joint_arrangement", "memorandum")
_SEEN = """
USING (
  place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)
  OR ((SELECT current_setting('app.kind', true)) = 'service' AND (SELECT current_setting('app.place', true)) = '')
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for statement in _TABLES.split(";")[:-1]:
        op.execute(statement)
    op.execute("ALTER TABLE agreement_version ADD COLUMN document jsonb")
    for column in ("signer_name", "signer_position"):
        op.execute(f"ALTER TABLE agreement_act ADD COLUMN {column} text NOT NULL DEFAULT ''")
    for table in _ONLY_ADDED_TO:
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM consent_app")
    for table in _CHANGED_NEVER_REMOVED:
        op.execute(f"REVOKE DELETE ON {table} FROM consent_app")
    for table in (*_ONLY_ADDED_TO, *_CHANGED_NEVER_REMOVED):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_place ON {table} {_SEEN}")


def downgrade() -> None:
    op.execute("ALTER TABLE agreement_version DROP COLUMN document")
    op.execute("ALTER TABLE agreement_act DROP COLUMN signer_name, DROP COLUMN signer_position")
    op.execute("DROP TABLE memorandum_act, memorandum, joint_arrangement_act, joint_arrangement")
