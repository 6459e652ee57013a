"""Files of listings that somebody sent, until they have been read: sealed, claimed by one worker at a time."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE sent_file (
  run_id uuid PRIMARY KEY REFERENCES harvest_run, place_id uuid NOT NULL, kind text NOT NULL, licence text,
  content bytea NOT NULL, sent_at timestamptz NOT NULL, leased_until timestamptz, tries int NOT NULL DEFAULT 0,
  parts int NOT NULL DEFAULT 0, rows int NOT NULL DEFAULT 0)
"""
# Those of one's own place; and the Hub's own work, which looks in all places for what waits.
_SEEN = """
USING (
  place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)
  OR ((SELECT current_setting('app.kind', true)) = 'service' AND (SELECT current_setting('app.place', true)) = '')
)
"""


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("ALTER TABLE sent_file ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE sent_file FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY place ON sent_file {_SEEN}")
    op.execute("CREATE INDEX sent_file_order ON sent_file (place_id, run_id)")
    # What somebody sent is never altered; how far it has been read is.
    op.execute("REVOKE UPDATE ON sent_file FROM partners_app")
    op.execute("GRANT UPDATE (leased_until, tries, parts, rows) ON sent_file TO partners_app")


def downgrade() -> None:
    op.execute("DROP TABLE sent_file")
