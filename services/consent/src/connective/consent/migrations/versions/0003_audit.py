"""The access log in a shape that officers can search, and people's pseudonyms beside their keys."""

import hmac
from hashlib import sha256

from alembic import op
from sqlalchemy import text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE access_record (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  service text NOT NULL,
  act text NOT NULL,
  actor_id text NOT NULL,
  organisation_id uuid,
  purpose text,
  hits integer,
  request_id uuid,
  family text,
  people text[] NOT NULL,
  relation text,
  at timestamptz NOT NULL
);
CREATE INDEX access_record_listed ON access_record (place_id, id DESC);
CREATE INDEX access_record_actor ON access_record (actor_id, at);
CREATE INDEX access_record_people ON access_record USING gin (people);
ALTER TABLE person_key ADD COLUMN pseudonym text;
CREATE INDEX person_key_pseudonym ON person_key (pseudonym);
CREATE INDEX disclosure_people ON disclosure USING gin (person_ids);
CREATE INDEX decision_listed ON decision (place_id, id DESC);
"""
_ONLY_ADDED_TO = ("access_record",)
_SEEN = """
USING (
  place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)
  OR ((SELECT current_setting('app.kind', true)) = 'service' AND (SELECT current_setting('app.place', true)) = '')
)
"""


def _pseudonym(person_id: bytes, key: bytes) -> str:
    """As `connective.consent.domain.ledger` made them at the time of this migration."""
    return hmac.new(key, b"person\0" + person_id, sha256).digest()[:16].hex()


def _fill() -> None:
    connection = op.get_bind()
    connection.execute(text("SELECT set_config('app.kind', 'service', true), set_config('app.place', '', true)"))
    rows = connection.execute(text("SELECT person_id, key FROM person_key WHERE pseudonym IS NULL")).all()
    values = [{"person": row.person_id, "made": _pseudonym(row.person_id.bytes, row.key)} for row in rows]
    if values:
        connection.execute(text("UPDATE person_key SET pseudonym = :made WHERE person_id = :person"), values)


def upgrade() -> None:
    for statement in _TABLES.split(";")[:-1]:
        op.execute(statement)
    _fill()
    for table in _ONLY_ADDED_TO:
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM consent_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_place ON {table} {_SEEN}")


def downgrade() -> None:
    op.execute("DROP INDEX decision_listed")
    op.execute("DROP INDEX disclosure_people")
    op.execute("ALTER TABLE person_key DROP COLUMN pseudonym")
    op.execute("DROP TABLE access_record")
