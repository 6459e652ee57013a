"""What a watcher has not looked at yet, and which reports were chased."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE listing_watch ADD COLUMN news int NOT NULL DEFAULT 0, ADD COLUMN last_news text")
    op.execute("ALTER TABLE listing_report ADD COLUMN chased_at timestamptz")
    op.execute("GRANT UPDATE (chased_at) ON listing_report TO partners_app")


def downgrade() -> None:
    op.execute("ALTER TABLE listing_report DROP COLUMN chased_at")
    op.execute("ALTER TABLE listing_watch DROP COLUMN news, DROP COLUMN last_news")
