"""What browsers hold a cookie for, and what people had typed: sealed, each for its owner alone."""

from alembic import op

revision = "0001"
down_revision = None

_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_ACTOR = "(SELECT NULLIF(current_setting('app.actor', true), ''))"
_TABLES = {
    "browser_session": (
        """
        id bytea PRIMARY KEY CHECK (octet_length(id) = 32), account_id uuid NOT NULL, sealed bytea NOT NULL,
        begun_at timestamptz NOT NULL, seen_at timestamptz NOT NULL, ended_at timestamptz""",
        f"'session:' || encode(id, 'hex') = {_ACTOR}",
    ),
    "draft": (
        """
        account_id uuid NOT NULL, form text NOT NULL CHECK (length(form) <= 200), sealed bytea NOT NULL,
        kept_at timestamptz NOT NULL, PRIMARY KEY (account_id, form)""",
        f"account_id::text = {_ACTOR}",
    ),
}


def upgrade() -> None:
    for name, (columns, own) in _TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own ON {name} USING ({own})")
        # Only what is over is ever looked at by the clock, and what it sees of that is sealed.
        op.execute(f"CREATE POLICY service ON {name} USING ({_SERVICE})")
    op.execute("CREATE INDEX browser_session_seen ON browser_session (seen_at)")
    op.execute("CREATE INDEX draft_kept ON draft (kept_at)")


def downgrade() -> None:
    for name in reversed(list(_TABLES)):
        op.execute(f"DROP TABLE {name}")
