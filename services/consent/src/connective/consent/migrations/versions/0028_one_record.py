"""Whether two records that count as one person were made one record, or stay with two keepers who count them as one."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE same_person ADD COLUMN one_record boolean NOT NULL DEFAULT true")


def downgrade() -> None:
    op.execute("ALTER TABLE same_person DROP COLUMN one_record")
