"""Hubs that were set up before `hub.changed` named their members are announced once more."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE hub ADD COLUMN announced boolean NOT NULL DEFAULT false")
    # Those that are here wait for the job; what is set up from now on is announced as it is.
    op.execute("ALTER TABLE hub ALTER COLUMN announced SET DEFAULT true")


def downgrade() -> None:
    op.execute("ALTER TABLE hub DROP COLUMN announced")
