"""Objections and requests for erasure stand in the register of requests; a correction says which request it answers."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_COLUMNS = """
ALTER TABLE information_request ADD COLUMN origin text, ADD COLUMN origin_id uuid,
  ADD CONSTRAINT information_request_origin CHECK ((origin IS NULL) = (origin_id IS NULL));
CREATE UNIQUE INDEX information_request_of_origin ON information_request (origin_id) WHERE origin_id IS NOT NULL;
ALTER TABLE correction ADD COLUMN information_request_id uuid;
CREATE INDEX correction_of_request ON correction (information_request_id) WHERE information_request_id IS NOT NULL;
"""
_SERVICE = "SELECT set_config('app.kind', 'service', true), set_config('app.place', '', true)"
_OPEN_OBJECTIONS = """
INSERT INTO information_request (id, place_id, legal_entity_id, reference, kind, about, people, controllers,
  agreed_under, received_on, due_on, extended_months, extension_reason, paused_days, recorded_by, recorded_at, version,
  origin, origin_id)
SELECT gen_random_uuid(), b.place_id, o.legal_entity_id, 'OBJ-' || right(b.id::text, 8), 'objection', '',
  ARRAY(SELECT k.pseudonym FROM person_key AS k WHERE k.person_id = b.person_id AND k.pseudonym IS NOT NULL),
  ARRAY[o.legal_entity_id], '', (b.raised_at AT TIME ZONE 'Europe/London')::date,
  ((b.raised_at AT TIME ZONE 'Europe/London')::date + interval '1 month')::date, 0, '', 0, b.recorded_by, b.raised_at,
  1, 'objection', b.id
FROM objection AS b JOIN organisation AS o ON o.id = b.organisation_id WHERE b.state = 'open'
"""


def upgrade() -> None:
    for statement in _COLUMNS.split(";")[:-1]:
        op.execute(statement)
    op.execute(_SERVICE)
    op.execute(_OPEN_OBJECTIONS)


def downgrade() -> None:
    op.execute("DROP INDEX correction_of_request")
    op.execute("ALTER TABLE correction DROP COLUMN information_request_id")
    op.execute("DROP INDEX information_request_of_origin")
    op.execute("ALTER TABLE information_request DROP COLUMN origin, DROP COLUMN origin_id")
