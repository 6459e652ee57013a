"""A keeper's cases in the order of their next review: those without one come last."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute(
        "CREATE INDEX help_case_list ON help_case"
        " (place_id, organisation_id, (coalesce(review_on, 'infinity'::date)), id)"
    )


def downgrade() -> None:
    op.execute("DROP INDEX help_case_list")
