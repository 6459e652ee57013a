"""Listings that are watched, reported wrong, or not checked for too long."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TABLES = {
    "listing_watch": """
        service_id uuid NOT NULL REFERENCES service, account_id uuid NOT NULL, place_id uuid NOT NULL,
        since timestamptz NOT NULL, PRIMARY KEY (service_id, account_id)""",
    "listing_report": """
        id uuid PRIMARY KEY, place_id uuid NOT NULL, service_id uuid NOT NULL REFERENCES service,
        organisation_id uuid, wrong text[] NOT NULL, words text, reporter_id uuid NOT NULL,
        reporter_organisation_id uuid NOT NULL, reported_at timestamptz NOT NULL, version int NOT NULL,
        answer text, answer_words text, answered_by text, answered_at timestamptz""",
    "listing_stale": """
        service_id uuid PRIMARY KEY REFERENCES service, place_id uuid NOT NULL, noticed_at timestamptz NOT NULL""",
}
_INDEXES = (
    "CREATE INDEX listing_watch_account ON listing_watch (place_id, account_id, service_id)",
    "CREATE INDEX listing_report_list ON listing_report (place_id, id)",
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
    # What somebody reported stays as they said it; only its answer is added.
    op.execute("REVOKE UPDATE, DELETE ON listing_report FROM partners_app")
    op.execute(
        "GRANT UPDATE (version, answer, answer_words, answered_by, answered_at) ON listing_report TO partners_app"
    )


def downgrade() -> None:
    for name in reversed(_TABLES):
        op.execute(f"DROP TABLE {name}")
