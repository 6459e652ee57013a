"""What goes well for people: the counterpart of needs, under the same keepers and seen under the same permits."""

from alembic import op

revision = "0014"
down_revision = "0013"

_TABLE = """
CREATE TABLE strength (
  id uuid PRIMARY KEY, place_id uuid NOT NULL, organisation_id uuid NOT NULL,
  person_id uuid NOT NULL REFERENCES person, code text NOT NULL, source text NOT NULL,
  since date, until date, end_reason text, CHECK (until >= since))
"""
_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_ASKER = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_PERMIT = "(SELECT NULLIF(current_setting('app.permit', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("CREATE INDEX strength_person ON strength (person_id)")
    op.execute("ALTER TABLE strength ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE strength FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY keeper ON strength USING ({_PLACE} AND organisation_id = {_ASKER})")
    op.execute(f"CREATE POLICY service ON strength USING ({_SERVICE})")
    op.execute(f"CREATE POLICY permit ON strength FOR SELECT USING ({_PLACE} AND organisation_id = {_PERMIT})")


def downgrade() -> None:
    op.execute("DROP TABLE strength")
