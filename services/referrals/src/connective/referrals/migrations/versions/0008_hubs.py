"""Who coordinates which organisations: by this copy a request past its time finds its coordinator."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE TABLE hub_copy (
            hub_id uuid PRIMARY KEY,
            place_id uuid NOT NULL,
            coordinator_account_id uuid,
            member_organisation_ids uuid[] NOT NULL,
            version integer NOT NULL
        )""")
    op.execute("CREATE INDEX hub_copy_members ON hub_copy USING gin (member_organisation_ids)")


def downgrade() -> None:
    op.execute("DROP TABLE hub_copy")
