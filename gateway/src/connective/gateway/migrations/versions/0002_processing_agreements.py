"""Which legal entities have signed the host's contract, and to which of them each organisation belongs."""

from alembic import op

revision = "0002"
down_revision = "0001"

_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"


def upgrade() -> None:
    op.execute("ALTER TABLE organisation_state ADD COLUMN legal_entity_id uuid")
    op.execute(
        "CREATE TABLE processing_agreement (legal_entity_id uuid PRIMARY KEY, place_id uuid NOT NULL,"
        " ends_on date, version int NOT NULL)"
    )
    op.execute("ALTER TABLE processing_agreement ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE processing_agreement FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY place ON processing_agreement USING ({_PLACE})")
    op.execute(f"CREATE POLICY service ON processing_agreement USING ({_SERVICE})")


def downgrade() -> None:
    op.execute("DROP TABLE processing_agreement")
    op.execute("ALTER TABLE organisation_state DROP COLUMN legal_entity_id")
