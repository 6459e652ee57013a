"""What administrators made of a place's settings: every version whole, written once; numbers wait for a second one."""

from alembic import op

revision = "0014"
down_revision = "0013"

_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_ADMINISTERED = (
    "(SELECT current_setting('app.kind', true) = 'service' OR current_setting('app.work', true) = 'administering')"
)
_TABLE = """
CREATE TABLE place_version (
  place_id uuid NOT NULL, version int NOT NULL CHECK (version > 1), document jsonb NOT NULL,
  changed text[] NOT NULL CHECK (cardinality(changed) > 0), changed_by uuid NOT NULL, approved_by uuid,
  changed_at timestamptz NOT NULL, PRIMARY KEY (place_id, version),
  CONSTRAINT four_eyes CHECK (approved_by <> changed_by))
"""
_KINDS = (
    "'account_factors', 'account_opened', 'account_roles', 'client_change', 'client_credential', 'invitation',"
    " 'provider'"
)


def upgrade() -> None:
    op.execute(_TABLE)
    op.execute("REVOKE UPDATE, DELETE ON place_version FROM gateway_app")
    op.execute("ALTER TABLE place_version ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE place_version FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY place ON place_version USING ({_PLACE})")
    op.execute(f"CREATE POLICY service ON place_version USING ({_SERVICE})")
    op.execute(f"CREATE POLICY own ON place_version AS RESTRICTIVE USING ({_ADMINISTERED})")
    op.execute("ALTER TABLE proposal DROP CONSTRAINT proposal_kind_check, DROP CONSTRAINT proposal_check")
    op.execute(
        f"ALTER TABLE proposal ADD CONSTRAINT proposal_kind_check CHECK (kind IN ({_KINDS}, 'place_safeguarding')),"
        " ADD CONSTRAINT proposal_check CHECK"
        " (organisation_id IS NOT NULL OR kind LIKE 'account_%' OR kind IN ('provider', 'place_safeguarding'))"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE proposal DROP CONSTRAINT proposal_kind_check, DROP CONSTRAINT proposal_check")
    # Proposals of the newer kind stay, decided or to lapse: what happened is not forgotten with its table.
    op.execute(
        f"ALTER TABLE proposal ADD CONSTRAINT proposal_kind_check CHECK (kind IN ({_KINDS})) NOT VALID,"
        " ADD CONSTRAINT proposal_check"
        " CHECK (organisation_id IS NOT NULL OR kind LIKE 'account_%' OR kind = 'provider') NOT VALID"
    )
    op.execute("DROP TABLE place_version")
