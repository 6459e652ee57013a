"""Whoever is to match an intake is reminded, and then their hub's coordinator told: when next, and how often so far."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE intake ADD COLUMN escalations int NOT NULL DEFAULT 0, ADD COLUMN next_step_at timestamptz")
    op.execute("UPDATE intake SET next_step_at = due_at WHERE state = 'waiting'")
    op.execute("CREATE INDEX intake_steps ON intake (next_step_at) WHERE next_step_at IS NOT NULL")
    op.execute("CREATE INDEX intake_overdue ON intake (place_id, due_at) WHERE state = 'waiting'")
    op.execute("GRANT UPDATE (escalations, next_step_at) ON intake TO referrals_app")


def downgrade() -> None:
    op.execute("ALTER TABLE intake DROP COLUMN escalations, DROP COLUMN next_step_at")
    op.execute("DROP INDEX intake_overdue")
