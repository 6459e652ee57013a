"""How things were said: through whom, after which notice, for which body, and with what proof."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COLUMNS = {
    "consent_record": (
        "giver_kind text NOT NULL DEFAULT 'person'",
        "spoken_by text NOT NULL DEFAULT ''",
        "interpreter jsonb",
        "notice_reference text NOT NULL DEFAULT ''",
        "notice_version text NOT NULL DEFAULT ''",
        "evidence text NOT NULL DEFAULT ''",
    ),
    "consent_subject": ("incapacity jsonb",),
    "consent_act": ("how text NOT NULL DEFAULT ''", "interpreter jsonb"),
    "notice": ("document_version text NOT NULL DEFAULT ''", "interpreter jsonb"),
    "objection": ("how text NOT NULL DEFAULT ''", "interpreter jsonb"),
}


def upgrade() -> None:
    for table, columns in _COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.execute(
        "CREATE INDEX consent_record_noes ON consent_record (place_id, id) WHERE state IN ('refused', 'withdrawn')"
    )


def downgrade() -> None:
    op.execute("DROP INDEX consent_record_noes")
    for table, columns in _COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
