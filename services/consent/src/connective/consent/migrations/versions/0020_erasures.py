"""Runs of the retention schedule, erasures with each service's answer, deletions owed, and the means of erasing."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE retention_run (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  legal_entity_id uuid NOT NULL,
  on_day date NOT NULL,
  state text NOT NULL,
  complete boolean NOT NULL,
  list_hash text NOT NULL,
  asked_by text NOT NULL,
  asked_at timestamptz NOT NULL,
  approved_by text,
  approved_at timestamptz,
  version integer NOT NULL
);
CREATE INDEX retention_run_listed ON retention_run (place_id, legal_entity_id, id);
CREATE TABLE retention_item (
  run_id uuid NOT NULL REFERENCES retention_run,
  nth integer NOT NULL,
  place_id uuid NOT NULL,
  rule_key text NOT NULL,
  family_id uuid,
  family text,
  agreement_id uuid,
  record_version integer NOT NULL,
  people integer NOT NULL,
  outcome text NOT NULL,
  reasons text[] NOT NULL,
  result text,
  erasure_id uuid,
  PRIMARY KEY (run_id, nth)
);
CREATE INDEX retention_item_family ON retention_item (family_id) WHERE family_id IS NOT NULL;
CREATE TABLE erasure_request (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  legal_entity_id uuid NOT NULL,
  family_id uuid,
  family text NOT NULL,
  asked_on date NOT NULL,
  due_on date NOT NULL,
  ground text NOT NULL,
  granted boolean NOT NULL,
  exemption text,
  reasons text NOT NULL,
  decided_by text NOT NULL,
  decided_at timestamptz NOT NULL,
  erasure_id uuid
);
CREATE INDEX erasure_request_listed ON erasure_request (place_id, legal_entity_id, id);
CREATE TABLE erasure (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  legal_entity_id uuid NOT NULL,
  family_id uuid,
  family text NOT NULL,
  rule_key text,
  run_id uuid,
  request_id uuid,
  record_version integer NOT NULL,
  state text NOT NULL,
  reason_code text,
  ordered_by text NOT NULL,
  ordered_at timestamptz NOT NULL,
  completed_at timestamptz,
  people integer,
  entry_ids uuid[] NOT NULL,
  version integer NOT NULL
);
CREATE INDEX erasure_listed ON erasure (place_id, legal_entity_id, id);
CREATE INDEX erasure_outstanding ON erasure (ordered_at) WHERE state IN ('ordered', 'under_way');
CREATE TABLE erasure_part (
  erasure_id uuid NOT NULL REFERENCES erasure,
  service text NOT NULL,
  place_id uuid NOT NULL,
  asked_at timestamptz NOT NULL,
  done_at timestamptz,
  removed bigint,
  kept bigint,
  PRIMARY KEY (erasure_id, service)
);
CREATE TABLE deletion_owed (
  id uuid PRIMARY KEY,
  place_id uuid NOT NULL,
  legal_entity_id uuid NOT NULL,
  to_entity_ids uuid[] NOT NULL,
  agreement_id uuid,
  erasure_id uuid,
  request_ids uuid[] NOT NULL,
  at_end text NOT NULL,
  owed_since timestamptz NOT NULL,
  due_on date NOT NULL,
  how text,
  confirmed_name text,
  confirmed_position text,
  done_on date,
  note text NOT NULL,
  confirmed_by text,
  confirmed_at timestamptz,
  version integer NOT NULL,
  CHECK ((agreement_id IS NULL) <> (erasure_id IS NULL))
);
CREATE UNIQUE INDEX deletion_owed_agreement ON deletion_owed (agreement_id, legal_entity_id)
  WHERE agreement_id IS NOT NULL;
CREATE UNIQUE INDEX deletion_owed_erasure ON deletion_owed (erasure_id, legal_entity_id) WHERE erasure_id IS NOT NULL;
CREATE INDEX deletion_owed_listed ON deletion_owed (place_id, legal_entity_id, id);
CREATE TABLE erased_id (
  digest bytea PRIMARY KEY,
  place_id uuid NOT NULL,
  erased_at timestamptz NOT NULL
);
"""
_CHANGED_NEVER_REMOVED = ("retention_run", "retention_item", "erasure", "erasure_part", "deletion_owed")
_ONLY_ADDED_TO = ("erasure_request", "erased_id")
_SEEN = """
USING (
  place_id = (SELECT NULLIF(current_setting('app.place', true), '')::uuid)
  OR ((SELECT current_setting('app.kind', true)) = 'service' AND (SELECT current_setting('app.place', true)) = '')
)
"""
_FUNCTION = """
CREATE FUNCTION erase_people(
  p_erasure uuid, p_family uuid, p_people uuid[], p_stand_ins uuid[], OUT removed bigint, OUT kept bigint
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  said uuid[];
  told uuid[];
  decided uuid[];
  disclosed uuid[];
  n bigint;
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.erasure WHERE id = p_erasure AND family_id = p_family AND state IN ('ordered', 'under_way')
  ) THEN
    RAISE EXCEPTION 'no erasure that stands names this family' USING ERRCODE = 'insufficient_privilege';
  END IF;
  removed = 0;
  kept = 0;

  SELECT coalesce(array_agg(DISTINCT consent_id), '{}') INTO said
    FROM public.consent_subject WHERE person_id = ANY (p_people);
  DELETE FROM public.consent_subject WHERE person_id = ANY (p_people);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  SELECT coalesce(array_agg(r.id), '{}') INTO said FROM public.consent_record AS r
    WHERE r.id = ANY (said) AND NOT EXISTS (SELECT FROM public.consent_subject AS s WHERE s.consent_id = r.id);
  DELETE FROM public.consent_act WHERE consent_id = ANY (said);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  DELETE FROM public.consent_record WHERE id = ANY (said);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  FOR i IN 1 .. cardinality(p_people) LOOP
    UPDATE public.consent_record SET giver_id = p_stand_ins[i], spoken_by = '', note = '', evidence = ''
      WHERE giver_id = p_people[i];
    UPDATE public.objection SET raised_by = p_stand_ins[i] WHERE raised_by = p_people[i];
  END LOOP;
  UPDATE public.consent_record SET family_id = NULL WHERE family_id = p_family;

  DELETE FROM public.ruling WHERE person_id = ANY (p_people);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  DELETE FROM public.objection WHERE person_id = ANY (p_people);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  DELETE FROM public.restriction WHERE person_id = ANY (p_people);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  DELETE FROM public.same_person WHERE person_id = ANY (p_people) OR other_id = ANY (p_people);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  SELECT coalesce(array_agg(DISTINCT notice_id), '{}') INTO told
    FROM public.notice_subject WHERE person_id = ANY (p_people);
  DELETE FROM public.notice_subject WHERE person_id = ANY (p_people);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  DELETE FROM public.notice AS t WHERE t.id = ANY (told)
    AND NOT EXISTS (SELECT FROM public.notice_subject AS s WHERE s.notice_id = t.id);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;

  UPDATE public.safeguarding_override SET reason = '', risk_of_not_sharing = '', family_told_note = '', review_note = ''
    WHERE person_ids && p_people;
  GET DIAGNOSTICS n = ROW_COUNT;
  kept = kept + n;
  UPDATE public.one_off_disclosure SET reason = '', form = NULL WHERE person_ids && p_people;
  GET DIAGNOSTICS n = ROW_COUNT;
  kept = kept + n;
  SELECT coalesce(array_agg(id), '{}') INTO decided FROM public.decision WHERE person_ids && p_people;
  SELECT coalesce(array_agg(id), '{}') INTO disclosed FROM public.disclosure WHERE person_ids && p_people;
  kept = kept + cardinality(decided) + cardinality(disclosed);
  FOR i IN 1 .. cardinality(p_people) LOOP
    UPDATE public.decision SET person_ids = array_replace(person_ids, p_people[i], p_stand_ins[i]),
        question = replace(question::text, p_people[i]::text, p_stand_ins[i]::text)::jsonb,
        answer = replace(answer::text, p_people[i]::text, p_stand_ins[i]::text)::jsonb
      WHERE id = ANY (decided);
    UPDATE public.disclosure SET person_ids = array_replace(person_ids, p_people[i], p_stand_ins[i])
      WHERE id = ANY (disclosed);
    UPDATE public.safeguarding_override SET person_ids = array_replace(person_ids, p_people[i], p_stand_ins[i])
      WHERE person_ids @> ARRAY[p_people[i]];
    UPDATE public.one_off_disclosure SET person_ids = array_replace(person_ids, p_people[i], p_stand_ins[i])
      WHERE person_ids @> ARRAY[p_people[i]];
    UPDATE public.legal_hold SET person_ids = array_remove(person_ids, p_people[i])
      WHERE person_ids @> ARRAY[p_people[i]];
  END LOOP;
  UPDATE public.legal_hold SET family_ids = array_remove(family_ids, p_family) WHERE family_ids @> ARRAY[p_family];
  UPDATE public.retention_item SET family_id = NULL WHERE family_id = p_family;
  UPDATE public.erasure_request SET family_id = NULL WHERE family_id = p_family;
  UPDATE public.erasure SET family_id = NULL WHERE family_id = p_family;

  DELETE FROM public.person_fact WHERE person_id = ANY (p_people);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  DELETE FROM public.person_key WHERE person_id = ANY (p_people) OR person_id = p_family;
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
END
$$
"""
_SIGNATURE = "erase_people(uuid, uuid, uuid[], uuid[])"


def upgrade() -> None:
    for statement in _TABLES.split(";")[:-1]:
        op.execute(statement)
    for table in _CHANGED_NEVER_REMOVED:
        op.execute(f"REVOKE DELETE ON {table} FROM consent_app")
    for table in _ONLY_ADDED_TO:
        op.execute(f"REVOKE UPDATE, DELETE ON {table} FROM consent_app")
    for table in (*_CHANGED_NEVER_REMOVED, *_ONLY_ADDED_TO):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_place ON {table} {_SEEN}")
    op.execute(_FUNCTION)
    op.execute(f"REVOKE ALL ON FUNCTION {_SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {_SIGNATURE} TO consent_app")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {_SIGNATURE}")
    op.execute(
        "DROP TABLE erased_id, deletion_owed, erasure_part, erasure, erasure_request, retention_item, retention_run"
    )
