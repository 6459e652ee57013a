"""A mark that every change of a place's registers renews, and cheaper rows of decisions and entries.

Decisions read the mark instead of organisations, legal entities and lines of agreements that they know already.

An entry of a decision has no source event: nothing of it is kept in the index that finds those that have. A decision of
up to eight kilobytes is stored as it is: compressing its answer cost a third of the time its insertion took.
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE register_mark (
  place_id uuid PRIMARY KEY,
  mark uuid NOT NULL
)
"""
_RENEW = """
CREATE FUNCTION renew_register_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO register_mark (place_id, mark)
  SELECT place_id, gen_random_uuid() FROM (SELECT DISTINCT place_id FROM changed) AS places
  ON CONFLICT (place_id) DO UPDATE SET mark = excluded.mark;
  RETURN NULL;
END $$
"""
_REGISTERS = ("agreement_flow", "legal_entity", "organisation")
_CHANGES = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
_SEEN = """
USING (
  place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)
  OR ((SELECT current_setting('app.kind', true)) = 'service' AND (SELECT current_setting('app.place', true)) = '')
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(_TABLE)
    op.execute("REVOKE DELETE ON register_mark FROM consent_app")
    op.execute("ALTER TABLE register_mark ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE register_mark FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_place ON register_mark {_SEEN}")
    op.execute(_RENEW)
    for table in _REGISTERS:
        for change, rows in _CHANGES.items():
            op.execute(
                f"CREATE TRIGGER register_mark_{change} AFTER {change} ON {table} REFERENCING {rows} TABLE AS changed"
                " FOR EACH STATEMENT EXECUTE FUNCTION renew_register_mark()"
            )
    op.execute("ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_source_event_id_key")
    op.execute(
        "CREATE UNIQUE INDEX ledger_entry_source ON ledger_entry (source_event_id) WHERE source_event_id IS NOT NULL"
    )
    op.execute("ALTER TABLE decision SET (toast_tuple_target = 8160)")


def downgrade() -> None:
    op.execute("ALTER TABLE decision RESET (toast_tuple_target)")
    op.execute("DROP INDEX ledger_entry_source")
    op.execute("ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_source_event_id_key UNIQUE (source_event_id)")
    for table in _REGISTERS:
        for change in _CHANGES:
            op.execute(f"DROP TRIGGER register_mark_{change} ON {table}")
    op.execute("DROP FUNCTION renew_register_mark()")
    op.execute("DROP TABLE register_mark")
