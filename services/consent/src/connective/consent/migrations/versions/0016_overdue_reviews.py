"""When it was said that the review of an override is overdue: once, by the clock."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE safeguarding_override ADD COLUMN overdue_told_at timestamptz")
    op.execute("CREATE INDEX override_unreviewed ON safeguarding_override (review_by) WHERE reviewed_at IS NULL")


def downgrade() -> None:
    op.execute("DROP INDEX override_unreviewed")
    op.execute("ALTER TABLE safeguarding_override DROP COLUMN overdue_told_at")
