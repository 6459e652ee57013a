"""More of HSDS: particulars of organisations and services, several rows of room, and a source's licence.

The column `service.capacity` stays for the release before this one; its figure is copied, and nothing reads it here.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("organisation", "details jsonb NOT NULL DEFAULT '{}'"),
    ("service", "details jsonb NOT NULL DEFAULT '{}'"),
    ("service", "capacities jsonb NOT NULL DEFAULT '[]'"),
    ("service", "licence text"),
    ("service_capacity", "line int NOT NULL DEFAULT 0"),
    ("service_capacity", "audience text"),
)
_COPY = "UPDATE service SET capacities = jsonb_build_array(jsonb_strip_nulls(capacity)) WHERE capacity IS NOT NULL"
_KEY = "ALTER TABLE service_capacity DROP CONSTRAINT service_capacity_pkey, ADD PRIMARY KEY (service_id, version{line})"


def upgrade() -> None:
    for table, column in _COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    # The owner is held by the policies too while they are forced, and belongs to no place.
    op.execute("ALTER TABLE service NO FORCE ROW LEVEL SECURITY")
    op.execute(_COPY)
    op.execute("ALTER TABLE service FORCE ROW LEVEL SECURITY")
    op.execute(_KEY.format(line=", line"))


def downgrade() -> None:
    op.execute("ALTER TABLE service_capacity NO FORCE ROW LEVEL SECURITY")
    op.execute("DELETE FROM service_capacity WHERE line > 0")
    op.execute("ALTER TABLE service_capacity FORCE ROW LEVEL SECURITY")
    op.execute(_KEY.format(line=""))
    for table, column in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
