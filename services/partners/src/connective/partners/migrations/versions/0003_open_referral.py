"""What of the directory anybody may read, written beside it: the public surface reads these tables and no others.

Rows are there because they may be read by everybody, so reading has no policy; writing stays within one's place.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = {
    "published_organisation": """
        id uuid PRIMARY KEY, place_id uuid NOT NULL, name text NOT NULL, version int NOT NULL, form int NOT NULL,
        words tsvector NOT NULL, summary text NOT NULL, document text NOT NULL""",
    "published_service": """
        id uuid PRIMARY KEY, place_id uuid NOT NULL, organisation_id uuid NOT NULL, version int NOT NULL,
        form int NOT NULL, changed_at timestamptz NOT NULL, minimum_age int, maximum_age int, term_ids uuid[] NOT NULL,
        restricted boolean NOT NULL, outwards text[] NOT NULL, districts text[] NOT NULL, radius_metres int,
        words tsvector NOT NULL, summary text NOT NULL, document text NOT NULL""",
    "published_site": """
        id uuid PRIMARY KEY, place_id uuid NOT NULL,
        service_id uuid NOT NULL REFERENCES published_service ON DELETE CASCADE, location_id uuid NOT NULL,
        easting int, northing int, location text NOT NULL, document text NOT NULL""",
    "published_opening": """
        place_id uuid NOT NULL, service_id uuid NOT NULL REFERENCES published_service ON DELETE CASCADE,
        weekday int NOT NULL, opens_at time, closes_at time, ends_on date""",
}
_INDEXES = (
    "CREATE INDEX published_service_organisation ON published_service (organisation_id)",
    "CREATE INDEX published_service_changed ON published_service (changed_at)",
    "CREATE INDEX published_service_terms ON published_service USING gin (term_ids)",
    "CREATE INDEX published_service_words ON published_service USING gin (words)",
    "CREATE INDEX published_site_service ON published_site (service_id)",
    "CREATE INDEX published_opening_service ON published_opening (service_id, weekday)",
)
_IN_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"


def upgrade() -> None:
    for name, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY anybody ON {name} FOR SELECT USING (true)")
        for verb, clause in (("INSERT", "WITH CHECK"), ("UPDATE", "USING"), ("DELETE", "USING")):
            op.execute(f"CREATE POLICY place_{verb.lower()} ON {name} FOR {verb} {clause} ({_IN_PLACE})")
    for index in _INDEXES:
        op.execute(index)


def downgrade() -> None:
    for name in reversed(_TABLES):
        op.execute(f"DROP TABLE {name}")
