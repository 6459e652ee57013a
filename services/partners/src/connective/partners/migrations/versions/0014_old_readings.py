"""Old readings of sources, and what was decided of them, are forgotten: they may be deleted, and are found by time."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX harvest_run_ended ON harvest_run (place_id, ended_at)")
    op.execute("CREATE INDEX harvest_change_decided ON harvest_change (place_id, decided_at) WHERE state <> 'waiting'")
    op.execute("GRANT DELETE ON harvest_run, harvest_change TO partners_app")


def downgrade() -> None:
    op.execute("REVOKE DELETE ON harvest_run, harvest_change FROM partners_app")
    op.execute("DROP INDEX harvest_run_ended, harvest_change_decided")
