"""Row security by organisation and legal entity, on top of the place: the second line of each record's predicate.

The new policies are restrictive, so that a row has to pass the place's and its own. What a transaction may see beyond
the asker's own organisation depends on its work (`app.work`, connective.consent.storage.works): `deciding` weighs what
any organisation of the place recorded about the people asked about; `officer` opens what the asker's legal entity
answers for, and what agreements name it in their audit clause for. The functions are evaluated once for each statement
that comes to them, and answer nothing outside of an officer's work.

The subjects of statements take over the organisation of their statement, so that one comparison decides about them too.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_ASKER = "(SELECT NULLIF(current_setting('app.organisation', true), '')::uuid)"
_SERVICE = "(SELECT current_setting('app.kind', true)) = 'service'"
_WEIGHED = "(SELECT current_setting('app.kind', true) = 'service' OR current_setting('app.work', true) = 'deciding')"
_REACH = """(SELECT CASE
  WHEN current_setting('app.kind', true) = 'service' OR current_setting('app.work', true) = 'deciding' THEN NULL
  WHEN current_setting('app.work', true) = 'officer' THEN officer_organisations()::text[]
  ELSE ARRAY[coalesce(NULLIF(current_setting('app.organisation', true), ''), '00000000-0000-0000-0000-000000000000')]
END)::uuid[]"""
_OFFICER = "(SELECT current_setting('app.work', true)) = 'officer'"
_ENTITY = "(SELECT officer_entity())"
_AUDITED = "ANY ((SELECT officer_organisations())::uuid[])"
_OURS = "SELECT officer_own_organisations()"
_AGREEMENTS = "SELECT officer_agreements()"

_FUNCTIONS = (
    """
    CREATE FUNCTION officer_entity() RETURNS uuid
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.legal_entity_id FROM public.organisation AS o
    WHERE o.id = NULLIF(current_setting('app.organisation', true), '')::uuid
      AND current_setting('app.work', true) = 'officer'
    $$
    """,
    """
    CREATE FUNCTION officer_own_organisations() RETURNS SETOF uuid
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT o.id FROM public.organisation AS o WHERE o.legal_entity_id = public.officer_entity()
    $$
    """,
    """
    CREATE FUNCTION officer_agreements() RETURNS SETOF uuid
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT v.agreement_id FROM public.agreement_version AS v
    WHERE v.state <> 'draft' AND v.seen_by @> ARRAY[public.officer_entity()]
    $$
    """,
    """
    CREATE FUNCTION officer_organisations() RETURNS uuid[]
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH asker AS MATERIALIZED (SELECT public.officer_entity() AS id)
    SELECT coalesce(array_agg(o.id), '{}') FROM public.organisation AS o, asker
    WHERE asker.id IS NOT NULL AND (o.legal_entity_id = asker.id OR o.legal_entity_id IN (
      SELECT (party ->> 'legal_entity_id')::uuid
      FROM asker AS a, public.agreement_version AS v, jsonb_array_elements(v.terms -> 'parties') AS party
      WHERE v.state <> 'draft' AND v.seen_by @> ARRAY[a.id]
        AND v.terms -> 'audit_entity_ids' @> to_jsonb(a.id::text)))
    $$
    """,
)
_SIGNATURES = ("officer_organisations()", "officer_agreements()", "officer_own_organisations()", "officer_entity()")

_STATEMENTS = (
    "consent_record",
    "consent_subject",
    "notice",
    "notice_subject",
    "objection",
    "one_off_disclosure",
    "ruling",
    "safeguarding_override",
)
_OF_ENTITY = {
    "access_copy": f"legal_entity_id = {_ENTITY}",
    "audit_sample": f"legal_entity_id = {_ENTITY}",
    "audit_sample_item": "EXISTS (SELECT FROM audit_sample AS s WHERE s.id = sample_id)",
    "breach": f"legal_entity_id = {_ENTITY}",
    "correction": f"""legal_entity_id = {_ENTITY} OR EXISTS (
      SELECT FROM correction_recipient AS r WHERE r.correction_id = correction.id AND r.legal_entity_id = {_ENTITY})""",
    "correction_recipient": _OFFICER,
    "deletion_owed": f"legal_entity_id = {_ENTITY} OR to_entity_ids @> ARRAY[{_ENTITY}]",
    "erasure": f"legal_entity_id = {_ENTITY}",
    "erasure_request": f"legal_entity_id = {_ENTITY}",
    "information_request": f"controllers @> ARRAY[{_ENTITY}]",
    "information_request_answer": "EXISTS (SELECT FROM information_request AS i WHERE i.id = request_id)",
    "retention_item": "EXISTS (SELECT FROM retention_run AS r WHERE r.id = run_id)",
    "retention_run": f"legal_entity_id = {_ENTITY}",
}
_POLICIES = (
    # Whose word it is follows from the record it belongs to.
    ("consent_act", "FOR ALL USING (EXISTS (SELECT FROM consent_record AS r WHERE r.id = consent_id))"),
    (
        "decision",
        f"""FOR SELECT USING (
          discloser_organisation_id = {_ASKER} OR recipient_organisation_id = {_ASKER}
          OR asker_organisation_id = {_ASKER} OR {_SERVICE} OR discloser_organisation_id = {_AUDITED}
          OR recipient_organisation_id = {_AUDITED} OR agreement_id IN ({_AGREEMENTS}))""",
    ),
    (
        "disclosure",
        f"""FOR SELECT USING (
          recipient_organisation_id = {_ASKER} OR discloser_organisation_id = {_ASKER} OR {_SERVICE}
          OR discloser_entity_id = {_ENTITY} OR recipient_entity_id = {_ENTITY} OR agreement_id IN ({_AGREEMENTS}))""",
    ),
    (
        "access_record",
        f"FOR ALL USING (organisation_id = {_ASKER} OR {_SERVICE} OR organisation_id = {_AUDITED})"
        f" WITH CHECK (organisation_id = {_ASKER} OR {_SERVICE})",
    ),
    ("access_volume", f"FOR ALL USING ({_SERVICE})"),
    ("audit_finding", f"FOR ALL USING ({_SERVICE} OR organisation_id = {_AUDITED})"),
    # Who is hidden from whom is weighed by decisions, and read by nobody.
    ("restriction", f"FOR ALL USING ({_WEIGHED})"),
    # A hold stops everybody's erasing, so that any officer's list asks whether one names a record.
    ("legal_hold", f"FOR ALL USING ({_SERVICE} OR {_OFFICER}) WITH CHECK ({_SERVICE} OR legal_entity_id = {_ENTITY})"),
    *(
        (
            table,
            # One sub-select, as each is prepared at every execution and decisions read all of these tables: whose
            # statements are within reach. NULL, which only deciding and the service's own work have, means everybody's.
            f"FOR ALL USING ((organisation_id = ANY ({_REACH})) IS NOT FALSE)"
            f" WITH CHECK (organisation_id = {_ASKER} OR {_SERVICE} OR organisation_id IN ({_OURS}))",
        )
        for table in _STATEMENTS
    ),
    *((table, f"FOR ALL USING ({_SERVICE} OR {condition})") for table, condition in _OF_ENTITY.items()),
)
_SUBJECTS = {
    "consent_subject": "SELECT organisation_id FROM consent_record AS r WHERE r.id = s.consent_id",
    "notice_subject": "SELECT organisation_id FROM notice AS n WHERE n.id = s.notice_id",
}
_WEIGHED_OFTEN = (
    *_STATEMENTS,
    "decision",
    "disclosure",
    "ledger_entry",
    "ledger_pending",
    "person_fact",
    "person_key",
    "register_mark",
    "restriction",
    "same_person",
)
"""What decisions read and write: the place's own policy is said there in two sub-selects instead of three."""
_IN_PLACE = "place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)"
_EVERYWHERE = "current_setting('app.kind', true) = 'service' AND current_setting('app.place', true) = ''"
_BRIEFLY = f"{_IN_PLACE} OR (SELECT {_EVERYWHERE})"
_AS_BEFORE = (
    f"{_IN_PLACE} OR ((SELECT current_setting('app.kind', true)) = 'service'"
    " AND (SELECT current_setting('app.place', true)) = '')"
)


