"""Which records count as one person, since families merged them; what is said about either counts for both."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE same_person (
  person_id uuid NOT NULL,
  other_id uuid NOT NULL,
  place_id uuid NOT NULL,
  active boolean NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (person_id, other_id)
)
"""
_SEEN = """
USING (
  place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)
  OR ((SELECT current_setting('app.kind', true)) = 'service' AND (SELECT current_setting('app.place', true)) = '')
)
"""


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("CREATE INDEX same_person_other ON same_person (other_id)")
    op.execute("ALTER TABLE same_person ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE same_person FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_place ON same_person {_SEEN}")


def downgrade() -> None:
    op.execute("DROP TABLE same_person")
