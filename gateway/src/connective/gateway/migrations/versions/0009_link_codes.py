"""Codes by text message for links: the registered telephone, and of each code a slow digest, for minutes."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("ALTER TABLE link_contact ADD COLUMN telephone text CHECK (telephone LIKE '+%')")
    op.execute(
        "ALTER TABLE link ADD COLUMN code_hash text CHECK (code_hash LIKE '$argon2id$%'),"
        " ADD COLUMN code_expires_at timestamptz, ADD COLUMN code_try_at timestamptz,"
        " ADD COLUMN codes int NOT NULL DEFAULT 0"
    )
    op.execute("CREATE INDEX link_codes ON link (code_try_at) WHERE code_try_at IS NOT NULL")


def downgrade() -> None:
    op.execute("DROP INDEX link_codes")
    op.execute(
        "ALTER TABLE link DROP COLUMN code_hash, DROP COLUMN code_expires_at, DROP COLUMN code_try_at,"
        " DROP COLUMN codes"
    )
    op.execute("ALTER TABLE link_contact DROP COLUMN telephone")
