"""Which erasures were done, and the narrow means by which one reaches what the application may only add to."""

from alembic import op

revision = "0006"
down_revision = "0005"

_TABLE = """
CREATE TABLE erasure (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  family_digest bytea NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
)
"""
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_FUNCTION = """
CREATE FUNCTION erase_records(p_erasure uuid, p_family uuid, p_people uuid[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  gone bigint;
  traces bigint;
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.erasure WHERE id = p_erasure AND family_digest = sha256(uuid_send(p_family))
  ) THEN
    RAISE EXCEPTION 'no erasure names this family' USING ERRCODE = 'insufficient_privilege';
  END IF;
  DELETE FROM public.chronology_entry WHERE family_id = p_family;
  GET DIAGNOSTICS gone = ROW_COUNT;
  DELETE FROM public.merge_trace WHERE merge_id IN (
    SELECT id FROM public.person_merge WHERE person_id = ANY (p_people) OR merged_person_id = ANY (p_people));
  GET DIAGNOSTICS traces = ROW_COUNT;
  RETURN gone + traces;
END
$$
"""


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("REVOKE UPDATE, DELETE ON erasure FROM families_app")
    op.execute("ALTER TABLE erasure ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE erasure FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY service ON erasure USING ({_SERVICE})")
    op.execute(_FUNCTION)
    op.execute("REVOKE ALL ON FUNCTION erase_records(uuid, uuid, uuid[]) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION erase_records(uuid, uuid, uuid[]) TO families_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION erase_records(uuid, uuid, uuid[])")
    op.execute("DROP TABLE erasure")