def _add_organisation(table: str, whose: str) -> None:
    """The owner is held by the policies too: it fills the column as the service's own work, in all places."""
    op.execute("SELECT set_config('app.kind', 'service', true), set_config('app.place', '', true)")
    op.execute(f"ALTER TABLE {table} ADD COLUMN organisation_id uuid")
    op.execute(f"UPDATE {table} AS s SET organisation_id = ({whose})")  # noqa: S608 - constants only
    op.execute(f"ALTER TABLE {table} ALTER COLUMN organisation_id SET NOT NULL")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table, whose in _SUBJECTS.items():
        _add_organisation(table, whose)
    for function in _FUNCTIONS:
        op.execute(function)
    for table, policy in _POLICIES:
        op.execute(f"CREATE POLICY own ON {table} AS RESTRICTIVE {policy}")
    for table in _WEIGHED_OFTEN:
        op.execute(f"ALTER POLICY own_place ON {table} USING ({_BRIEFLY})")


def downgrade() -> None:
    for table in _WEIGHED_OFTEN:
        op.execute(f"ALTER POLICY own_place ON {table} USING ({_AS_BEFORE})")
    for table, _ in _POLICIES:
        op.execute(f"DROP POLICY own ON {table}")
    for signature in _SIGNATURES:
        op.execute(f"DROP FUNCTION {signature}")
    for table in _SUBJECTS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN organisation_id")
