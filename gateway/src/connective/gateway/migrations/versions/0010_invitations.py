"""Invitations, and letters to people about their own access; of what opens anything digests alone.

More kinds of change wait for a second administrator: an invitation, an account opened again, its second factors.
Who looks after the members of one organisation (`members`) sees the memberships in it, and through them the accounts.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_ASKER = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_PERSON = "(SELECT CASE WHEN current_setting('app.kind', true) = 'person' THEN current_setting('app.actor')::uuid END)"
_ADMINISTERED = (
    "(SELECT current_setting('app.kind', true) = 'service' OR current_setting('app.work', true) = 'administering')"
)
_MEMBERSHIPS = f"{_ADMINISTERED} OR account_id = {_PERSON} OR organisation_id IN (SELECT officer_organisations())"
_MEMBERS = f"(SELECT current_setting('app.work', true) = 'members') AND organisation_id = {_ASKER}"
_SHA256 = "CHECK (octet_length(token_hash) = 32)"
_TABLES = {
    "invitation": f"""
        id uuid PRIMARY KEY, place_id uuid NOT NULL, organisation_id uuid NOT NULL, organisation_name text NOT NULL,
        roles text[] NOT NULL CHECK (cardinality(roles) > 0), email text NOT NULL CHECK (email = lower(email)),
        name text NOT NULL, invited_by uuid NOT NULL, invited_at timestamptz NOT NULL, approved_at timestamptz,
        letters int NOT NULL DEFAULT 0, next_try_at timestamptz, token_hash bytea UNIQUE {_SHA256},
        expires_at timestamptz NOT NULL, accepted_at timestamptz, withdrawn_at timestamptz,
        account_id uuid REFERENCES account, version int NOT NULL DEFAULT 1,
        CHECK (approved_at IS NOT NULL OR (token_hash IS NULL AND next_try_at IS NULL AND accepted_at IS NULL))""",
    "letter": f"""
        id uuid PRIMARY KEY, place_id uuid NOT NULL, account_id uuid NOT NULL REFERENCES account, kind text NOT NULL,
        made_at timestamptz NOT NULL, next_try_at timestamptz, token_hash bytea UNIQUE {_SHA256},
        expires_at timestamptz, used_at timestamptz, CHECK ((kind = 'new_password') = (expires_at IS NOT NULL))""",
}
_OWN = {"invitation": f"{_ADMINISTERED} OR organisation_id = {_ASKER}", "letter": _SERVICE}
_INDEXES = (
    "CREATE INDEX invitation_list ON invitation (place_id, organisation_id, id)",
    "CREATE INDEX invitation_to_post ON invitation (next_try_at) WHERE next_try_at IS NOT NULL",
    "CREATE INDEX letter_account ON letter (account_id, made_at)",
    "CREATE INDEX letter_to_post ON letter (next_try_at) WHERE next_try_at IS NOT NULL",
)
_KINDS = "'account_factors', 'account_opened', 'account_roles', 'client_change', 'client_credential', 'invitation'"


def upgrade() -> None:
    for name, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY place ON {name} USING ({_PLACE})")
        op.execute(f"CREATE POLICY service ON {name} USING ({_SERVICE})")
        op.execute(f"CREATE POLICY own ON {name} AS RESTRICTIVE USING ({_OWN[name]})")
    for index in _INDEXES:
        op.execute(index)
    op.execute("ALTER TABLE proposal DROP CONSTRAINT proposal_kind_check, DROP CONSTRAINT proposal_check")
    op.execute(
        f"ALTER TABLE proposal ADD CONSTRAINT proposal_kind_check CHECK (kind IN ({_KINDS})),"
        " ADD CONSTRAINT proposal_check CHECK (organisation_id IS NOT NULL OR kind LIKE 'account_%')"
    )
    op.execute(f"ALTER POLICY own ON membership USING ({_MEMBERSHIPS} OR ({_MEMBERS}))")


def downgrade() -> None:
    op.execute(f"ALTER POLICY own ON membership USING ({_MEMBERSHIPS})")
    op.execute("ALTER TABLE proposal DROP CONSTRAINT proposal_kind_check, DROP CONSTRAINT proposal_check")
    # Proposals of the newer kinds stay, decided or to lapse: what happened is not forgotten with its table.
    op.execute(
        "ALTER TABLE proposal ADD CONSTRAINT proposal_kind_check CHECK"
        " (kind IN ('account_roles', 'client_change', 'client_credential')) NOT VALID,"
        " ADD CONSTRAINT proposal_check CHECK ((organisation_id IS NULL) = (kind = 'account_roles')) NOT VALID"
    )
    for name in reversed(list(_TABLES)):
        op.execute(f"DROP TABLE {name}")
