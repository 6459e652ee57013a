"""Referrals and requests, what was written in them, what happened to them, and copies of what partners announced."""

from alembic import op

from connective.kit.migrations import create_kit_tables, drop_kit_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ORGANISATION = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_PLACE = "(SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_OWN_WORK = "(SELECT current_setting('app.kind', true)) = 'service'"
_REQUEST_SEEN = f"EXISTS (SELECT 1 FROM request AS seen WHERE seen.id = request_id) OR {_OWN_WORK}"  # noqa: S608 - constants only

_TABLES = (
    """
    CREATE TABLE referral (
        id uuid PRIMARY KEY,
        place_id uuid NOT NULL,
        family_id uuid NOT NULL,
        organisation_id uuid NOT NULL,
        discloser_organisation_id uuid NOT NULL,
        made_by text NOT NULL,
        made_at timestamptz NOT NULL,
        safeguarding_answer text NOT NULL,
        reported_to text,
        reported_at timestamptz,
        report_reference text
    )
    """,
    """
    CREATE TABLE request (
        id uuid PRIMARY KEY,
        place_id uuid NOT NULL,
        referral_id uuid NOT NULL REFERENCES referral (id),
        family_id uuid NOT NULL,
        reference text NOT NULL UNIQUE,
        referrer_organisation_id uuid NOT NULL,
        discloser_organisation_id uuid NOT NULL,
        recipient_organisation_id uuid NOT NULL,
        service_id uuid NOT NULL,
        service_kind text NOT NULL,
        sensitive boolean NOT NULL,
        form_version integer NOT NULL,
        content_version integer NOT NULL,
        subjects uuid[] NOT NULL,
        contact_person_id uuid NOT NULL,
        people uuid[] NOT NULL,
        state text NOT NULL,
        version integer NOT NULL,
        since timestamptz NOT NULL,
        is_open boolean NOT NULL,
        needed_by timestamptz,
        submitted_at timestamptz,
        received_at timestamptz,
        due_clock text,
        due_owner text,
        due_at timestamptz,
        next_step_at timestamptz,
        asked_in text,
        expected_on date,
        acknowledge_within_days integer NOT NULL,
        decide_within_days integer NOT NULL,
        contact_attempts_promised integer NOT NULL,
        contact_attempts integer NOT NULL,
        escalations integer NOT NULL,
        replaces uuid REFERENCES request (id),
        relied_agreement_id uuid,
        relied_consent_ids uuid[] NOT NULL,
        hold jsonb,
        pause jsonb,
        decline jsonb,
        family_told jsonb,
        outcome jsonb,
        missing jsonb NOT NULL,
        without jsonb NOT NULL,
        notices jsonb NOT NULL
    )
    """,
    """
    CREATE TABLE request_content (
        request_id uuid NOT NULL REFERENCES request (id),
        version integer NOT NULL,
        answers jsonb NOT NULL,
        needs jsonb NOT NULL,
        words_text text,
        words_categories text[],
        PRIMARY KEY (request_id, version)
    )
    """,
    """
    CREATE TABLE request_history (
        request_id uuid NOT NULL REFERENCES request (id),
        version integer NOT NULL,
        fact text NOT NULL,
        action text,
        before text NOT NULL,
        after text NOT NULL,
        reason_code text,
        party text NOT NULL,
        actor_id text NOT NULL,
        organisation_id uuid,
        at timestamptz NOT NULL,
        words_text text,
        words_categories text[],
        PRIMARY KEY (request_id, version)
    )
    """,
    """
    CREATE TABLE request_note (
        id uuid PRIMARY KEY,
        request_id uuid NOT NULL REFERENCES request (id),
        kind text NOT NULL,
        party text NOT NULL,
        organisation_id uuid NOT NULL,
        actor_id text NOT NULL,
        at timestamptz NOT NULL,
        details jsonb NOT NULL
    )
    """,
    """
    CREATE TABLE service_copy (
        service_id uuid PRIMARY KEY,
        place_id uuid NOT NULL,
        known_version integer NOT NULL,
        facts_version integer,
        facts jsonb
    )
    """,
    """
    CREATE TABLE organisation_copy (
        organisation_id uuid PRIMARY KEY,
        legal_entity_id uuid NOT NULL,
        state text NOT NULL,
        version integer NOT NULL
    )
    """,
)
_INDEXES = (
    "CREATE INDEX referral_own ON referral (organisation_id, id DESC)",
    "CREATE INDEX request_of_referral ON request (referral_id)",
    "CREATE INDEX request_sent ON request (referrer_organisation_id, id DESC)",
    "CREATE INDEX request_received ON request (recipient_organisation_id, id DESC) WHERE submitted_at IS NOT NULL",
    "CREATE INDEX request_place ON request (place_id, id DESC)",
    "CREATE INDEX request_clock ON request (next_step_at) WHERE next_step_at IS NOT NULL",
    "CREATE INDEX request_family ON request (family_id, service_id) WHERE is_open",
    "CREATE INDEX request_people ON request USING gin (people) WHERE is_open",
    "CREATE INDEX request_agreement ON request (relied_agreement_id) WHERE is_open AND relied_agreement_id IS NOT NULL",
    "CREATE UNIQUE INDEX request_replaces ON request (replaces) WHERE replaces IS NOT NULL",
    "CREATE INDEX request_note_of ON request_note (request_id)",
)
_RIGHTS = (
    "REVOKE DELETE ON referral, request, request_content FROM referrals_app",
    "REVOKE UPDATE, DELETE ON request_history, request_note FROM referrals_app",
    # Only the merge of two records of one person may touch what was written, and there only whose needs they are.
    "REVOKE UPDATE ON request_content FROM referrals_app",
    "GRANT UPDATE (needs) ON request_content TO referrals_app",
)
_POLICIES = (
    f"""
    CREATE POLICY seen ON referral
    USING ((place_id = {_PLACE} AND organisation_id = {_ORGANISATION}) OR {_OWN_WORK})
    """,
    f"""
    CREATE POLICY seen ON request
    USING (
        (place_id = {_PLACE} AND referrer_organisation_id = {_ORGANISATION})
        OR (place_id = {_PLACE} AND recipient_organisation_id = {_ORGANISATION} AND submitted_at IS NOT NULL)
        OR {_OWN_WORK}
    )
    WITH CHECK (
        (place_id = {_PLACE} AND {_ORGANISATION} IN (referrer_organisation_id, recipient_organisation_id))
        OR {_OWN_WORK}
    )
    """,
    # Rows are written together with their request in one statement, which cannot see the request yet: hence `true`.
    f"CREATE POLICY seen ON request_content USING ({_REQUEST_SEEN}) WITH CHECK (true)",
    f"CREATE POLICY seen ON request_history USING ({_REQUEST_SEEN}) WITH CHECK (true)",
    f"CREATE POLICY seen ON request_note USING ({_REQUEST_SEEN}) WITH CHECK (true)",
)
_GUARDED = ("referral", "request", "request_content", "request_history", "request_note")


def upgrade() -> None:
    create_kit_tables(op.get_bind())
    for statement in (*_TABLES, *_INDEXES, *_RIGHTS):
        op.execute(statement)
    for table in _GUARDED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    for statement in _POLICIES:
        op.execute(statement)


def downgrade() -> None:
    for table in ("request_note", "request_history", "request_content", "request", "referral"):
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP TABLE service_copy")
    op.execute("DROP TABLE organisation_copy")
    drop_kit_tables(op.get_bind())
