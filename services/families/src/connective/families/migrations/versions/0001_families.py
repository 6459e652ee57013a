"""People, families and what is known of them, each row under its place and the organisation that keeps it."""

from alembic import op

from connective.kit.migrations import create_kit_tables, drop_kit_tables

revision = "0001"
down_revision = None

_KEPT = "place_id uuid NOT NULL, organisation_id uuid NOT NULL"
_PERIOD = "since date, until date, CHECK (until >= since)"

_TABLES = {
    "family": f"""
        id uuid PRIMARY KEY, {_KEPT}, name text NOT NULL, registered_by text NOT NULL, registered_on date NOT NULL,
        version int NOT NULL DEFAULT 1""",
    "person": f"""
        id uuid PRIMARY KEY, {_KEPT}, given_names text NOT NULL, family_name text NOT NULL, known_as text,
        previous_family_names text[] NOT NULL DEFAULT '{{}}', sex text NOT NULL, date_of_birth date, age_group text,
        died_on date, nhs_number text, upn_sealed bytea, language text, interpreter boolean, education_setting text,
        gp_practice text, version int NOT NULL DEFAULT 1""",
    "membership": f"""
        family_id uuid NOT NULL REFERENCES family, person_id uuid NOT NULL REFERENCES person, {_KEPT},
        residence text NOT NULL, {_PERIOD}, PRIMARY KEY (family_id, person_id)""",
    "relationship": f"""
        id uuid PRIMARY KEY, {_KEPT}, person_id uuid NOT NULL REFERENCES person,
        of_person_id uuid NOT NULL REFERENCES person, kind text NOT NULL, responsibility text, limit_kind text,
        limit_since date, limit_until date, limit_copy_seen boolean, {_PERIOD}, CHECK (person_id <> of_person_id)""",
    "address": f"""
        id uuid PRIMARY KEY, {_KEPT}, family_id uuid NOT NULL REFERENCES family, kind text NOT NULL,
        lines text[] NOT NULL, town text NOT NULL, postcode text, withheld boolean NOT NULL, confirmed_on date,
        {_PERIOD}""",
    "contact_point": f"""
        id uuid PRIMARY KEY, {_KEPT}, person_id uuid NOT NULL REFERENCES person, kind text NOT NULL,
        value text NOT NULL, rule text NOT NULL, hours text, confirmed_on date, {_PERIOD}""",
    "need": f"""
        id uuid PRIMARY KEY, {_KEPT}, person_id uuid NOT NULL REFERENCES person, code text NOT NULL,
        severity smallint NOT NULL CHECK (severity BETWEEN 0 AND 4), source text NOT NULL, {_PERIOD}""",
    "pregnancy": f"""
        id uuid PRIMARY KEY, {_KEPT}, mother_id uuid NOT NULL REFERENCES person, due_on date NOT NULL, ended_on date,
        ended_as text""",
    "restriction": f"""
        id uuid PRIMARY KEY, {_KEPT}, person_id uuid NOT NULL REFERENCES person, kind text NOT NULL,
        placed_by text NOT NULL, placed_at timestamptz NOT NULL, named_organisation_ids uuid[] NOT NULL,
        named_actor_ids text[] NOT NULL, lift_asked_by text, lifted_by text, lifted_at timestamptz,
        CHECK (lifted_by <> lift_asked_by)""",
    "help_case": f"""
        id uuid PRIMARY KEY, {_KEPT}, family_id uuid NOT NULL REFERENCES family, state text NOT NULL,
        lead_practitioner text NOT NULL, opened_on date NOT NULL, closed_on date, version int NOT NULL DEFAULT 1""",
    "team_member": f"""
        case_id uuid NOT NULL REFERENCES help_case, family_id uuid NOT NULL REFERENCES family, {_KEPT},
        member_organisation_id uuid NOT NULL, since date NOT NULL, until date,
        PRIMARY KEY (case_id, member_organisation_id)""",
    "chronology_entry": f"""
        id uuid PRIMARY KEY, {_KEPT}, family_id uuid NOT NULL REFERENCES family, at timestamptz NOT NULL,
        code text NOT NULL, version int NOT NULL, acting_organisation_id uuid, owner_organisation_id uuid NOT NULL,
        person_id uuid, reference text, service_kind text, reason_code text, detail_code text,
        sensitive boolean NOT NULL""",
    "search_card": f"""
        person_id uuid PRIMARY KEY REFERENCES person, {_KEPT}, name text NOT NULL, birth_year int""",
    "search_token": """
        place_id uuid NOT NULL, token bytea NOT NULL, person_id uuid NOT NULL REFERENCES search_card,
        organisation_id uuid NOT NULL, fact text NOT NULL, PRIMARY KEY (place_id, token, person_id)""",
}
_INDEXES = (
    "CREATE INDEX family_list ON family (place_id, organisation_id, id)",
    "CREATE INDEX membership_person ON membership (person_id)",
    "CREATE INDEX relationship_person ON relationship (person_id)",
    "CREATE INDEX relationship_of ON relationship (of_person_id)",
    "CREATE INDEX address_family ON address (family_id)",
    "CREATE INDEX contact_point_person ON contact_point (person_id)",
    "CREATE INDEX need_person ON need (person_id)",
    "CREATE INDEX pregnancy_mother ON pregnancy (mother_id)",
    "CREATE INDEX restriction_person ON restriction (person_id)",
    "CREATE INDEX help_case_family ON help_case (family_id)",
    "CREATE INDEX team_member_organisation ON team_member (member_organisation_id, family_id)",
    "CREATE INDEX chronology_entry_family ON chronology_entry (family_id, at DESC, version DESC, id DESC)",
    "CREATE INDEX search_token_person ON search_token (person_id)",
)
_RECORDS = ("chronology_entry",)
"""What happened is added to, never changed."""

