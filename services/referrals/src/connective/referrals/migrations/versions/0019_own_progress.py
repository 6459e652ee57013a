"""A family that asked by itself finds its own asking again by the reference it was told."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX intake_asked ON intake (reference) WHERE source = 'self'")


def downgrade() -> None:
    op.execute("DROP INDEX intake_asked")
