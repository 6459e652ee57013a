"""Vouchers: a reference, counts and packing notes, for a family whose name may not be shared yet."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ORGANISATION = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_PLACE = "(SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_OWN_WORK = "(SELECT current_setting('app.kind', true)) = 'service'"

_TABLE = """
CREATE TABLE voucher (
    id uuid PRIMARY KEY,
    place_id uuid NOT NULL,
    reference text NOT NULL UNIQUE,
    request_id uuid NOT NULL REFERENCES request (id),
    family_id uuid NOT NULL,
    service_id uuid NOT NULL,
    issuer_organisation_id uuid NOT NULL,
    recipient_organisation_id uuid NOT NULL,
    issued_by text NOT NULL,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    adults integer NOT NULL,
    children jsonb NOT NULL,
    packing_notes text[] NOT NULL,
    state text NOT NULL,
    version integer NOT NULL,
    ended_at timestamptz
)
"""
_INDEXES = (
    "CREATE INDEX voucher_issued_by ON voucher (issuer_organisation_id, id DESC)",
    "CREATE INDEX voucher_presented_to ON voucher (recipient_organisation_id, id DESC)",
    "CREATE UNIQUE INDEX voucher_one_at_a_time ON voucher (request_id) WHERE state = 'issued'",
    "CREATE INDEX voucher_clock ON voucher (expires_at) WHERE state = 'issued'",
)
_POLICY = f"""
CREATE POLICY seen ON voucher USING (
    (place_id = {_PLACE} AND {_ORGANISATION} IN (issuer_organisation_id, recipient_organisation_id)) OR {_OWN_WORK}
)
"""


def upgrade() -> None:
    op.execute(_TABLE)
    for statement in _INDEXES:
        op.execute(statement)
    op.execute("REVOKE UPDATE, DELETE ON voucher FROM referrals_app")
    op.execute("GRANT UPDATE (state, version, ended_at) ON voucher TO referrals_app")
    op.execute("ALTER TABLE voucher ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE voucher FORCE ROW LEVEL SECURITY")
    op.execute(_POLICY)


def downgrade() -> None:
    op.execute("DROP TABLE voucher")
