"""That another keeper's record of the same person stops notices: nothing of why, and nothing of whose."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("ALTER TABLE person ADD COLUMN quiet_elsewhere boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    op.execute("ALTER TABLE person DROP COLUMN quiet_elsewhere")
