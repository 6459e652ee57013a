"""What officers said on review of who has access: it goes on, or is to end. Written once; the newest counts."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE access_confirmation (
  id uuid PRIMARY KEY, place_id uuid NOT NULL, account_id uuid NOT NULL REFERENCES account,
  organisation_id uuid NOT NULL, roles text[] NOT NULL, outcome text NOT NULL CHECK (outcome IN ('keep', 'remove')),
  reviewed_by text NOT NULL, reviewed_at timestamptz NOT NULL)
"""
_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_OWN = (
    "(SELECT current_setting('app.kind', true) = 'service' OR current_setting('app.work', true) = 'administering')"
    " OR organisation_id IN (SELECT officer_organisations())"
)


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("CREATE INDEX access_confirmation_newest ON access_confirmation (account_id, organisation_id, id DESC)")
    op.execute("REVOKE UPDATE, DELETE ON access_confirmation FROM gateway_app")
    op.execute("ALTER TABLE access_confirmation ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE access_confirmation FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY place ON access_confirmation USING ({_PLACE})")
    op.execute(f"CREATE POLICY service ON access_confirmation USING ({_SERVICE})")
    op.execute(f"CREATE POLICY own ON access_confirmation AS RESTRICTIVE USING ({_OWN})")


def downgrade() -> None:
    op.execute("DROP TABLE access_confirmation")
