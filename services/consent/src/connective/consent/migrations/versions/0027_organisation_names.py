"""What organisations are called, as partners answer it: events name nobody, and an officer reads names, not ids."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE organisation ADD COLUMN name text, ADD COLUMN name_version integer")


def downgrade() -> None:
    op.execute("ALTER TABLE organisation DROP COLUMN name, DROP COLUMN name_version")
