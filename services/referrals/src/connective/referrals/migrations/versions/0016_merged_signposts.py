"""Signposts speak of the record that stays after a merge, and of each again when it is undone."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_OWN_WORK = "(SELECT current_setting('app.kind', true)) = 'service'"
_TABLE = """
CREATE TABLE signpost_trace (
    person_id uuid NOT NULL,
    merged_person_id uuid NOT NULL,
    signpost_id uuid NOT NULL REFERENCES signpost (id) ON DELETE CASCADE,
    place_id uuid NOT NULL,
    before uuid[] NOT NULL,
    PRIMARY KEY (signpost_id, person_id, merged_person_id)
)
"""


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("REVOKE UPDATE ON signpost_trace FROM referrals_app")
    op.execute("ALTER TABLE signpost_trace ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE signpost_trace FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_work ON signpost_trace USING ({_OWN_WORK})")
    op.execute("CREATE INDEX signpost_subjects ON signpost USING gin (subjects)")
    op.execute("GRANT UPDATE (subjects) ON signpost TO referrals_app")


def downgrade() -> None:
    op.execute("REVOKE UPDATE (subjects) ON signpost FROM referrals_app")
    op.execute("DROP INDEX signpost_subjects")
    op.execute("DROP TABLE signpost_trace")
