"""Erasures of one person, and words that officers typed: those about whom nobody stays go, the others are counted."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_COLUMNS = """
ALTER TABLE erasure ADD COLUMN person_id uuid, ADD COLUMN person text;
ALTER TABLE erasure_request ADD COLUMN person_id uuid, ADD COLUMN person text;
ALTER TABLE erasure_part ADD COLUMN kept_words jsonb NOT NULL DEFAULT '{}';
"""
_COUNT = """
  GET DIAGNOSTICS n = ROW_COUNT;
  {0} = {0} + n;
"""
_REMOVED, _KEPT = _COUNT.format("removed"), _COUNT.format("kept")


def _stays(people: str, column: str = "person_id") -> str:
    """Whether such a record also names somebody who has a key and is not being erased."""
    return (
        f"EXISTS (SELECT FROM public.person_key AS k WHERE k.{column} = ANY ({people})"
        " AND k.person_id <> ALL (p_people) AND (one IS NOT NULL OR k.person_id <> fam))"
    )


def _words(name: str, table: str, blank: str, said: str, people: str = "t.person_ids") -> str:
    """Blank words of records about nobody else, and count those that stay because they speak of others too."""
    pseudonyms = people == "t.people"
    named = f"{people} && {'names' if pseudonyms else 'p_people'}"
    stays = _stays(people, "pseudonym" if pseudonyms else "person_id")
    return f"""
  UPDATE public.{table} AS t SET {blank} WHERE {named} AND NOT {stays};
  {_KEPT}
  SELECT count(*) INTO n FROM public.{table} AS t WHERE {named} AND {said};
  IF n > 0 THEN words = words || jsonb_build_object('{name}', n); END IF;
