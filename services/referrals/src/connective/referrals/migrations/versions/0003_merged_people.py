"""What a merge of two records changed in requests, so that undoing it puts back exactly what was."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE merge_trace (
    person_id uuid NOT NULL,
    merged_person_id uuid NOT NULL,
    request_id uuid NOT NULL REFERENCES request (id),
    content_version integer NOT NULL,
    place_id uuid NOT NULL,
    before jsonb NOT NULL,
    PRIMARY KEY (person_id, merged_person_id, request_id, content_version)
)
"""
_OWN_WORK = "(SELECT current_setting('app.kind', true)) = 'service'"


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("REVOKE UPDATE ON merge_trace FROM referrals_app")
    op.execute("ALTER TABLE merge_trace ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE merge_trace FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_work ON merge_trace USING ({_OWN_WORK})")


def downgrade() -> None:
    op.execute("DROP TABLE merge_trace")