_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_ASKER = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_OWN = f"{_PLACE} AND organisation_id = {_ASKER}"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_PERMIT = f"{_PLACE} AND organisation_id = (SELECT NULLIF(current_setting('app.permit', true), '')::uuid)"
_TEAMS = f"SELECT t.family_id FROM team_member t WHERE t.member_organisation_id = {_ASKER}"  # noqa: S608 - constants
_ON_TEAM = f"{_PLACE} AND id IN ({_TEAMS})"
_NOT_ANOTHERS = f"(NOT sensitive OR owner_organisation_id = {_ASKER})"

_ON_PERMIT = (
    "family", "person", "membership", "relationship", "address", "contact_point", "need", "restriction"
)  # fmt: skip


def _policies(table: str) -> list[str]:
    """Who may touch a row: its keeper; the service's own work; and, reading only, what each table adds."""
    own = f"{_OWN} AND {_NOT_ANOTHERS}" if table == "chronology_entry" else _OWN
    statements = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY keeper ON {table} USING ({own})",
        f"CREATE POLICY service ON {table} USING ({_SERVICE})",
    ]
    if table in _ON_PERMIT:
        statements.append(f"CREATE POLICY permit ON {table} FOR SELECT USING ({_PERMIT})")
    if table in {"search_card", "search_token"}:
        # A search reaches every organisation of the place: the card holds all that it may show, and nothing more.
        statements.append(f"CREATE POLICY search ON {table} FOR SELECT USING ({_PLACE})")
    if table == "team_member":
        member = f"{_PLACE} AND member_organisation_id = {_ASKER}"
        statements.append(f"CREATE POLICY member ON {table} FOR SELECT USING ({member})")
    if table == "help_case":
        on_team = _ON_TEAM.replace("id IN", "family_id IN")
        statements.append(f"CREATE POLICY team ON {table} FOR SELECT USING ({on_team})")
    if table == "family":
        statements.append(f"CREATE POLICY team ON {table} FOR SELECT USING ({_ON_TEAM})")
    return statements


def upgrade() -> None:
    create_kit_tables(op.get_bind())
    for name, columns in _TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    for index in _INDEXES:
        op.execute(index)
    for name in _TABLES:
        for statement in _policies(name):
            op.execute(statement)
    for name in _RECORDS:
        op.execute(f"REVOKE UPDATE, DELETE ON {name} FROM families_app")


def downgrade() -> None:
    op.execute("DROP POLICY team ON family")
    op.execute("DROP POLICY team ON help_case")
    for name in reversed(_TABLES):
        op.execute(f"DROP TABLE {name}")
    drop_kit_tables(op.get_bind())
