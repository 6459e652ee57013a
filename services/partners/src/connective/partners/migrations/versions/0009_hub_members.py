"""Who is a member of which hub, and from when until when."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_IN_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_CARRY = """
INSERT INTO hub_member (hub_id, organisation_id, place_id, joined_at, joined_by)
SELECT h.id, m.organisation_id, h.place_id, h.changed_at, 'service:partners'
FROM hub h, unnest(h.member_organisation_ids) AS m(organisation_id)
"""


def upgrade() -> None:
    op.execute("""
        CREATE TABLE hub_member (
            hub_id uuid NOT NULL REFERENCES hub, organisation_id uuid NOT NULL REFERENCES organisation,
            place_id uuid NOT NULL, joined_at timestamptz NOT NULL, joined_by text NOT NULL, left_at timestamptz,
            left_by text, PRIMARY KEY (hub_id, organisation_id, joined_at))""")
    # Nobody wrote down when present members joined: the hub's last change is the latest day it can have been.
    op.execute("ALTER TABLE hub NO FORCE ROW LEVEL SECURITY")
    op.execute(_CARRY)
    op.execute("ALTER TABLE hub FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hub_member ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE hub_member FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY place ON hub_member USING ({_IN_PLACE})")
    # When somebody joined stays; only that they left is added.
    op.execute("REVOKE UPDATE, DELETE ON hub_member FROM partners_app")
    op.execute("GRANT UPDATE (left_at, left_by) ON hub_member TO partners_app")


def downgrade() -> None:
    op.execute("DROP TABLE hub_member")
