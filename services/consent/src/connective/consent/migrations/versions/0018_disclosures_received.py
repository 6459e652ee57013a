"""What an organisation was shown by another is found without reading every disclosure of the place.

An index on the people would not serve: overlap of arrays is not leakproof, so row security has every row read first.
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "CREATE INDEX disclosure_received ON disclosure (recipient_organisation_id, discloser_organisation_id, id)"
    )


def downgrade() -> None:
    op.execute("DROP INDEX disclosure_received")
