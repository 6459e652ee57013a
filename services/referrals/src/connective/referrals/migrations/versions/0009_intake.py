"""Intake: people sent from outside, until a person of the recipient has matched them."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ORGANISATION = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_PLACE = "(SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_OWN_WORK = "(SELECT current_setting('app.kind', true)) = 'service'"

_TABLE = """
CREATE TABLE intake (
    id uuid PRIMARY KEY,
    place_id uuid NOT NULL,
    reference text NOT NULL UNIQUE,
    source text NOT NULL,
    sender_organisation_id uuid,
    sent_by text NOT NULL,
    external_reference text,
    fingerprint bytea,
    service_id uuid NOT NULL,
    service_kind text NOT NULL,
    recipient_organisation_id uuid NOT NULL,
    received_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    content jsonb,
    withheld jsonb NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    ended_at timestamptz,
    end_code text,
    sentence text,
    CONSTRAINT intake_content_while_waiting CHECK ((state = 'waiting') = (content IS NOT NULL)),
    CONSTRAINT intake_sent_once UNIQUE (sender_organisation_id, external_reference)
)
"""
_INDEXES = (
    "CREATE INDEX intake_sent ON intake (sender_organisation_id, id DESC)",
    "CREATE INDEX intake_arrived ON intake (recipient_organisation_id, id DESC)",
    "CREATE INDEX intake_clock ON intake (received_at) WHERE state = 'waiting'",
)
_POLICY = f"""
CREATE POLICY seen ON intake USING (
    (place_id = {_PLACE} AND (recipient_organisation_id = {_ORGANISATION}
                              OR sender_organisation_id = {_ORGANISATION})) OR {_OWN_WORK}
)
"""


def upgrade() -> None:
    op.execute(_TABLE)
    for statement in _INDEXES:
        op.execute(statement)
    op.execute("REVOKE UPDATE, DELETE ON intake FROM referrals_app")
    op.execute("GRANT UPDATE (state, version, content, ended_at, end_code, sentence) ON intake TO referrals_app")
    op.execute("ALTER TABLE intake ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE intake FORCE ROW LEVEL SECURITY")
    op.execute(_POLICY)


def downgrade() -> None:
    op.execute("DROP TABLE intake")
