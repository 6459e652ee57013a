"""Of whom more is recorded than what they agreed to and what they were told: nearly nobody.

A decision reads six tables less about everybody else. Whatever is added to one of the six names its people here, in the
same transaction (a trigger of the tables does), so a decision that finds nobody here has missed nothing. What was added
may since have ended: then the six are read in vain. A row goes when its person is erased.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE more_recorded (
  person_id uuid NOT NULL,
  place_id uuid NOT NULL,
  PRIMARY KEY (person_id, place_id)
)
"""
_NAME = """
CREATE FUNCTION name_in_more_recorded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO more_recorded (person_id, place_id)
  SELECT DISTINCT people.person_id, changed.place_id FROM changed, unnest(CASE TG_ARGV[0]
    WHEN 'one' THEN ARRAY[(to_jsonb(changed) ->> 'person_id')::uuid]
    WHEN 'two' THEN ARRAY[(to_jsonb(changed) ->> 'person_id')::uuid, (to_jsonb(changed) ->> 'other_id')::uuid]
    ELSE ARRAY(SELECT jsonb_array_elements_text(to_jsonb(changed) -> 'person_ids'))::uuid[]
  END) AS people (person_id)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$
"""
_NAMED_BY = {
    "objection": "one",
    "one_off_disclosure": "many",
    "restriction": "one",
    "ruling": "one",
    "safeguarding_override": "many",
    "same_person": "two",
}
_PEOPLE = {"one": "ARRAY[person_id]", "two": "ARRAY[person_id, other_id]", "many": "person_ids"}
_IN_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_EVERYWHERE = "current_setting('app.kind', true) = 'service' AND current_setting('app.place', true) = ''"
_ERASING = "erase_subjects(uuid, uuid[], uuid[])"
_FORGET_AGE = "DELETE FROM public.person_fact WHERE person_id = ANY (p_people);"
_FORGET = "DELETE FROM public.more_recorded WHERE person_id = ANY (p_people);"


def _rewrite_erasing(before: str, after: str) -> None:
    """The function as it is, but for this statement."""
    definition = f"pg_get_functiondef('{_ERASING}'::regprocedure)"
    op.execute(f"DO $do$ BEGIN EXECUTE replace({definition}, '{before}', '{after}'); END $do$")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(_TABLE)
    op.execute(_NAME)
    for table, how in _NAMED_BY.items():
        op.execute(
            f"CREATE TRIGGER more_recorded AFTER INSERT ON {table} REFERENCING NEW TABLE AS changed"
            f" FOR EACH STATEMENT EXECUTE FUNCTION name_in_more_recorded('{how}')"
        )
    # The owner is held by the policies too: it reads what there is as the service's own work, in all places.
    op.execute("SELECT set_config('app.kind', 'service', true), set_config('app.place', '', true)")
    for table, how in _NAMED_BY.items():
        op.execute(
            "INSERT INTO more_recorded (person_id, place_id)"  # noqa: S608 - constants only
            f" SELECT DISTINCT p, place_id FROM {table}, unnest({_PEOPLE[how]}) AS p ON CONFLICT DO NOTHING"
        )
    op.execute("REVOKE UPDATE, DELETE ON more_recorded FROM consent_app")
    op.execute("ALTER TABLE more_recorded ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE more_recorded FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_place ON more_recorded USING ({_IN_PLACE} OR (SELECT {_EVERYWHERE}))")
    _rewrite_erasing(_FORGET_AGE, f"{_FORGET} {_FORGET_AGE}")


def downgrade() -> None:
    _rewrite_erasing(f"{_FORGET} {_FORGET_AGE}", _FORGET_AGE)
    for table in _NAMED_BY:
        op.execute(f"DROP TRIGGER more_recorded ON {table}")
    op.execute("DROP FUNCTION name_in_more_recorded()")
    op.execute("DROP TABLE more_recorded")
