"""That processing of a person's data is restricted (UK GDPR Article 18), as consent says: stored, and not read."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute("ALTER TABLE person ADD COLUMN processing_restricted boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    op.execute("ALTER TABLE person DROP COLUMN processing_restricted")
