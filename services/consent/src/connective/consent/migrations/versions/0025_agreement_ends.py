"""What officers decide about agreements whose time is over: kept on with a reason, or destroyed, with what proves it.

The application may only add to `agreement_review`. What an agreement said is reached by one function, which runs as the
owner, wants a review of this very agreement that says so, and leaves hashes, days and signatures in the review.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE agreement_review (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  agreement_id uuid NOT NULL,
  reference text NOT NULL,
  legal_entity_id uuid NOT NULL,
  readable_by uuid[] NOT NULL,
  decision text NOT NULL CHECK (decision IN ('destroyed', 'kept')),
  reason text NOT NULL,
  review_on date,
  versions jsonb NOT NULL,
  entry_id uuid NOT NULL,
  reviewed_by text NOT NULL,
  reviewed_at timestamptz NOT NULL,
  CHECK ((decision = 'kept') = (review_on IS NOT NULL))
);
CREATE INDEX agreement_review_agreement ON agreement_review (agreement_id, id);
CREATE UNIQUE INDEX agreement_review_destroyed ON agreement_review (agreement_id) WHERE decision = 'destroyed';
"""
_SEEN = """
USING (
  place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)
  OR ((SELECT current_setting('app.kind', true)) = 'service' AND (SELECT current_setting('app.place', true)) = '')
)
"""
_OWN = """
AS RESTRICTIVE FOR ALL USING (
  (SELECT current_setting('app.kind', true)) = 'service'
  OR legal_entity_id = (SELECT officer_entity()) OR readable_by @> ARRAY[(SELECT officer_entity())])
WITH CHECK ((SELECT current_setting('app.kind', true)) = 'service' OR legal_entity_id = (SELECT officer_entity()))
"""
_FUNCTION = """
CREATE FUNCTION destroy_agreement(p_review uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  which uuid;
  removed bigint;
BEGIN
  SELECT r.agreement_id INTO which FROM public.agreement_review AS r WHERE r.id = p_review AND r.decision = 'destroyed';
  IF which IS NULL OR EXISTS (
    SELECT FROM public.agreement_version AS v
    WHERE v.agreement_id = which AND v.state NOT IN ('expired', 'terminated', 'superseded')
  ) THEN
    RAISE EXCEPTION 'no review says that this agreement goes' USING ERRCODE = 'insufficient_privilege';
  END IF;
  DELETE FROM public.comment_resolution WHERE comment_id IN (
    SELECT c.id FROM public.agreement_comment AS c WHERE c.agreement_id = which);
  DELETE FROM public.agreement_comment WHERE agreement_id = which;
  DELETE FROM public.agreement_flow WHERE agreement_id = which;
  DELETE FROM public.agreement_act WHERE agreement_id = which;
  DELETE FROM public.agreement_version WHERE agreement_id = which;
  GET DIAGNOSTICS removed = ROW_COUNT;
  RETURN removed;
END
$$
"""
_SIGNATURE = "destroy_agreement(uuid)"


def upgrade() -> None:
    for statement in _TABLE.split(";")[:-1]:
        op.execute(statement)
    op.execute("REVOKE UPDATE, DELETE ON agreement_review FROM consent_app")
    op.execute("ALTER TABLE agreement_review ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE agreement_review FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_place ON agreement_review {_SEEN}")
    op.execute(f"CREATE POLICY own ON agreement_review {_OWN}")
    op.execute(_FUNCTION)
    op.execute(f"REVOKE ALL ON FUNCTION {_SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {_SIGNATURE} TO consent_app")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {_SIGNATURE}")
    op.execute("DROP TABLE agreement_review")
