"""The newest of what another service told about each record: how a place is set, as every process follows it."""

from alembic import op

revision = "0018"
down_revision = "0017"

_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_TABLE = """
CREATE TABLE newest_fact (
  subject text NOT NULL, about uuid NOT NULL, place_id uuid NOT NULL, version int NOT NULL, data jsonb NOT NULL,
  PRIMARY KEY (subject, about))
"""


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("ALTER TABLE newest_fact ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE newest_fact FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY service ON newest_fact USING ({_SERVICE})")


def downgrade() -> None:
    op.execute("DROP TABLE newest_fact")
