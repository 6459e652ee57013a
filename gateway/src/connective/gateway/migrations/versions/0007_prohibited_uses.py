"""Which version of the prohibited uses each organisation has accepted. None of those here has: each is asked once."""

from alembic import op

revision = "0007"
down_revision = "0006"

_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_WORKS = "(SELECT current_setting('app.kind', true) = 'service' OR current_setting('app.work', true) = 'administering')"
_ASKER = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE prohibited_uses_acceptance (organisation_id uuid NOT NULL, version int NOT NULL,"
        " place_id uuid NOT NULL, accepted_by text NOT NULL, accepted_at timestamptz NOT NULL,"
        " PRIMARY KEY (organisation_id, version))"
    )
    op.execute("REVOKE UPDATE, DELETE ON prohibited_uses_acceptance FROM gateway_app")
    op.execute("ALTER TABLE prohibited_uses_acceptance ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE prohibited_uses_acceptance FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY place ON prohibited_uses_acceptance USING ({_PLACE})")
    op.execute(f"CREATE POLICY service ON prohibited_uses_acceptance USING ({_SERVICE})")
    op.execute(
        "CREATE POLICY own ON prohibited_uses_acceptance AS RESTRICTIVE USING "
        f"({_WORKS} OR organisation_id = {_ASKER} OR organisation_id IN (SELECT officer_organisations()))"
    )


def downgrade() -> None:
    op.execute("DROP TABLE prohibited_uses_acceptance")
