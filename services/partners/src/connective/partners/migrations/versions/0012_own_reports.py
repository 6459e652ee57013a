"""Row security by organisation for what somebody reported, and by account for what somebody watches.

The policies are restrictive: a row has to pass the place's policy and its own. `coordinating` is the work of who
answers for the listings of the place, `telling` that of who lets the watchers of one listing know
(connective.partners.storage.works).
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ASKER = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_ACCOUNT = "(SELECT CASE WHEN current_setting('app.kind', true) = 'person' THEN current_setting('app.actor')::uuid END)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_WORK = "(SELECT current_setting('app.work', true))"
_POLICIES = {
    "listing_report": f"""FOR ALL USING (reporter_organisation_id = {_ASKER} OR organisation_id = {_ASKER}
      OR {_SERVICE} OR {_WORK} = 'coordinating')""",
    "listing_watch": f"""FOR ALL USING (account_id = {_ACCOUNT} OR {_SERVICE}
      OR {_WORK} IN ('coordinating', 'telling')) WITH CHECK (account_id = {_ACCOUNT})""",
}


def upgrade() -> None:
    for table, policy in _POLICIES.items():
        op.execute(f"CREATE POLICY own ON {table} AS RESTRICTIVE {policy}")


def downgrade() -> None:
    for table in _POLICIES:
        op.execute(f"DROP POLICY own ON {table}")
