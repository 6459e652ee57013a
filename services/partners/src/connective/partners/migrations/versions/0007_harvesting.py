"""Sources of listings, each reading of one, the changes it proposes, and what it last said of each record."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = {
    "harvest_source": """
        id uuid PRIMARY KEY, place_id uuid NOT NULL, code text NOT NULL, name text NOT NULL, kind text NOT NULL,
        url text, licence text, every_hours int NOT NULL, approves_itself boolean NOT NULL, withdraws_after int,
        state text NOT NULL, next_run_at timestamptz, last_whole_at timestamptz, failures int NOT NULL DEFAULT 0,
        version int NOT NULL, changed_at timestamptz NOT NULL, UNIQUE (place_id, kind, code)""",
    "harvest_run": """
        id uuid PRIMARY KEY, place_id uuid NOT NULL, source_id uuid NOT NULL REFERENCES harvest_source,
        state text NOT NULL, asked_by text NOT NULL, started_at timestamptz NOT NULL, ended_at timestamptz,
        failure text, pages int NOT NULL DEFAULT 0, rows int NOT NULL DEFAULT 0, told_total int,
        counts jsonb NOT NULL DEFAULT '{}', problems jsonb NOT NULL DEFAULT '[]'""",
    "harvest_change": """
        id uuid PRIMARY KEY, place_id uuid NOT NULL, source_id uuid NOT NULL REFERENCES harvest_source,
        run_id uuid NOT NULL REFERENCES harvest_run, record text NOT NULL, record_id uuid NOT NULL,
        organisation_id uuid NOT NULL, kind text NOT NULL, name text NOT NULL, told jsonb NOT NULL,
        differences jsonb NOT NULL, gone text, mark text NOT NULL, state text NOT NULL, made_at timestamptz NOT NULL,
        decided_by text, decided_at timestamptz, version int NOT NULL""",
    "listing_origin": """
        record_id uuid PRIMARY KEY, place_id uuid NOT NULL, source_id uuid NOT NULL REFERENCES harvest_source,
        record text NOT NULL, fields jsonb NOT NULL, missed int NOT NULL DEFAULT 0,
        kept_though_gone boolean NOT NULL DEFAULT false""",
}
_INDEXES = (
    "CREATE INDEX harvest_source_list ON harvest_source (place_id, id)",
    "CREATE INDEX harvest_run_list ON harvest_run (source_id, id)",
    "CREATE INDEX harvest_change_list ON harvest_change (place_id, id)",
    "CREATE INDEX harvest_change_run ON harvest_change (run_id)",
    # A record has one change that waits: what its source says now.
    "CREATE UNIQUE INDEX harvest_change_waiting ON harvest_change (record_id) WHERE state = 'waiting'",
    "CREATE INDEX listing_origin_source ON listing_origin (source_id)",
)
_IN_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"


def upgrade() -> None:
    for name, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY place ON {name} USING ({_IN_PLACE})")
    for index in _INDEXES:
        op.execute(index)
    # What a source said and what became of it is a record: only its outcome is added.
    op.execute("REVOKE UPDATE, DELETE ON harvest_change FROM partners_app")
    op.execute("GRANT UPDATE (state, decided_by, decided_at, version) ON harvest_change TO partners_app")
    op.execute("REVOKE DELETE ON harvest_run FROM partners_app")


def downgrade() -> None:
    for name in reversed(_TABLES):
        op.execute(f"DROP TABLE {name}")
