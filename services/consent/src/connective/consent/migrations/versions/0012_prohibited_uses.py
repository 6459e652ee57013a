"""Which prohibited uses a legal entity accepted when it signed the host's contract; none of those signed before."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE processing_agreement ADD COLUMN refrains_from text[] NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    op.execute("ALTER TABLE processing_agreement DROP COLUMN refrains_from")
