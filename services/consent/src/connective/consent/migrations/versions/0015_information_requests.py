"""What people ask of their data, with its clocks across controllers; and corrections that reach every recipient."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE information_request (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  legal_entity_id uuid NOT NULL,
  reference text NOT NULL,
  kind text NOT NULL,
  about text NOT NULL,
  people text[] NOT NULL,
  controllers uuid[] NOT NULL,
  agreed_under text NOT NULL,
  received_on date NOT NULL,
  acknowledge_by date,
  acknowledged_on date,
  due_on date,
  extended_months integer NOT NULL,
  extension_reason text NOT NULL,
  paused_since date,
  pause_reason text,
  paused_days integer NOT NULL,
  closed_at timestamptz,
  recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL,
  version integer NOT NULL
);
CREATE INDEX information_request_controllers ON information_request USING gin (controllers);
CREATE INDEX information_request_listed ON information_request (place_id, id);
CREATE TABLE information_request_answer (
  request_id uuid NOT NULL REFERENCES information_request,
  legal_entity_id uuid NOT NULL,
  place_id uuid NOT NULL,
  outcome text NOT NULL,
  note text NOT NULL,
  answered_by text NOT NULL,
  answered_at timestamptz NOT NULL,
  PRIMARY KEY (request_id, legal_entity_id)
);
CREATE TABLE correction (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  legal_entity_id uuid NOT NULL,
  kind text NOT NULL,
  what text NOT NULL,
  categories text[] NOT NULL,
  people text[] NOT NULL,
  since timestamptz NOT NULL,
  recorded_by text NOT NULL,
  recorded_at timestamptz NOT NULL
);
CREATE INDEX correction_listed ON correction (place_id, legal_entity_id, id);
CREATE TABLE correction_recipient (
  correction_id uuid NOT NULL REFERENCES correction,
  organisation_id uuid NOT NULL,
  legal_entity_id uuid NOT NULL,
  place_id uuid NOT NULL,
  disclosures integer NOT NULL,
  last_disclosed_at timestamptz NOT NULL,
  request_ids uuid[] NOT NULL,
  told_at timestamptz NOT NULL,
  outcome text,
  note text NOT NULL,
  confirmed_by text,
  confirmed_at timestamptz,
  PRIMARY KEY (correction_id, organisation_id)
);
CREATE INDEX correction_recipient_entity ON correction_recipient (legal_entity_id);
"""
_CHANGED_NEVER_REMOVED = ("information_request", "correction_recipient")
_WRITTEN_ONCE = ("information_request_answer", "correction")
_SEEN = """
USING (
  place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)
  OR ((SELECT current_setting('app.kind', true)) = 'service' AND (SELECT current_setting('app.place', true)) = '')
)
"""


def upgrade() -> None:
    for statement in _TABLES.split(";")[:-1]:
        op.execute(statement)
    for table in (*_CHANGED_NEVER_REMOVED, *_WRITTEN_ONCE):
        withheld = "DELETE" if table in _CHANGED_NEVER_REMOVED else "UPDATE, DELETE"
        op.execute(f"REVOKE {withheld} ON {table} FROM consent_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_place ON {table} {_SEEN}")


def downgrade() -> None:
    op.execute("DROP TABLE correction_recipient, correction, information_request_answer, information_request")
