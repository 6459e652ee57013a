"""Why a part of a record ended, beside when."""

from alembic import op

revision = "0002"
down_revision = "0001"

_TABLES = ("address", "contact_point", "membership", "need", "relationship")


def upgrade() -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN end_reason text")


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN end_reason")
