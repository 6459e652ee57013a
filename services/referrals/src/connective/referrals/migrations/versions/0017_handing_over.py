"""How each opening of a file ended stands beside its link, so that one that nobody told of is found and settled."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE attachment_link ADD COLUMN ended text")
    # What was opened before this release was told, or ended with its process and is not told any more.
    op.execute("ALTER TABLE attachment_link NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE attachment_link SET ended = 'attachment.delivered' WHERE used_at IS NOT NULL")
    op.execute("ALTER TABLE attachment_link FORCE ROW LEVEL SECURITY")
    op.execute(
        "CREATE INDEX attachment_link_open ON attachment_link (used_at) WHERE used_at IS NOT NULL AND ended IS NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX attachment_link_open")
    op.execute("ALTER TABLE attachment_link DROP COLUMN ended")
