"""Erasures of one person: requests about them alone go, and those about others too say nothing of them any more."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_COLUMNS = """
ALTER TABLE erasure ALTER COLUMN family_digest DROP NOT NULL, ADD COLUMN people_digests bytea[],
  ADD CONSTRAINT erasure_names_one CHECK ((family_digest IS NULL) <> (people_digests IS NULL))
"""
_SPOKEN_OF = "EXISTS (SELECT FROM unnest(p_people) AS p WHERE strpos({0}::text, p::text) > 0)"
_OTHERS_NEEDS = """(
      SELECT coalesce(jsonb_agg(e), '[]') FROM jsonb_array_elements({0}) AS e
      WHERE (e ->> 'person_id')::uuid <> ALL (p_people))"""
_FUNCTION = f"""
CREATE FUNCTION erase_person(
  p_erasure uuid, p_families uuid[], p_people uuid[], p_stand_ins uuid[], OUT removed bigint, OUT kept bigint
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  alone uuid[];
  shared uuid[];
  made uuid[];
  n bigint;
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.erasure WHERE id = p_erasure
      AND people_digests @> (SELECT array_agg(sha256(uuid_send(p))) FROM unnest(p_people) AS p)
  ) THEN
    RAISE EXCEPTION 'no erasure names these people' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT coalesce(array_agg(id), '{{}}'), coalesce(array_agg(DISTINCT referral_id), '{{}}') INTO alone, made
    FROM public.request WHERE family_id = ANY (p_families) AND people <@ p_people;
  SELECT coalesce(array_agg(r.id), '{{}}') INTO shared FROM public.request AS r
    WHERE r.family_id = ANY (p_families) AND r.id <> ALL (alone) AND (
      r.people && p_people OR {_SPOKEN_OF.format("r.outcome")}
      OR EXISTS (SELECT FROM public.request_content AS c WHERE c.request_id = r.id AND {_SPOKEN_OF.format("c.needs")}));

  DELETE FROM public.merge_trace
    WHERE request_id = ANY (alone) OR person_id = ANY (p_people) OR merged_person_id = ANY (p_people)
      OR (request_id = ANY (shared) AND {_SPOKEN_OF.format("before")});
  GET DIAGNOSTICS removed = ROW_COUNT;
  DELETE FROM public.voucher WHERE request_id = ANY (alone);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  DELETE FROM public.request_note WHERE request_id = ANY (alone);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  DELETE FROM public.request_history WHERE request_id = ANY (alone);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  DELETE FROM public.request_content WHERE request_id = ANY (alone);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  DELETE FROM public.request WHERE id = ANY (alone);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;
  DELETE FROM public.referral AS f WHERE f.id = ANY (made)
    AND NOT EXISTS (SELECT FROM public.request AS r WHERE r.referral_id = f.id);
  GET DIAGNOSTICS n = ROW_COUNT;
  removed = removed + n;

  UPDATE public.request_content SET answers = '{{}}', words_text = NULL, words_categories = NULL,
    needs = {_OTHERS_NEEDS.format("needs")}
    WHERE request_id = ANY (shared);
  GET DIAGNOSTICS n = ROW_COUNT;
  kept = n;
  UPDATE public.request_history SET words_text = NULL, words_categories = NULL
    WHERE request_id = ANY (shared) AND words_text IS NOT NULL;
  GET DIAGNOSTICS n = ROW_COUNT;
  kept = kept + n;
  UPDATE public.request SET
    outcome = outcome || jsonb_build_object('needs', {_OTHERS_NEEDS.format("outcome -> 'needs'")}, 'views', (
      SELECT coalesce(jsonb_agg(v), '[]') FROM jsonb_array_elements(outcome -> 'views') AS v
      WHERE (v ->> 'person_id')::uuid <> ALL (p_people)))
    WHERE id = ANY (shared) AND outcome IS NOT NULL;
  UPDATE public.request SET decline = decline || jsonb_build_object('family_sentence', '', 'second_look', '')
    WHERE id = ANY (shared) AND decline IS NOT NULL;
  FOR i IN 1 .. cardinality(p_people) LOOP
    UPDATE public.request SET subjects = array_replace(subjects, p_people[i], p_stand_ins[i]),
      people = array_replace(people, p_people[i], p_stand_ins[i]),
      contact_person_id = CASE contact_person_id WHEN p_people[i] THEN p_stand_ins[i] ELSE contact_person_id END
      WHERE id = ANY (shared) AND people @> ARRAY[p_people[i]];
    UPDATE public.request_note SET details = replace(details::text, p_people[i]::text, p_stand_ins[i]::text)::jsonb
      WHERE request_id = ANY (shared) AND strpos(details::text, p_people[i]::text) > 0;
  END LOOP;
  kept = kept + cardinality(shared);
END
$$
"""  # noqa: S608 - constants of this module
_SIGNATURE = "erase_person(uuid, uuid[], uuid[], uuid[])"


def upgrade() -> None:
    op.execute(_COLUMNS)
    op.execute(_FUNCTION)
    op.execute(f"REVOKE ALL ON FUNCTION {_SIGNATURE} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {_SIGNATURE} TO referrals_app")


def downgrade() -> None:
    op.execute(f"DROP FUNCTION {_SIGNATURE}")
    op.execute("DELETE FROM erasure WHERE family_digest IS NULL")
    op.execute("ALTER TABLE erasure DROP COLUMN people_digests, ALTER COLUMN family_digest SET NOT NULL")
