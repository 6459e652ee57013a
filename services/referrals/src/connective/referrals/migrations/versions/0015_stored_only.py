"""Whose data are stored and not used (UK GDPR Article 18), as consent tells: ids alone."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_PLACE = "(SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_OWN_WORK = "(SELECT current_setting('app.kind', true)) = 'service'"


def upgrade() -> None:
    op.execute("CREATE TABLE stored_only (person_id uuid PRIMARY KEY, place_id uuid NOT NULL)")
    op.execute("ALTER TABLE stored_only ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE stored_only FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON stored_only USING (place_id = {_PLACE} OR {_OWN_WORK})")


def downgrade() -> None:
    op.execute("DROP TABLE stored_only")
