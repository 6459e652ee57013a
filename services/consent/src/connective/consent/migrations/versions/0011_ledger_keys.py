"""The public keys that checkpoints were ever signed with, so that old ones can be checked after a change of key."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE ledger_key (
  id text PRIMARY KEY,
  x text NOT NULL,
  first_used_at timestamptz NOT NULL
);
CREATE INDEX checkpoint_size ON checkpoint (place_id, size);
"""


def upgrade() -> None:
    for statement in _TABLES.split(";")[:-1]:
        op.execute(statement)
    op.execute("REVOKE UPDATE, DELETE ON ledger_key FROM consent_app")


def downgrade() -> None:
    op.execute("DROP INDEX checkpoint_size")
    op.execute("DROP TABLE ledger_key")
