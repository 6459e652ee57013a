"""What families holds about one person, for the copy they ask for: their own data, and of others nothing that names."""

import json

from connective.contracts.holdings import HeldItem, Holdings, HoldingsAsked, KnownAs
from connective.families.storage.erasing_person import same_records
from connective.kit.actor import Actor
from connective.kit.database import Database, fetch, fetch_one

_OWN = ("id", "place_id", "organisation_id", "person_id", "mother_id", "version")
_FOUND = """
SELECT coalesce(array_agg(DISTINCT m.family_id), '{}') AS families,
  coalesce(bool_or(EXISTS (
    SELECT FROM membership o JOIN restriction r ON r.person_id = o.person_id
    WHERE o.family_id = m.family_id AND r.kind = 'whereabouts' AND r.lifted_at IS NULL)), false) AS hidden
FROM membership m JOIN family f ON f.id = m.family_id
WHERE m.person_id = ANY($1::uuid[]) AND f.place_id = $2 AND f.organisation_id = ANY($3::uuid[])
"""
_NAMES = """
SELECT DISTINCT given_names, family_name, date_of_birth FROM person WHERE id = ANY($1::uuid[])
"""
_LOCATING = frozenset({"addresses", "contact_details"})
_LOCATING_FIELDS = frozenset({"education_setting", "gp_practice"})
_SECTIONS: dict[str, str] = {
    "identity": """
SELECT to_jsonb(t) - 'upn_sealed' - 'merged_into' - 'quiet_elsewhere'
  || jsonb_build_object('pupil_number_kept_sealed', t.upn_sealed IS NOT NULL) AS data, false AS review
FROM person t WHERE t.id = ANY($1::uuid[]) ORDER BY t.id""",
    "contact_details": """
SELECT to_jsonb(t) AS data, false AS review FROM contact_point t WHERE t.person_id = ANY($1::uuid[]) ORDER BY t.id""",
    "needs": """
SELECT to_jsonb(t) AS data, false AS review FROM need t WHERE t.person_id = ANY($1::uuid[]) ORDER BY t.id""",
    "strengths": """
SELECT to_jsonb(t) AS data, false AS review FROM strength t WHERE t.person_id = ANY($1::uuid[]) ORDER BY t.id""",
    "pregnancies": """
SELECT to_jsonb(t) - 'notices_resumed_on' AS data, false AS review
FROM pregnancy t WHERE t.mother_id = ANY($1::uuid[]) ORDER BY t.id""",
    "relationships": """
SELECT jsonb_build_object('kind', t.kind, 'is', CASE WHEN t.person_id = ANY($1::uuid[]) THEN 'theirs to another person'
    ELSE 'another person''s to them' END, 'responsibility', t.responsibility, 'since', t.since, 'until', t.until,
  'court_limit', t.limit_kind) AS data, t.limit_kind IS NOT NULL AS review
FROM relationship t WHERE t.person_id = ANY($1::uuid[]) OR t.of_person_id = ANY($1::uuid[]) ORDER BY t.id""",
    "households": """
SELECT jsonb_build_object('residence', t.residence, 'since', t.since, 'until', t.until, 'reason', t.end_reason) AS data,
  false AS review FROM membership t WHERE t.person_id = ANY($1::uuid[]) ORDER BY t.family_id""",
    "addresses": """
SELECT jsonb_build_object('kind', t.kind, 'lines', t.lines, 'town', t.town, 'postcode', t.postcode, 'since', t.since,
  'until', t.until) AS data, false AS review
FROM address t JOIN membership m ON m.family_id = t.family_id
WHERE m.person_id = ANY($1::uuid[]) AND m.residence IN ('here', 'part_time') AND NOT t.withheld
  AND (m.until IS NULL OR m.until > CURRENT_DATE) ORDER BY t.id""",
    "restrictions": """
SELECT jsonb_build_object('kind', t.kind, 'placed_at', t.placed_at, 'lifted_at', t.lifted_at) AS data, true AS review
FROM restriction t WHERE t.person_id = ANY($1::uuid[]) ORDER BY t.id""",
    "chronology": """
SELECT jsonb_build_object('at', t.at, 'what', t.code, 'reason', t.reason_code) AS data, t.sensitive AS review
FROM chronology_entry t WHERE t.person_id = ANY($1::uuid[]) ORDER BY t.at, t.id""",
}


async def find_holdings(database: Database, actor: Actor, asked: HoldingsAsked) -> Holdings:
    """Everything of the person named first, of every record that is one with theirs. Nothing where it is not kept here.

    Where somebody of their home must not be found, nothing that locates is in it: an officer gives it by a safe way, or
    not at all. A refuge's address never is, nor the home of a family they left or do not live with.
    """
    async with database.reading(actor) as connection:
        people = await same_records(connection, asked.place_id, asked.person_ids[0])
        found = await fetch_one(connection, _FOUND, (people, asked.place_id, list(asked.organisation_ids)))
        if not found.families:
            return Holdings()
        items: list[HeldItem] = []
        for section, statement in _SECTIONS.items():
            if not (found.hidden and section in _LOCATING):
                rows = await fetch(connection, statement, (people,))
                items += [_item(section, row.data, review=row.review, hidden=found.hidden) for row in rows]
        known = await fetch(connection, _NAMES, (people,))
    return Holdings(
        person_ids=tuple(people),
        family_ids=tuple(found.families),
        hidden=found.hidden,
        items=tuple(items),
        known_as=tuple(
            KnownAs(first_name=each.given_names, last_name=each.family_name, birth_date=each.date_of_birth)
            for each in known
        ),
    )


def _item(section: str, data: str | dict[str, object], *, review: bool, hidden: bool) -> HeldItem:
    known = json.loads(data) if isinstance(data, str) else dict(data)
    left_out = {*_OWN, *(_LOCATING_FIELDS if hidden else ())}
    shown = {name: value for name, value in known.items() if name not in left_out and value is not None}
    return HeldItem(section=section, data=shown, review=bool(review))
