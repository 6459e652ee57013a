"""The provider assurance dossier: items with evidence, what they vouch for together, and what was announced."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = {
    "assurance_item": """
        id uuid PRIMARY KEY, place_id uuid NOT NULL, organisation_id uuid NOT NULL REFERENCES organisation,
        kind text NOT NULL, evidence text NOT NULL, account_id uuid, issued_on date NOT NULL, expires_on date,
        recorded_by text NOT NULL, recorded_at timestamptz NOT NULL, state text NOT NULL, version int NOT NULL,
        decided_by text, decided_at timestamptz, reason text""",
    # A stage is how many days before its last day an item was announced; -1 says that it lapsed.
    "assurance_told": """
        organisation_id uuid NOT NULL REFERENCES organisation, kind text NOT NULL, until date NOT NULL,
        stage int NOT NULL, place_id uuid NOT NULL, at timestamptz NOT NULL,
        PRIMARY KEY (organisation_id, kind, until, stage)""",
}
_IN_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_CARRY_ITEMS = """
INSERT INTO assurance_item (id, place_id, organisation_id, kind, evidence, issued_on, expires_on, recorded_by,
  recorded_at, state, version, decided_by, decided_at)
SELECT gen_random_uuid(), o.place_id, o.id, k.kind, 'Carried over from the register of organisations.', current_date,
  current_date + 366, 'service:partners', now(), 'verified', 1, 'service:partners', now()
FROM organisation o, unnest(ARRAY['named_accounts', 'training']) AS k(kind)
WHERE o.assurance_level = 'named_accounts' AND o.legal_entity_id IS NOT NULL
"""
_CARRY_HELD = """
UPDATE organisation SET assurance = jsonb_build_array(
  jsonb_build_object('kind', 'named_accounts', 'until', current_date + 366),
  jsonb_build_object('kind', 'training', 'until', current_date + 366))
WHERE assurance_level = 'named_accounts' AND legal_entity_id IS NOT NULL
"""


def upgrade() -> None:
    op.execute("ALTER TABLE organisation ADD COLUMN assurance jsonb NOT NULL DEFAULT '[]'")
    for name, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    op.execute("CREATE INDEX assurance_item_list ON assurance_item (organisation_id, id)")
    # What was granted before there were dossiers stands for a year, in which its evidence can be recorded.
    op.execute("ALTER TABLE organisation NO FORCE ROW LEVEL SECURITY")
    op.execute(_CARRY_ITEMS)
    op.execute(_CARRY_HELD)
    op.execute("ALTER TABLE organisation FORCE ROW LEVEL SECURITY")
    for name in _TABLES:
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY place ON {name} USING ({_IN_PLACE})")
    # What was recorded stays as it was; only its decision is added.
    op.execute("REVOKE UPDATE, DELETE ON assurance_item FROM partners_app")
    op.execute("GRANT UPDATE (state, version, decided_by, decided_at, reason) ON assurance_item TO partners_app")
    op.execute("REVOKE UPDATE, DELETE ON assurance_told FROM partners_app")


def downgrade() -> None:
    for name in reversed(_TABLES):
        op.execute(f"DROP TABLE {name}")
    op.execute("ALTER TABLE organisation DROP COLUMN assurance")
