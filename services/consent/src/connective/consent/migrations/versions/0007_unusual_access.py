"""Findings of unusual access, what they are measured by, and samples drawn for audit."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = """
ALTER TABLE restriction ADD COLUMN named_actor_ids text[] NOT NULL DEFAULT '{}';
CREATE INDEX access_record_day ON access_record (place_id, at);
CREATE INDEX disclosure_day ON disclosure (place_id, disclosed_at);
CREATE INDEX decision_day ON decision (place_id, decided_at);
CREATE TABLE access_volume (
  place_id uuid NOT NULL,
  on_day date NOT NULL,
  actor_id text NOT NULL,
  organisation_id uuid NOT NULL,
  people integer NOT NULL,
  acts integer NOT NULL,
  PRIMARY KEY (place_id, on_day, actor_id, organisation_id)
);
CREATE INDEX access_volume_peers ON access_volume (organisation_id, on_day);
CREATE TABLE audit_finding (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  kind text NOT NULL,
  actor_id text NOT NULL,
  organisation_id uuid NOT NULL,
  on_day date NOT NULL,
  sentence text NOT NULL,
  facts jsonb NOT NULL,
  found_at timestamptz NOT NULL,
  state text NOT NULL,
  reviewed_by text,
  reviewed_at timestamptz,
  review_note text NOT NULL,
  UNIQUE (place_id, on_day, kind, actor_id, organisation_id)
);
CREATE INDEX audit_finding_listed ON audit_finding (place_id, id DESC);
CREATE TABLE audit_sample (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  legal_entity_id uuid NOT NULL,
  of_kind text NOT NULL,
  seed text NOT NULL,
  since timestamptz NOT NULL,
  until timestamptz NOT NULL,
  asked jsonb NOT NULL,
  population integer NOT NULL,
  size integer NOT NULL,
  state text NOT NULL,
  conclusion text NOT NULL,
  drawn_by text NOT NULL,
  drawn_at timestamptz NOT NULL,
  closed_by text,
  closed_at timestamptz,
  version integer NOT NULL
);
CREATE INDEX audit_sample_listed ON audit_sample (place_id, legal_entity_id, id);
CREATE TABLE audit_sample_item (
  sample_id uuid NOT NULL REFERENCES audit_sample,
  nth integer NOT NULL,
  place_id uuid NOT NULL,
  record_id uuid NOT NULL,
  result text,
  note text NOT NULL,
  recorded_by text,
  recorded_at timestamptz,
  PRIMARY KEY (sample_id, nth)
);
"""
_CHANGED_NEVER_REMOVED = ("audit_finding", "audit_sample", "audit_sample_item")
_ALSO_OF_A_PLACE = ("access_volume",)
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
    for table in (*_CHANGED_NEVER_REMOVED, *_ALSO_OF_A_PLACE):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_place ON {table} {_SEEN}")


def downgrade() -> None:
    op.execute("DROP TABLE audit_sample_item, audit_sample, audit_finding, access_volume")
    for index in ("decision_day", "disclosure_day", "access_record_day"):
        op.execute(f"DROP INDEX {index}")
    op.execute("ALTER TABLE restriction DROP COLUMN named_actor_ids")
