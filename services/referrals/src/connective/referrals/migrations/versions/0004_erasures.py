"""Which erasures were done, and the narrow means by which one reaches what the application may only add to."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE erasure (
    id uuid PRIMARY KEY,
    place_id uuid NOT NULL,
    family_digest bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
)
"""
_OWN_WORK = "(SELECT current_setting('app.kind', true)) = 'service'"
_FUNCTION = """
CREATE FUNCTION erase_family(p_erasure uuid, p_family uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  asked uuid[];
  gone bigint;
  total bigint;
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.erasure WHERE id = p_erasure AND family_digest = sha256(uuid_send(p_family))
  ) THEN
    RAISE EXCEPTION 'no erasure names this family' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT coalesce(array_agg(id), '{}') INTO asked FROM public.request WHERE family_id = p_family;
  DELETE FROM public.voucher WHERE family_id = p_family OR request_id = ANY (asked);
  GET DIAGNOSTICS total = ROW_COUNT;
  DELETE FROM public.merge_trace WHERE request_id = ANY (asked);
  GET DIAGNOSTICS gone = ROW_COUNT;
  total = total + gone;
  DELETE FROM public.request_note WHERE request_id = ANY (asked);
  GET DIAGNOSTICS gone = ROW_COUNT;
  total = total + gone;
  DELETE FROM public.request_history WHERE request_id = ANY (asked);
  GET DIAGNOSTICS gone = ROW_COUNT;
  total = total + gone;
  DELETE FROM public.request_content WHERE request_id = ANY (asked);
  GET DIAGNOSTICS gone = ROW_COUNT;
  total = total + gone;
  DELETE FROM public.request WHERE id = ANY (asked);
  GET DIAGNOSTICS gone = ROW_COUNT;
  total = total + gone;
  DELETE FROM public.referral WHERE family_id = p_family;
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN total + gone;
END
$$
"""


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("CREATE INDEX request_of_family ON request (family_id)")
    op.execute("CREATE INDEX referral_of_family ON referral (family_id)")
    op.execute("CREATE INDEX voucher_of_family ON voucher (family_id)")
    op.execute("REVOKE UPDATE, DELETE ON erasure FROM referrals_app")
    op.execute("ALTER TABLE erasure ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE erasure FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_work ON erasure USING ({_OWN_WORK})")
    op.execute(_FUNCTION)
    op.execute("REVOKE ALL ON FUNCTION erase_family(uuid, uuid) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION erase_family(uuid, uuid) TO referrals_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION erase_family(uuid, uuid)")
    op.execute("DROP INDEX voucher_of_family")
    op.execute("DROP INDEX referral_of_family")
    op.execute("DROP INDEX request_of_family")
    op.execute("DROP TABLE erasure")
