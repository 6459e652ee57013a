"""How many different people each account was shown in a day, and by which digests that is known."""

from alembic import op

revision = "0013"
down_revision = "0012"

_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_TABLES = {
    "person_seen": """
        account_id uuid NOT NULL REFERENCES account, day date NOT NULL,
        person_hash bytea NOT NULL CHECK (octet_length(person_hash) = 32), place_id uuid NOT NULL,
        PRIMARY KEY (account_id, day, person_hash)""",
    "people_seen": """
        account_id uuid NOT NULL REFERENCES account, day date NOT NULL, place_id uuid NOT NULL,
        people int NOT NULL, told_at timestamptz, PRIMARY KEY (account_id, day)""",
}


def upgrade() -> None:
    for name, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY place ON {name} USING ({_PLACE})")
        op.execute(f"CREATE POLICY service ON {name} USING ({_SERVICE})")
        op.execute(f"CREATE POLICY own ON {name} AS RESTRICTIVE USING ({_SERVICE})")
    op.execute("CREATE INDEX people_seen_day ON people_seen (day, people)")
    op.execute("CREATE INDEX person_seen_day ON person_seen (day)")


def downgrade() -> None:
    for name in reversed(list(_TABLES)):
        op.execute(f"DROP TABLE {name}")
