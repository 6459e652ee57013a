"""A reading is of a request, or of a family whose case the reader's organisation is on the team of."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE disclosure ALTER COLUMN request_id DROP NOT NULL, ALTER COLUMN request_version DROP NOT NULL"
    )
    op.execute("ALTER TABLE disclosure ADD COLUMN case_id uuid")
    op.execute("ALTER TABLE disclosure ADD CHECK ((request_id IS NULL) <> (case_id IS NULL))")


def downgrade() -> None:
    op.execute("ALTER TABLE disclosure DROP COLUMN case_id")
    op.execute("DELETE FROM disclosure WHERE request_id IS NULL")
    op.execute("ALTER TABLE disclosure ALTER COLUMN request_id SET NOT NULL, ALTER COLUMN request_version SET NOT NULL")
