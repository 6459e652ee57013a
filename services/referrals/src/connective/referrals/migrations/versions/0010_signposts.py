"""Signposts: a family was told about a service. Written once, seen by whoever gave it, and erased with its family."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ORGANISATION = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_PLACE = "(SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_OWN_WORK = "(SELECT current_setting('app.kind', true)) = 'service'"

_TABLE = """
CREATE TABLE signpost (
    id uuid PRIMARY KEY,
    place_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    family_id uuid NOT NULL,
    service_id uuid NOT NULL,
    service_kind text NOT NULL,
    sensitive boolean NOT NULL,
    subjects uuid[] NOT NULL,
    needs text[] NOT NULL,
    told text NOT NULL,
    given_by text NOT NULL,
    given_at timestamptz NOT NULL
)
"""
_INDEXES = (
    "CREATE INDEX signpost_of_family ON signpost (family_id, id DESC)",
    "CREATE INDEX signpost_counted ON signpost (organisation_id, given_at)",
)
_POLICY = f"""
CREATE POLICY seen ON signpost USING (
    (place_id = {_PLACE} AND organisation_id = {_ORGANISATION}) OR {_OWN_WORK}
)
"""
_FAMILY = "(uuid, uuid)"
_PERSON = "(uuid, uuid[], uuid[], uuid[])"
_ERASE_FAMILY = """
CREATE FUNCTION erase_family(p_erasure uuid, p_family uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  gone bigint;
  total bigint;
BEGIN
  total = public.erase_requests_of_family(p_erasure, p_family);
  DELETE FROM public.signpost WHERE family_id = p_family;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN total + gone;
END
$$
"""
"""The part of before refuses where no erasure names the family; only then anything goes here."""
_ERASE_PERSON = """
CREATE FUNCTION erase_person(
  p_erasure uuid, p_families uuid[], p_people uuid[], p_stand_ins uuid[], OUT removed bigint, OUT kept bigint
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  n bigint;
BEGIN
  SELECT before.removed, before.kept INTO removed, kept
    FROM public.erase_requests_of_person(p_erasure, p_families, p_people, p_stand_ins) AS before;
  DELETE FROM public.signpost WHERE family_id = ANY (p_families) AND subjects <> '{}' AND subjects <@ p_people;
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  UPDATE public.signpost SET needs = '{}',
    subjects = ARRAY(
      SELECT s FROM unnest(subjects) WITH ORDINALITY AS u (s, nth) WHERE s <> ALL (p_people) ORDER BY nth)
    WHERE family_id = ANY (p_families) AND subjects && p_people;
  GET DIAGNOSTICS n = ROW_COUNT;
  kept = kept + n;
END
$$
"""
"""A signpost for others too stays with them alone; its needs go, because nobody can tell whose they are."""


def upgrade() -> None:
    op.execute(_TABLE)
    for statement in _INDEXES:
        op.execute(statement)
    op.execute("REVOKE UPDATE, DELETE ON signpost FROM referrals_app")
    op.execute("ALTER TABLE signpost ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE signpost FORCE ROW LEVEL SECURITY")
    op.execute(_POLICY)
    _replace("family", _FAMILY, _ERASE_FAMILY)
    _replace("person", _PERSON, _ERASE_PERSON)


def _replace(whom: str, signature: str, function: str) -> None:
    """The function of before becomes a part of the new one, which alone the application may call."""
    op.execute(f"ALTER FUNCTION erase_{whom}{signature} RENAME TO erase_requests_of_{whom}")
    op.execute(f"REVOKE ALL ON FUNCTION erase_requests_of_{whom}{signature} FROM referrals_app")
    op.execute(function)
    op.execute(f"REVOKE ALL ON FUNCTION erase_{whom}{signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION erase_{whom}{signature} TO referrals_app")


def downgrade() -> None:
    for whom, signature in (("family", _FAMILY), ("person", _PERSON)):
        op.execute(f"DROP FUNCTION erase_{whom}{signature}")
        op.execute(f"ALTER FUNCTION erase_requests_of_{whom}{signature} RENAME TO erase_{whom}")
        op.execute(f"GRANT EXECUTE ON FUNCTION erase_{whom}{signature} TO referrals_app")
    op.execute("DROP TABLE signpost")
