"""Which disclosures were recorded and then did not reach their reader."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE undelivered_disclosure (
  disclosure_id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  reason_code text NOT NULL,
  failed_at timestamptz NOT NULL
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
    op.execute("REVOKE UPDATE, DELETE ON undelivered_disclosure FROM consent_app")
    op.execute("ALTER TABLE undelivered_disclosure ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE undelivered_disclosure FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_place ON undelivered_disclosure {_SEEN}")


def downgrade() -> None:
    op.execute("DROP TABLE undelivered_disclosure")
