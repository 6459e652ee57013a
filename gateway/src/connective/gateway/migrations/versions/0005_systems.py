"""Systems' keys published at an address, credentials that end, networks; and changes that wait for a second person."""

from alembic import op

revision = "0005"
down_revision = "0004"

_PROPOSAL = """
CREATE TABLE proposal (
  id uuid PRIMARY KEY, place_id uuid NOT NULL, organisation_id uuid,
  kind text NOT NULL CHECK (kind IN ('account_roles', 'client_change', 'client_credential')),
  subject_id uuid NOT NULL, subject_version int NOT NULL, change jsonb NOT NULL,
  proposed_by uuid NOT NULL, proposed_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'approved', 'rejected', 'withdrawn')),
  decided_by uuid, decided_at timestamptz, version int NOT NULL,
  CHECK ((organisation_id IS NULL) = (kind = 'account_roles')),
  CHECK ((state = 'open') = (decided_by IS NULL)), CHECK ((state = 'open') = (decided_at IS NULL)),
  CONSTRAINT four_eyes CHECK (state <> 'approved' OR decided_by <> proposed_by))
"""
_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_ASKER = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_ADMINISTERED = (
    "(SELECT current_setting('app.kind', true) = 'service' OR current_setting('app.work', true) = 'administering')"
)


def upgrade() -> None:
    op.execute("ALTER TABLE client ADD COLUMN networks text[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE client_credential ADD COLUMN jwks_uri text, ADD COLUMN expires_at timestamptz")
    op.execute(
        "ALTER TABLE client_credential ADD CONSTRAINT key_set CHECK ((kind = 'key_set') = (jwks_uri IS NOT NULL))"
    )
    op.execute(_PROPOSAL)
    op.execute("CREATE INDEX proposal_list ON proposal (place_id, organisation_id, id)")
    op.execute("REVOKE DELETE ON proposal FROM gateway_app")
    op.execute("ALTER TABLE proposal ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE proposal FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY place ON proposal USING ({_PLACE})")
    op.execute(f"CREATE POLICY service ON proposal USING ({_SERVICE})")
    own = f"{_ADMINISTERED} OR organisation_id = {_ASKER}"
    op.execute(f"CREATE POLICY own ON proposal AS RESTRICTIVE USING ({own})")


def downgrade() -> None:
    op.execute("DROP TABLE proposal")
    op.execute("ALTER TABLE client_credential DROP CONSTRAINT key_set, DROP COLUMN jwks_uri, DROP COLUMN expires_at")
    op.execute("ALTER TABLE client DROP COLUMN networks")
