"""One-off decisions with the fields of the ICO's request and decision forms, also those not to share."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE one_off_disclosure ADD COLUMN decision text NOT NULL DEFAULT 'share'")
    op.execute("ALTER TABLE one_off_disclosure ADD COLUMN form jsonb")
    op.execute(
        "CREATE INDEX safeguarding_override_waiting ON safeguarding_override (organisation_id, review_by) "
        "WHERE reviewed_at IS NULL"
    )


def downgrade() -> None:
    op.execute("DROP INDEX safeguarding_override_waiting")
    op.execute("ALTER TABLE one_off_disclosure DROP COLUMN form")
    op.execute("ALTER TABLE one_off_disclosure DROP COLUMN decision")