"""  # noqa: S608 - constants of this module


_OVERRIDE = "reason = '', risk_of_not_sharing = '', family_told_note = '', review_note = ''"
_OF_NOBODY_ELSE = "NOT " + _stays("i.people", "pseudonym")
_LOOKED_AT = """ARRAY(
      SELECT DISTINCT p FROM public.access_record AS a, unnest(a.people) AS p
      WHERE a.actor_id = t.actor_id AND (a.at AT TIME ZONE 'Europe/London')::date = t.on_day)"""
_ALL_WORDS = "".join(
    (
        _words("overrides", "safeguarding_override", _OVERRIDE, "t.reason || t.review_note <> ''"),
        _words("one_offs", "one_off_disclosure", "reason = '', form = NULL", "t.reason <> ''"),
        _words("corrections", "correction", "what = ''", "t.what <> ''", "t.people"),
        _words(
            "information_requests",
            "information_request",
            "about = '', extension_reason = ''",
            "t.about || t.extension_reason <> ''",
            "t.people",
        ),
        # The law asks for these whoever is erased: they are counted, never blanked (UK GDPR Article 33(5)).
        _words("breaches", "breach", "version = version", "true", "t.people"),
    )
)
_FUNCTION = f"""
CREATE FUNCTION erase_subjects(
  p_erasure uuid, p_people uuid[], p_stand_ins uuid[], OUT removed bigint, OUT kept bigint, OUT words jsonb
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  fam uuid;
  one uuid;
  names text[];
  said uuid[];
  told uuid[];
  decided uuid[];
  disclosed uuid[];
  n bigint;
BEGIN
  SELECT e.family_id, e.person_id INTO fam, one FROM public.erasure AS e
    WHERE e.id = p_erasure AND e.family_id IS NOT NULL AND e.state IN ('ordered', 'under_way');
  IF NOT FOUND OR (one IS NOT NULL AND one <> ALL (p_people)) THEN
    RAISE EXCEPTION 'no erasure that stands names these people' USING ERRCODE = 'insufficient_privilege';
  END IF;
  removed = 0;
  kept = 0;
  words = '{{}}';
  SELECT coalesce(array_agg(replace(s::text, '-', '')), '{{}}') INTO names FROM unnest(p_stand_ins) AS s;

  SELECT coalesce(array_agg(DISTINCT consent_id), '{{}}') INTO said
    FROM public.consent_subject WHERE person_id = ANY (p_people);
  DELETE FROM public.consent_subject WHERE person_id = ANY (p_people);
  {_REMOVED}
  SELECT coalesce(array_agg(r.id), '{{}}') INTO told FROM public.consent_record AS r
    WHERE r.id = ANY (said) AND NOT EXISTS (SELECT FROM public.consent_subject AS s WHERE s.consent_id = r.id);
  DELETE FROM public.consent_act WHERE consent_id = ANY (told);
  {_REMOVED}
  DELETE FROM public.consent_record WHERE id = ANY (told);
  {_REMOVED}
  UPDATE public.consent_act SET note = '' WHERE note <> '' AND consent_id IN (
    SELECT id FROM public.consent_record WHERE giver_id = ANY (p_people));
  FOR i IN 1 .. cardinality(p_people) LOOP
    UPDATE public.consent_record SET giver_id = p_stand_ins[i], spoken_by = '', note = '', evidence = ''
      WHERE giver_id = p_people[i];
    UPDATE public.objection SET raised_by = p_stand_ins[i] WHERE raised_by = p_people[i];
  END LOOP;
  SELECT count(*) INTO n FROM public.consent_record WHERE id = ANY (said) AND note || evidence <> '';
  IF n > 0 THEN words = words || jsonb_build_object('statements', n); END IF;

  DELETE FROM public.ruling WHERE person_id = ANY (p_people);
  {_REMOVED}
  DELETE FROM public.objection WHERE person_id = ANY (p_people);
  {_REMOVED}
  DELETE FROM public.restriction WHERE person_id = ANY (p_people);
  {_REMOVED}
  DELETE FROM public.same_person WHERE person_id = ANY (p_people) OR other_id = ANY (p_people);
  {_REMOVED}
  SELECT coalesce(array_agg(DISTINCT notice_id), '{{}}') INTO told
    FROM public.notice_subject WHERE person_id = ANY (p_people);
  DELETE FROM public.notice_subject WHERE person_id = ANY (p_people);
  {_REMOVED}
  DELETE FROM public.notice AS t WHERE t.id = ANY (told)
    AND NOT EXISTS (SELECT FROM public.notice_subject AS s WHERE s.notice_id = t.id);
  {_REMOVED}

  UPDATE public.audit_sample_item AS i SET note = '' WHERE note <> '' AND EXISTS (
    SELECT FROM (
      SELECT id, person_ids FROM public.decision UNION ALL SELECT id, person_ids FROM public.disclosure
      UNION ALL SELECT id, person_ids FROM public.safeguarding_override
      UNION ALL SELECT id, person_ids FROM public.one_off_disclosure
    ) AS t WHERE t.id = i.record_id AND t.person_ids && p_people AND NOT {_stays("t.person_ids")});
  {_KEPT}
  UPDATE public.audit_finding AS t SET review_note = '' WHERE t.review_note <> ''
    AND {_LOOKED_AT} && names AND NOT {_stays(_LOOKED_AT, "pseudonym")};
  {_KEPT}
  SELECT count(*) INTO n FROM public.audit_finding AS t WHERE t.review_note <> '' AND {_LOOKED_AT} && names;
  IF n > 0 THEN words = words || jsonb_build_object('findings', n); END IF;
  UPDATE public.information_request_answer SET note = '' WHERE note <> '' AND request_id IN (
    SELECT i.id FROM public.information_request AS i WHERE i.people && names AND {_OF_NOBODY_ELSE});
  {_KEPT}
  UPDATE public.correction_recipient SET note = '' WHERE note <> '' AND correction_id IN (
    SELECT i.id FROM public.correction AS i WHERE i.people && names AND {_OF_NOBODY_ELSE});
  {_KEPT}
  {_ALL_WORDS}
  SELECT count(*) INTO n FROM public.erasure_request AS q WHERE q.person_id = ANY (p_people)
    OR (one IS NULL AND q.family_id = fam);
  IF n > 0 THEN words = words || jsonb_build_object('erasure_requests', n); END IF;

  SELECT coalesce(array_agg(id), '{{}}') INTO decided FROM public.decision WHERE person_ids && p_people;
  SELECT coalesce(array_agg(id), '{{}}') INTO disclosed FROM public.disclosure WHERE person_ids && p_people;
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
  UPDATE public.erasure_request SET person_id = NULL WHERE person_id = ANY (p_people);
  UPDATE public.erasure SET person_id = NULL WHERE person_id = ANY (p_people);
  IF one IS NULL THEN
    UPDATE public.consent_record SET family_id = NULL WHERE family_id = fam;
    UPDATE public.legal_hold SET family_ids = array_remove(family_ids, fam) WHERE family_ids @> ARRAY[fam];
    UPDATE public.retention_item SET family_id = NULL WHERE family_id = fam;
    UPDATE public.erasure_request SET family_id = NULL WHERE family_id = fam;
    UPDATE public.erasure SET family_id = NULL WHERE family_id = fam;
  END IF;
  UPDATE public.legal_hold SET reason = '', review_note = '', lift_reason = '' WHERE lifted_at IS NOT NULL
    AND reason <> '' AND family_ids || person_ids || agreement_ids = '{{}}';

  DELETE FROM public.person_fact WHERE person_id = ANY (p_people);
  {_REMOVED}
  DELETE FROM public.person_key WHERE person_id = ANY (p_people) OR (one IS NULL AND person_id = fam);
  {_REMOVED}
END
$$
"""  # noqa: S608 - constants of this module
_SIGNATURE = "erase_subjects(uuid, uuid[], uuid[])"
_BEFORE = "erase_people(uuid, uuid, uuid[], uuid[])"


def upgrade() -> None:
    for statement in _COLUMNS.split(";")[:-1]:
        op.execute(statement)
    op.execute(_FUNCTION)
    op.execute(f"REVOKE ALL ON FUNCTION {_SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {_SIGNATURE} TO consent_app")
    # It knows nothing of orders that name one person: nobody may call it any more.
    op.execute(f"REVOKE ALL ON FUNCTION {_BEFORE} FROM consent_app")


def downgrade() -> None:
    op.execute(f"GRANT EXECUTE ON FUNCTION {_BEFORE} TO consent_app")
    op.execute(f"DROP FUNCTION {_SIGNATURE}")
    op.execute("ALTER TABLE erasure_part DROP COLUMN kept_words")
    op.execute("ALTER TABLE erasure_request DROP COLUMN person_id, DROP COLUMN person")
    op.execute("ALTER TABLE erasure DROP COLUMN person_id, DROP COLUMN person")
