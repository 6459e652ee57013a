"""Letters to people with accounts: which wait to be posted, and which were. Their words are no data: a kind is."""

from alembic import op

revision = "0008"
down_revision = "0007"

_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE notice (id uuid PRIMARY KEY, place_id uuid NOT NULL, account_id uuid NOT NULL REFERENCES account"
        " ON DELETE CASCADE, kind text NOT NULL, made_at timestamptz NOT NULL, next_try_at timestamptz,"
        " posted_at timestamptz)"
    )
    op.execute("CREATE UNIQUE INDEX notice_waiting ON notice (account_id, kind) WHERE next_try_at IS NOT NULL")
    op.execute("CREATE INDEX notice_posted ON notice (account_id, kind, made_at)")
    op.execute("ALTER TABLE notice ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE notice FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY place ON notice USING ({_PLACE})")
    op.execute(f"CREATE POLICY service ON notice USING ({_SERVICE})")
    # Posting is the gateway's own work from end to end: no person reads who was written to.
    op.execute(f"CREATE POLICY own ON notice AS RESTRICTIVE USING ({_SERVICE})")


def downgrade() -> None:
    op.execute("DROP TABLE notice")
