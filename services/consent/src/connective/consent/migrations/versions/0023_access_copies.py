"""Copies that people ask for (Article 15): what was reviewed and what is withheld, by fingerprint; none of the data."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE access_copy (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  legal_entity_id uuid NOT NULL,
  person_id uuid NOT NULL,
  person text NOT NULL,
  information_request_id uuid,
  state text NOT NULL,
  asked_by text NOT NULL,
  asked_at timestamptz NOT NULL,
  content_hash text,
  withheld jsonb NOT NULL DEFAULT '{}',
  released_by text,
  released_at timestamptz,
  version integer NOT NULL
);
CREATE INDEX access_copy_listed ON access_copy (place_id, legal_entity_id, id);
CREATE INDEX access_copy_person ON access_copy (person_id);
"""
_SEEN = """
USING (
  place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)
  OR ((SELECT current_setting('app.kind', true)) = 'service' AND (SELECT current_setting('app.place', true)) = '')
)
"""


def upgrade() -> None:
    for statement in _TABLES.split(";")[:-1]:
        op.execute(statement)
    op.execute("ALTER TABLE access_copy ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE access_copy FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_place ON access_copy {_SEEN}")


def downgrade() -> None:
    op.execute("DROP TABLE access_copy")
