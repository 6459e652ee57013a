"""Whoever lets watchers know leaves the notice on their rows; to begin watching for another stays impossible."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ACCOUNT = "(SELECT CASE WHEN current_setting('app.kind', true) = 'person' THEN current_setting('app.actor')::uuid END)"
_TOLD = f"""account_id = {_ACCOUNT} OR (SELECT current_setting('app.kind', true)) = 'service'
      OR (SELECT current_setting('app.work', true)) IN ('coordinating', 'telling')"""


def upgrade() -> None:
    op.execute("DROP POLICY own ON listing_watch")
    op.execute(f"CREATE POLICY own ON listing_watch AS RESTRICTIVE FOR ALL USING ({_TOLD}) WITH CHECK ({_TOLD})")
    op.execute(f"CREATE POLICY begun ON listing_watch AS RESTRICTIVE FOR INSERT WITH CHECK (account_id = {_ACCOUNT})")


def downgrade() -> None:
    op.execute("DROP POLICY begun ON listing_watch")
    op.execute("DROP POLICY own ON listing_watch")
    checked = f"WITH CHECK (account_id = {_ACCOUNT})"
    op.execute(f"CREATE POLICY own ON listing_watch AS RESTRICTIVE FOR ALL USING ({_TOLD}) {checked}")
