"""Files that go with requests: what they are and where they stand; the links that open them; and objects to remove."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ORGANISATION = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_PLACE = "(SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_OWN_WORK = "(SELECT current_setting('app.kind', true)) = 'service'"

_TABLES = (
    """
CREATE TABLE attachment (
    id uuid PRIMARY KEY,
    place_id uuid NOT NULL,
    request_id uuid NOT NULL REFERENCES request (id) ON DELETE CASCADE,
    family_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    party text NOT NULL,
    name text NOT NULL,
    categories text[] NOT NULL,
    answers text,
    stage text NOT NULL,
    reason text,
    version integer NOT NULL,
    kind text,
    object_id uuid,
    pieces integer,
    content_key bytea,
    size integer,
    digest bytea,
    uploaded_digest bytea,
    attached_by text NOT NULL,
    attached_at timestamptz NOT NULL,
    settled_at timestamptz,
    tries integer NOT NULL,
    next_try_at timestamptz
)
""",
    """
CREATE TABLE attachment_link (
    digest bytea PRIMARY KEY,
    attachment_id uuid NOT NULL REFERENCES attachment (id) ON DELETE CASCADE,
    organisation_id uuid NOT NULL,
    holder text NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
)
""",
    # Ids of objects that no row stands for: begun and not finished, replaced, or erased. It says nothing of anybody.
    """
CREATE TABLE object_to_remove (
    object_id uuid PRIMARY KEY,
    pieces integer NOT NULL,
    remove_at timestamptz NOT NULL
)
""",
)
_INDEXES = (
    "CREATE INDEX attachment_of_request ON attachment (request_id, id)",
    "CREATE INDEX attachment_of_family ON attachment (family_id)",
    "CREATE INDEX attachment_due ON attachment (next_try_at) WHERE next_try_at IS NOT NULL",
    "CREATE INDEX attachment_link_of ON attachment_link (attachment_id)",
    "CREATE INDEX object_due ON object_to_remove (remove_at)",
)
_POLICIES = (
    f"""
CREATE POLICY seen ON attachment USING (
    (place_id = {_PLACE} AND organisation_id = {_ORGANISATION})
    OR (place_id = {_PLACE} AND stage = 'available' AND EXISTS (SELECT FROM request AS seen WHERE seen.id = request_id))
    OR {_OWN_WORK}
) WITH CHECK ((place_id = {_PLACE} AND organisation_id = {_ORGANISATION}) OR {_OWN_WORK})
""",
    f"CREATE POLICY seen ON attachment_link USING (organisation_id = {_ORGANISATION} OR {_OWN_WORK})",
    # Whoever begins to keep a file says that it is begun; whoever finishes, that it is not to be removed.
    "CREATE POLICY seen ON object_to_remove USING (true)",
)
_FAMILY = "(uuid, uuid)"
_PERSON = "(uuid, uuid[], uuid[], uuid[])"
_TAKE_OUT = """
  INSERT INTO public.object_to_remove (object_id, pieces, remove_at)
    SELECT object_id, pieces, to_timestamp(0) FROM public.attachment AS a WHERE a.object_id IS NOT NULL AND {where}
    ON CONFLICT DO NOTHING;
  DELETE FROM public.attachment AS a WHERE {where};
  GET DIAGNOSTICS n = ROW_COUNT;
"""
_ERASE_FAMILY = f"""
CREATE FUNCTION erase_family(p_erasure uuid, p_family uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  n bigint;
BEGIN
  {_TAKE_OUT.format(where="a.family_id = p_family")}
  RETURN n + public.erase_signposts_of_family(p_erasure, p_family);
END
$$
"""
"""The part of before refuses where no erasure names the family: then nothing of this stands either."""
_ERASE_PERSON = f"""
CREATE FUNCTION erase_person(
  p_erasure uuid, p_families uuid[], p_people uuid[], p_stand_ins uuid[], OUT removed bigint, OUT kept bigint
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  named uuid[];
  n bigint;
BEGIN
  SELECT coalesce(array_agg(id), '{{}}') INTO named FROM public.request
    WHERE family_id = ANY (p_families) AND people && p_people;
  {_TAKE_OUT.format(where="a.request_id = ANY (named)")}
  SELECT before.removed + n, before.kept INTO removed, kept
    FROM public.erase_signposts_of_person(p_erasure, p_families, p_people, p_stand_ins) AS before;
END
$$
"""  # noqa: S608 - constants only
"""Of a request that is about others too its files go as its free text does: nobody can tell of whom a letter speaks."""


def upgrade() -> None:
    for statement in (*_TABLES, *_INDEXES):
        op.execute(statement)
    op.execute("REVOKE DELETE ON attachment FROM referrals_app")
    for table in ("attachment", "attachment_link", "object_to_remove"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for statement in _POLICIES:
        op.execute(statement)
    _replace("family", _FAMILY, _ERASE_FAMILY)
    _replace("person", _PERSON, _ERASE_PERSON)


def _replace(whom: str, signature: str, function: str) -> None:
    """The function of before becomes a part of the new one, which alone the application may call."""
    op.execute(f"ALTER FUNCTION erase_{whom}{signature} RENAME TO erase_signposts_of_{whom}")
    op.execute(f"REVOKE ALL ON FUNCTION erase_signposts_of_{whom}{signature} FROM referrals_app")
    op.execute(function)
    op.execute(f"REVOKE ALL ON FUNCTION erase_{whom}{signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION erase_{whom}{signature} TO referrals_app")


def downgrade() -> None:
    for whom, signature in (("family", _FAMILY), ("person", _PERSON)):
        op.execute(f"DROP FUNCTION erase_{whom}{signature}")
        op.execute(f"ALTER FUNCTION erase_signposts_of_{whom}{signature} RENAME TO erase_{whom}")
        op.execute(f"GRANT EXECUTE ON FUNCTION erase_{whom}{signature} TO referrals_app")
    op.execute("DROP TABLE attachment_link")
    op.execute("DROP TABLE attachment")
    op.execute("DROP TABLE object_to_remove")
