"""How far each organisation has read the thread of a request."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ORGANISATION = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_OWN_WORK = "(SELECT current_setting('app.kind', true)) = 'service'"
_TABLE = """
CREATE TABLE message_reading (
    request_id uuid NOT NULL REFERENCES request (id) ON DELETE CASCADE,
    organisation_id uuid NOT NULL,
    version integer NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (request_id, organisation_id)
)
"""


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("CREATE INDEX request_history_said ON request_history (request_id) WHERE words_text IS NOT NULL")
    op.execute("REVOKE DELETE ON message_reading FROM referrals_app")
    op.execute("ALTER TABLE message_reading ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE message_reading FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY seen ON message_reading USING (organisation_id = {_ORGANISATION} OR {_OWN_WORK})")


def downgrade() -> None:
    op.execute("DROP INDEX request_history_said")
    op.execute("DROP TABLE message_reading")
