"""What officers say about the clauses and flows of an agreement's version."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE agreement_comment (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  agreement_id uuid NOT NULL,
  number integer NOT NULL,
  thread_id uuid REFERENCES agreement_comment,
  pointer text NOT NULL,
  legal_entity_id uuid NOT NULL,
  author_id text NOT NULL,
  text text NOT NULL,
  at timestamptz NOT NULL,
  FOREIGN KEY (agreement_id, number) REFERENCES agreement_version
);
CREATE INDEX agreement_comment_version ON agreement_comment (agreement_id, number, id);
CREATE TABLE comment_resolution (
  comment_id uuid PRIMARY KEY REFERENCES agreement_comment,
  place_id uuid NOT NULL,
  resolved_by text NOT NULL,
  resolved_at timestamptz NOT NULL
);
"""

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
    for table in ("agreement_comment", "comment_resolution"):
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM consent_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_place ON {table} {_SEEN}")


def downgrade() -> None:
    op.execute("DROP TABLE comment_resolution, agreement_comment")
