"""Restriction of processing (UK GDPR Article 18): while one stands, data about the person are stored and nothing else.

What decisions weigh is the copy in `restriction`, of the kind `processing`; an officer may write that kind alone. What
an officer decided stands here by the person's pseudonym and in codes, so that erasing the person leaves nothing.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE processing_restriction (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  legal_entity_id uuid NOT NULL,
  person text NOT NULL,
  ground text NOT NULL,
  information_request_id uuid,
  placed_by text NOT NULL,
  placed_at timestamptz NOT NULL,
  lifted_because text,
  person_told_on date,
  lifted_by text,
  lifted_at timestamptz,
  version integer NOT NULL
);
CREATE INDEX processing_restriction_listed ON processing_restriction (place_id, legal_entity_id, id);
CREATE INDEX processing_restriction_standing ON processing_restriction (place_id, person) WHERE lifted_at IS NULL;
"""
_SEEN = """
USING (
  place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)
  OR ((SELECT current_setting('app.kind', true)) = 'service' AND (SELECT current_setting('app.place', true)) = '')
)
"""
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_WEIGHED = "(SELECT current_setting('app.kind', true) = 'service' OR current_setting('app.work', true) = 'deciding')"
_OFFICERS = "(kind = 'processing' AND (SELECT current_setting('app.work', true)) = 'officer')"


def upgrade() -> None:
    for statement in _TABLE.split(";")[:-1]:
        op.execute(statement)
    op.execute("REVOKE DELETE ON processing_restriction FROM consent_app")
    op.execute("ALTER TABLE processing_restriction ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE processing_restriction FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_place ON processing_restriction {_SEEN}")
    own = f"{_SERVICE} OR legal_entity_id = (SELECT officer_entity())"
    op.execute(f"CREATE POLICY own ON processing_restriction AS RESTRICTIVE FOR ALL USING ({own})")
    op.execute(f"ALTER POLICY own ON restriction USING ({_WEIGHED} OR {_OFFICERS})")


def downgrade() -> None:
    op.execute(f"ALTER POLICY own ON restriction USING ({_WEIGHED})")
    op.execute("DROP TABLE processing_restriction")
