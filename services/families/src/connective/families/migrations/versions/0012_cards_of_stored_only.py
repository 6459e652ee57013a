"""A card without a name for whoever's data are stored and not used: no search shows it, registering anew warns."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute("ALTER TABLE search_card ADD COLUMN stored_only boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    op.execute("DELETE FROM search_token WHERE person_id IN (SELECT person_id FROM search_card WHERE stored_only)")
    op.execute("DELETE FROM search_card WHERE stored_only")
    op.execute("ALTER TABLE search_card DROP COLUMN stored_only")
