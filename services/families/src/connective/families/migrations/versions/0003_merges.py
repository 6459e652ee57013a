"""Merges of two records of one person: proposed, agreed, done, undone; and what each changed, row by row."""

from alembic import op

revision = "0003"
down_revision = "0002"

_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_ASKER = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"

_MERGE = """
CREATE TABLE person_merge (
  id uuid PRIMARY KEY, place_id uuid NOT NULL, organisation_id uuid NOT NULL, merged_organisation_id uuid NOT NULL,
  person_id uuid NOT NULL REFERENCES person, merged_person_id uuid NOT NULL REFERENCES person, state text NOT NULL,
  likeness text NOT NULL, shared text[] NOT NULL, differs text[] NOT NULL, proposed_by text NOT NULL,
  proposed_organisation_id uuid NOT NULL, proposed_at timestamptz NOT NULL, agreed jsonb NOT NULL, settled_by text,
  settled_at timestamptz, undone_by text, undone_at timestamptz, reason text, version int NOT NULL,
  CHECK (person_id <> merged_person_id))
"""
_TRACE = """
CREATE TABLE merge_trace (
  id uuid PRIMARY KEY, place_id uuid NOT NULL, organisation_id uuid NOT NULL,
  merge_id uuid NOT NULL REFERENCES person_merge, kept_in text NOT NULL, gone boolean NOT NULL, before jsonb NOT NULL)
"""
_INDEXES = (
    "CREATE INDEX person_merge_list ON person_merge (organisation_id, id)",
    "CREATE INDEX person_merge_other ON person_merge (merged_organisation_id, id)",
    "CREATE INDEX person_merge_person ON person_merge (person_id)",
    "CREATE INDEX person_merge_merged ON person_merge (merged_person_id)",
    "CREATE UNIQUE INDEX person_merge_once ON person_merge"
    " (least(person_id, merged_person_id), greatest(person_id, merged_person_id))"
    " WHERE state IN ('proposed', 'merged')",
    "CREATE INDEX merge_trace_merge ON merge_trace (merge_id)",
    "CREATE INDEX person_merged_into ON person (merged_into) WHERE merged_into IS NOT NULL",
    "CREATE INDEX restriction_carried ON restriction (carried_from) WHERE carried_from IS NOT NULL",
)


def upgrade() -> None:
    op.execute("ALTER TABLE person ADD COLUMN merged_into uuid REFERENCES person")
    op.execute("ALTER TABLE restriction ADD COLUMN carried_from uuid")
    op.execute(_MERGE)
    op.execute(_TRACE)
    for index in _INDEXES:
        op.execute(index)
    for table in ("person_merge", "merge_trace"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY keeper ON {table} USING ({_PLACE} AND organisation_id = {_ASKER})")
        op.execute(f"CREATE POLICY service ON {table} USING ({_SERVICE})")
    # The keeper of the other record has to agree too.
    op.execute(f"CREATE POLICY other ON person_merge USING ({_PLACE} AND merged_organisation_id = {_ASKER})")
    op.execute("REVOKE UPDATE, DELETE ON merge_trace FROM families_app")


def downgrade() -> None:
    op.execute("DROP TABLE merge_trace")
    op.execute("DROP TABLE person_merge")
    op.execute("ALTER TABLE restriction DROP COLUMN carried_from")
    op.execute("ALTER TABLE person DROP COLUMN merged_into")
