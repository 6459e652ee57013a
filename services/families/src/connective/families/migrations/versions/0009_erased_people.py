"""Erasures of one person of a family, and the narrow means by which one reaches what is only added to."""

from alembic import op

revision = "0009"
down_revision = "0008"

_COLUMNS = """
ALTER TABLE erasure ALTER COLUMN family_digest DROP NOT NULL, ADD COLUMN people_digests bytea[],
  ADD CONSTRAINT erasure_names_one CHECK ((family_digest IS NULL) <> (people_digests IS NULL))
"""
_FUNCTION = """
CREATE FUNCTION erase_person_records(p_erasure uuid, p_people uuid[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  gone bigint;
  traces bigint;
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.erasure WHERE id = p_erasure
      AND people_digests @> (SELECT array_agg(sha256(uuid_send(p))) FROM unnest(p_people) AS p)
  ) THEN
    RAISE EXCEPTION 'no erasure names these people' USING ERRCODE = 'insufficient_privilege';
  END IF;
  DELETE FROM public.chronology_entry WHERE person_id = ANY (p_people);
  GET DIAGNOSTICS gone = ROW_COUNT;
  DELETE FROM public.merge_trace AS t WHERE t.merge_id IN (
      SELECT id FROM public.person_merge WHERE person_id = ANY (p_people) OR merged_person_id = ANY (p_people))
    OR EXISTS (SELECT FROM unnest(p_people) AS p WHERE strpos(t.before::text, p::text) > 0);
  GET DIAGNOSTICS traces = ROW_COUNT;
  RETURN gone + traces;
END
$$
"""
_SIGNATURE = "erase_person_records(uuid, uuid[])"


def upgrade() -> None:
    op.execute(_COLUMNS)
    op.execute("CREATE INDEX chronology_of_person ON chronology_entry (person_id) WHERE person_id IS NOT NULL")
    op.execute(_FUNCTION)
    op.execute(f"REVOKE ALL ON FUNCTION {_SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {_SIGNATURE} TO families_app")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {_SIGNATURE}")
    op.execute("DROP INDEX chronology_of_person")
    op.execute("DELETE FROM erasure WHERE family_digest IS NULL")
    op.execute("ALTER TABLE erasure DROP COLUMN people_digests, ALTER COLUMN family_digest SET NOT NULL")
