"""A case's life: when it is reviewed, and who asked for and approved its closing, and why."""

from alembic import op

revision = "0005"
down_revision = "0004"

_COLUMNS = {"review_on": "date", "closing_asked_by": "text", "closing_reason": "text", "closed_by": "text"}


def upgrade() -> None:
    for name, kind in _COLUMNS.items():
        op.execute(f"ALTER TABLE help_case ADD COLUMN {name} {kind}")


def downgrade() -> None:
    for name in _COLUMNS:
        op.execute(f"ALTER TABLE help_case DROP COLUMN {name}")
