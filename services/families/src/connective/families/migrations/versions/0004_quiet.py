"""From when nobody is to be prompted to contact somebody after a loss, and when a worker said that it is time again."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("ALTER TABLE pregnancy ADD COLUMN notices_resumed_on date")


def downgrade() -> None:
    op.execute("ALTER TABLE pregnancy DROP COLUMN notices_resumed_on")
