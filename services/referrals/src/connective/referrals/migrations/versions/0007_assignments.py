"""Whose work a request is on either side, and who works for which organisation, as the gateway tells."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ORGANISATION = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_PLACE = "(SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_OWN_WORK = "(SELECT current_setting('app.kind', true)) = 'service'"
_TABLES = (
    """
    CREATE TABLE assignment (
        request_id uuid NOT NULL REFERENCES request (id) ON DELETE CASCADE,
        party text NOT NULL,
        organisation_id uuid NOT NULL,
        account_id uuid NOT NULL,
        assigned_by text NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (request_id, party)
    )
    """,
    """
    CREATE TABLE member_copy (
        account_id uuid PRIMARY KEY,
        place_id uuid NOT NULL,
        organisation_ids uuid[] NOT NULL,
        ever uuid[] NOT NULL,
        told_at timestamptz NOT NULL,
        disabled_at timestamptz
    )
    """,
)
_POLICIES = (
    f"CREATE POLICY seen ON assignment USING (organisation_id = {_ORGANISATION} OR {_OWN_WORK})",
    # Whoever left an organisation is still known to it: their work waits there for another.
    f"CREATE POLICY seen ON member_copy USING ((place_id = {_PLACE} AND {_ORGANISATION} = ANY (ever)) OR {_OWN_WORK})",
)


def upgrade() -> None:
    for statement in _TABLES:
        op.execute(statement)
    op.execute("CREATE INDEX assignment_held ON assignment (account_id)")
    op.execute("REVOKE DELETE ON assignment, member_copy FROM referrals_app")
    for table in ("assignment", "member_copy"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for statement in _POLICIES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE assignment")
    op.execute("DROP TABLE member_copy")
