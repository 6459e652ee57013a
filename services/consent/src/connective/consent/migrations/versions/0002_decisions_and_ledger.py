"""Decisions, disclosures, and the ledger that proves them."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_RECORDS = """
CREATE TABLE decision (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  nth integer NOT NULL,
  discloser_organisation_id uuid NOT NULL,
  recipient_organisation_id uuid NOT NULL,
  purpose text NOT NULL,
  outcome text NOT NULL,
  agreement_id uuid,
  agreement_version integer,
  person_ids uuid[] NOT NULL,
  question jsonb NOT NULL,
  answer jsonb NOT NULL,
  asked_by text NOT NULL,
  asker_organisation_id uuid,
  decided_at timestamptz NOT NULL
);
CREATE INDEX decision_batch ON decision (batch_id, nth);
CREATE TABLE disclosure (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  decision_id uuid NOT NULL REFERENCES decision,
  request_id uuid NOT NULL,
  request_version integer NOT NULL,
  discloser_organisation_id uuid NOT NULL,
  recipient_organisation_id uuid NOT NULL,
  discloser_entity_id uuid NOT NULL,
  recipient_entity_id uuid NOT NULL,
  agreement_id uuid,
  agreement_version integer,
  purpose text NOT NULL,
  categories text[] NOT NULL,
  person_ids uuid[] NOT NULL,
  reader_id text NOT NULL,
  disclosed_at timestamptz NOT NULL
);
CREATE INDEX disclosure_listed ON disclosure (place_id, id DESC);
CREATE INDEX disclosure_agreement ON disclosure (agreement_id, id DESC);
"""

_LEDGER = """
CREATE TABLE ledger_entry (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  kind text NOT NULL,
  body text NOT NULL,
  source_event_id uuid UNIQUE,
  made_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ledger_entry_place ON ledger_entry (place_id, id);
CREATE TABLE ledger_pending (
  entry_id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  leaf_hash bytea NOT NULL
);
CREATE TABLE ledger_leaf (
  place_id uuid NOT NULL,
  seq bigint NOT NULL,
  entry_id uuid NOT NULL UNIQUE,
  leaf_hash bytea NOT NULL,
  PRIMARY KEY (place_id, seq)
);
CREATE TABLE ledger_node (
  place_id uuid NOT NULL,
  level integer NOT NULL,
  index bigint NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (place_id, level, index)
);
CREATE TABLE ledger_head (
  place_id uuid PRIMARY KEY,
  size bigint NOT NULL,
  root bytea NOT NULL
);
CREATE TABLE checkpoint (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  size bigint NOT NULL,
  root bytea NOT NULL,
  text text NOT NULL,
  signature bytea NOT NULL,
  key_id text NOT NULL,
  signed_at timestamptz NOT NULL
);
CREATE INDEX checkpoint_latest ON checkpoint (place_id, signed_at DESC);
"""

_ONLY_ADDED_TO = ("checkpoint", "decision", "disclosure", "ledger_entry", "ledger_leaf", "ledger_node")
_CHANGED_NEVER_REMOVED = ("ledger_head",)
_ALSO_OF_A_PLACE = ("ledger_pending",)
_SEEN = """
USING (
  place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)
  OR ((SELECT current_setting('app.kind', true)) = 'service' AND (SELECT current_setting('app.place', true)) = '')
)
"""


def upgrade() -> None:
    for part in (_RECORDS, _LEDGER):
        for statement in part.split(";")[:-1]:
            op.execute(statement)
    for table in _ONLY_ADDED_TO:
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM consent_app")
    for table in _CHANGED_NEVER_REMOVED:
        op.execute(f"REVOKE DELETE ON {table} FROM consent_app")
    for table in (*_ONLY_ADDED_TO, *_CHANGED_NEVER_REMOVED, *_ALSO_OF_A_PLACE):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_place ON {table} {_SEEN}")


def downgrade() -> None:
    for tables in (
        "checkpoint, ledger_head, ledger_node, ledger_leaf, ledger_pending, ledger_entry",
        "disclosure, decision",
    ):
        op.execute(f"DROP TABLE {tables}")
