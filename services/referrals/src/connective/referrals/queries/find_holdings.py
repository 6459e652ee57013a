"""What referrals holds about one person, for the copy they ask for: requests made for them, what they were told of."""

import json
from uuid import UUID

from connective.contracts.holdings import HeldItem, Holdings, HoldingsAsked
from connective.kit.actor import Actor
from connective.kit.database import Database, fetch

_OURS = """
SELECT r.* FROM request r WHERE r.place_id = $1 AND r.family_id = ANY($2::uuid[]) AND r.people && $3::uuid[]
"""
_SECTIONS: dict[str, str] = {
    "requests": """
SELECT jsonb_build_object('reference', r.reference, 'service', r.service_kind, 'state', r.state,
    'sent', r.submitted_at, 'since', r.since, 'asked_to_help_them', r.subjects && $3::uuid[],
    'outcome', r.outcome ->> 'code', 'decline', r.decline ->> 'code') AS data, r.sensitive AS review
FROM ({ours}) AS r ORDER BY r.id""",
    "needs_asked_about": """
SELECT jsonb_build_object('code', n ->> 'code', 'severity', n -> 'severity') AS data, false AS review
FROM ({ours}) AS r JOIN request_content c ON c.request_id = r.id, jsonb_array_elements(c.needs) AS n
WHERE (n ->> 'person_id')::uuid = ANY($3::uuid[]) ORDER BY r.id, c.version""",
    "told_of": """
SELECT jsonb_build_object('service', s.service_kind, 'at', s.given_at, 'why', s.needs, 'how', s.told) AS data,
  s.sensitive OR s.subjects = '{}' OR NOT s.subjects <@ $3::uuid[] AS review
FROM signpost AS s WHERE s.place_id = $1 AND s.family_id = ANY($2::uuid[])
  AND (s.subjects && $3::uuid[] OR s.subjects = '{}') ORDER BY s.id""",
    "answers": """
SELECT jsonb_build_object('answers', c.answers, 'in_words', c.words_text) AS data, true AS review
FROM ({ours}) AS r JOIN request_content c ON c.request_id = r.id
WHERE c.words_text IS NOT NULL OR c.answers <> '{}' ORDER BY r.id, c.version""",
    "said_on_the_way": """
SELECT jsonb_build_object('at', h.at, 'what', h.fact, 'in_words', h.words_text) AS data, true AS review
FROM ({ours}) AS r JOIN request_history h ON h.request_id = r.id
WHERE h.words_text IS NOT NULL ORDER BY r.id, h.version""",
    "files": """
SELECT jsonb_build_object('reference', r.reference, 'name', a.name, 'kind', a.kind, 'at', a.attached_at,
    'reveals', a.categories, 'state', a.stage, 'bytes', a.size, 'sha256', encode(a.digest, 'hex'),
    'file_id', CASE WHEN a.stage = 'available' THEN a.id END) AS data, true AS review
FROM ({ours}) AS r JOIN attachment AS a ON a.request_id = r.id WHERE a.stage <> 'removed' ORDER BY r.id, a.id""",
    "who_works_on_it": """
SELECT jsonb_build_object('reference', r.reference, 'side', s.party, 'since', s.at) AS data, r.sensitive AS review
FROM ({ours}) AS r JOIN assignment AS s ON s.request_id = r.id ORDER BY r.id, s.party""",
    "vouchers": """
SELECT jsonb_build_object('reference', v.reference, 'issued_at', v.issued_at, 'ended_at', v.ended_at, 'state', v.state,
    'adults', v.adults, 'children', v.children, 'packing_notes', v.packing_notes) AS data, true AS review
FROM ({ours}) AS r JOIN voucher AS v ON v.request_id = r.id ORDER BY v.id""",
    "views": """
SELECT jsonb_build_object('view', v) AS data, (v ->> 'person_id') IS NULL AS review
FROM ({ours}) AS r, jsonb_array_elements(r.outcome -> 'views') AS v
WHERE (v ->> 'person_id') IS NULL OR (v ->> 'person_id')::uuid = ANY($3::uuid[]) ORDER BY r.id""",
}
_SENT_IN = """
SELECT jsonb_build_object('reference', i.reference, 'service', i.service_kind, 'received', i.received_at,
    'from', i.source, 'as', p, 'address', i.content -> 'address', 'postcode', i.content -> 'postcode',
    'how_to_reach', i.content -> 'reach', 'needs', i.content -> 'needs',
    'in_words', i.content -> 'words' -> 'text') AS data
FROM intake AS i, jsonb_array_elements(i.content -> 'people') AS p
WHERE i.place_id = $1 AND i.state = 'waiting'
  AND (i.recipient_organisation_id = ANY ($2::uuid[]) OR i.sender_organisation_id = ANY ($2::uuid[]))
  AND EXISTS (
    SELECT FROM unnest($3::text[], $4::text[], $5::date[]) AS k (first, last, born)
    WHERE lower(p ->> 'last_name') = lower(k.last) AND CASE WHEN p ->> 'birth_date' IS NULL OR k.born IS NULL
      THEN split_part(lower(p ->> 'first_name'), ' ', 1) = split_part(lower(k.first), ' ', 1)
      ELSE (p ->> 'birth_date')::date = k.born END)
ORDER BY i.id
"""
"""What was sent from outside and waits for somebody to match it names no record: it is found as they are called, and
may be about a namesake, so an officer looks."""
_LOCATING = frozenset({"address", "answers", "how_to_reach", "in_words", "name", "postcode", "reference", "service"})
"""By the service used somebody is found; form answers, and what files are called, may say where."""


async def find_holdings(database: Database, actor: Actor, asked: HoldingsAsked) -> Holdings:
    """Requests that name these ids, which are one person's, and what was written there; free text is to be reviewed."""
    items: list[HeldItem] = []
    async with database.reading(actor) as connection:
        for section, statement in _SECTIONS.items():
            scope = (asked.place_id, list(asked.family_ids), list(asked.person_ids))
            rows = await fetch(connection, statement.replace("{ours}", _OURS), scope)
            items += [_item(section, row.data, review=row.review, hidden=asked.hidden) for row in rows]
        known = [(k.first_name, k.last_name, k.birth_date) for k in asked.known_as]
        names: tuple[list[object], ...] = tuple(map(list, zip(*known, strict=True))) if known else ([], [], [])
        sent_in = await fetch(connection, _SENT_IN, (asked.place_id, list(asked.organisation_ids), *names))
        items += [_item("sent_in_from_outside", row.data, review=True, hidden=asked.hidden) for row in sent_in]
    return Holdings(items=tuple(items))


def _item(section: str, data: str | dict[str, object], *, review: bool, hidden: bool) -> HeldItem:
    known = json.loads(data) if isinstance(data, str) else dict(data)
    file_id = known.pop("file_id", None)
    left_out = _LOCATING if hidden else frozenset()
    shown = {name: value for name, value in known.items() if name not in left_out and value is not None}
    opened = None if hidden or file_id is None else UUID(str(file_id))
    return HeldItem(section=section, data=shown, review=bool(review), file_id=opened)
