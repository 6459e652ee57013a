"""The directory: organisations, services, hubs, and the index that searches use; each row under its place."""

from alembic import op

from connective.kit.migrations import create_kit_tables, drop_kit_tables

revision = "0001"
down_revision = None

_IMPORTED = "source text, source_fingerprint text, source_version int"
_VERSIONED = "version int NOT NULL, changed_at timestamptz NOT NULL"

_TABLES = {
    "organisation": f"""
        id uuid PRIMARY KEY, place_id uuid NOT NULL, legal_entity_id uuid, name text NOT NULL, kind text NOT NULL,
        identifiers jsonb NOT NULL, description text, website text, telephone text, state text NOT NULL,
        assurance_level text NOT NULL, {_IMPORTED}, {_VERSIONED}""",
    "organisation_state": """
        organisation_id uuid NOT NULL REFERENCES organisation, version int NOT NULL, place_id uuid NOT NULL,
        state text NOT NULL, reason text NOT NULL, actor text NOT NULL, at timestamptz NOT NULL,
        PRIMARY KEY (organisation_id, version)""",
    "service": f"""
        id uuid PRIMARY KEY, place_id uuid NOT NULL, organisation_id uuid NOT NULL REFERENCES organisation,
        name text NOT NULL, kind text NOT NULL, needs text[] NOT NULL, status text NOT NULL, description text, url text,
        telephone text, how_to_refer text, minimum_age int, maximum_age int, areas jsonb NOT NULL,
        locations jsonb NOT NULL, schedules jsonb NOT NULL, sensitive boolean NOT NULL,
        confidential_to_young_person boolean NOT NULL, assured_on date, takes_requests boolean NOT NULL,
        acknowledge_within_days int NOT NULL, decide_within_days int NOT NULL, contact_attempts_promised int NOT NULL,
        same_day jsonb, capacity jsonb, {_IMPORTED}, {_VERSIONED}""",
    "service_capacity": """
        service_id uuid NOT NULL REFERENCES service, version int NOT NULL, place_id uuid NOT NULL,
        available int NOT NULL CHECK (available >= 0), maximum int, unit text NOT NULL, waiting_weeks int,
        as_of timestamptz NOT NULL, PRIMARY KEY (service_id, version)""",
    "directory_entry": """
        place_id uuid NOT NULL, need text NOT NULL, cell text NOT NULL,
        service_id uuid NOT NULL REFERENCES service, easting int, northing int""",
    "hub": f"""
        id uuid PRIMARY KEY, place_id uuid NOT NULL, name text NOT NULL, outward_postcodes text[] NOT NULL,
        coordinator_account_id uuid, member_organisation_ids uuid[] NOT NULL, {_VERSIONED}""",
    "unmet_need": """
        place_id uuid NOT NULL, outward text NOT NULL, need text NOT NULL, week date NOT NULL,
        times int NOT NULL, PRIMARY KEY (place_id, outward, need, week)""",
}
_INDEXES = (
    "CREATE UNIQUE INDEX organisation_list ON organisation (place_id, name, id)",
    "CREATE UNIQUE INDEX service_list ON service (place_id, name, id)",
    "CREATE INDEX service_organisation ON service (organisation_id)",
    # Everything the first step of a search needs, so that it never touches the table.
    """CREATE UNIQUE INDEX directory_entry_search ON directory_entry (place_id, need, cell, service_id)
       INCLUDE (easting, northing)""",
    "CREATE INDEX directory_entry_service ON directory_entry (service_id)",
    "CREATE UNIQUE INDEX hub_list ON hub (place_id, name, id)",
)
_RECORDS = ("organisation_state", "service_capacity")
"""What was said is added to, never changed."""

_IN_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"


def upgrade() -> None:
    create_kit_tables(op.get_bind())
    for name, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY place ON {name} USING ({_IN_PLACE})")
    for index in _INDEXES:
        op.execute(index)
    for name in _RECORDS:
        op.execute(f"REVOKE UPDATE, DELETE ON {name} FROM partners_app")


def downgrade() -> None:
    for name in reversed(_TABLES):
        op.execute(f"DROP TABLE {name}")
    drop_kit_tables(op.get_bind())
