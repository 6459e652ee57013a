"""The officer's lists: the register, disclosures, decisions, accesses, overrides and one-off disclosures.

Each is narrowed by what the officer may see (`storage/audit_scope.py`) and by filters; people are pseudonyms, and
nothing that somebody wrote about a person is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from connective.consent.domain.days import day_of
from connective.consent.queries.standings import STATES_OF, Standing
from connective.consent.storage import audit_scope
from connective.consent.storage.audit_look import Look, Window
from connective.consent.storage.audit_scope import Where, scoped
from connective.kit.database import fetch

Record = dict[str, Any]
ERASED = "erased"
"""What stands for a person whose key was destroyed."""


class ReviewState(StrEnum):
    """Where an override is with its review by the safeguarding lead (within a working day, domain rules §5)."""

    AWAITING = "awaiting"
    OVERDUE = "overdue"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What an officer's list may be narrowed to; each list uses those that fit it."""

    agreement_id: UUID | None = None
    organisation_id: UUID | None = None
    legal_entity_id: UUID | None = None
    purpose: str | None = None
    category: str | None = None
    person: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    actor_id: str | None = None
    act: str | None = None
    outcome: str | None = None
    code: str | None = None
    standing: str | None = None
    review: ReviewState | None = None


_REGISTER = """
SELECT a.id, a.reference, a.lead_entity_id, v.number AS version, v.state, v.title, v.starts_on, v.review_on, v.ends_on,
  v.state = 'active' AND v.review_on <= ${today} AS review_due,
  ARRAY(SELECT p ->> 'legal_entity_id' FROM jsonb_array_elements(v.terms -> 'parties') AS p) AS party_ids,
  ARRAY(SELECT DISTINCT f ->> 'purpose' FROM jsonb_array_elements(v.terms -> 'flows') AS f ORDER BY 1) AS purposes,
  ARRAY(SELECT DISTINCT c FROM jsonb_array_elements(v.terms -> 'flows') AS f,
        jsonb_array_elements_text(f -> 'categories') AS c ORDER BY 1) AS categories
FROM agreement AS a
JOIN LATERAL (
  SELECT * FROM agreement_version AS lv WHERE lv.agreement_id = a.id
    AND (a.lead_entity_id = $2 OR (lv.state <> 'draft' AND lv.seen_by @> ARRAY[$2::uuid]))
  ORDER BY (lv.state IN ('active', 'suspended')) DESC, lv.number DESC LIMIT 1
) AS v ON true
WHERE {where} ORDER BY a.id {limit}
"""
_IN_FLOWS = "v.terms @> jsonb_build_object('flows', jsonb_build_array(jsonb_build_object("
_IS_PARTY = """v.terms @> jsonb_build_object(
  'parties', jsonb_build_array(jsonb_build_object('legal_entity_id', {0}::uuid::text)))"""


async def list_register(look: Look, window: Window, narrowed: Narrowed) -> list[Record]:
    """The register: one line for each agreement, as it is in force or as its newest version stands."""
    where = scoped("a.place_id = $1 AND $2::uuid IS NOT NULL", look.place_id, look.entity_id)
    where.parameters.append(day_of(window.now))
    where.add("a.id > {0}::uuid", window.beyond)
    where.add(_IS_PARTY, narrowed.legal_entity_id)
    where.add(_IN_FLOWS + "'purpose', {0}::text)))", narrowed.purpose)
    where.add(_IN_FLOWS + "'categories', jsonb_build_array({0}::text))))", narrowed.category)
    if narrowed.standing == Standing.REVIEW_DUE:
        where.also("v.state = 'active' AND v.review_on <= $3")
    elif narrowed.standing is not None:
        states = ", ".join(f"'{state}'" for state in STATES_OF[Standing(narrowed.standing)])
        where.also(f"v.state IN ({states})")
    limited = where.limit(window.limit)
    statement = _REGISTER.replace("${today}", "$3").format(where=where, limit=limited)
    return [dict(row) for row in await fetch(look.connection, statement, where.parameters)]


def _between(where: Where, narrowed: Narrowed, column: str) -> None:
    where.add(f"{column} >= {{0}}::timestamptz", narrowed.since)
    where.add(f"{column} < {{0}}::timestamptz", narrowed.until)


def _shared_filters(where: Where, narrowed: Narrowed, at: str) -> None:
    where.add("d.agreement_id = {0}::uuid", narrowed.agreement_id)
    where.add("{0}::uuid IN (d.discloser_organisation_id, d.recipient_organisation_id)", narrowed.organisation_id)
    where.add("d.purpose = {0}::text", narrowed.purpose)
    where.person("d.person_ids", narrowed.person)
    _between(where, narrowed, at)


def disclosures_where(look: Look, narrowed: Narrowed) -> Where:
    """The conditions of the officer's disclosures, as `disclosure AS d`."""
    where = scoped(audit_scope.DISCLOSURES, look.place_id, look.entity_id)
    _shared_filters(where, narrowed, "d.disclosed_at")
    where.add("{0}::text = ANY (d.categories)", narrowed.category)
    where.add("d.reader_id = {0}::text", narrowed.actor_id)
    return where


def decisions_where(look: Look, narrowed: Narrowed) -> Where:
    """The conditions of the officer's decisions, as `decision AS d`."""
    where = scoped(audit_scope.DECISIONS, look.place_id, look.entity_id)
    _shared_filters(where, narrowed, "d.decided_at")
    where.add("d.outcome = {0}::text", narrowed.outcome)
    where.add(
        "d.answer @> jsonb_build_object('refusals', jsonb_build_array(jsonb_build_object('code', {0}::text)))",
        narrowed.code,
    )
    where.add("d.asked_by = {0}::text", narrowed.actor_id)
    return where


_DISCLOSURES = """
SELECT d.id, d.decision_id, d.request_id, d.request_version, d.case_id, d.discloser_organisation_id,
  d.recipient_organisation_id,
  d.agreement_id, a.reference AS agreement_reference, d.agreement_version, d.purpose, d.categories, d.person_ids,
  d.reader_id, d.disclosed_at, u.failed_at AS undelivered_at, u.reason_code AS undelivered_reason
FROM disclosure AS d LEFT JOIN agreement AS a ON a.id = d.agreement_id
LEFT JOIN undelivered_disclosure AS u ON u.disclosure_id = d.id
WHERE {where} ORDER BY d.id DESC {limit}
"""
_DECISIONS = """
SELECT d.id, d.discloser_organisation_id, d.recipient_organisation_id, d.agreement_id,
  a.reference AS agreement_reference, d.agreement_version, d.purpose, d.outcome, d.person_ids, d.asked_by,
  d.asker_organisation_id, d.decided_at,
  d.answer ->> 'basis' AS basis,
  ARRAY(SELECT jsonb_array_elements_text(d.question -> 'categories') ORDER BY 1) AS asked,
  ARRAY(SELECT DISTINCT r ->> 'code' FROM jsonb_array_elements(d.answer -> 'refusals') AS r ORDER BY 1) AS refused_for
FROM decision AS d LEFT JOIN agreement AS a ON a.id = d.agreement_id
WHERE {where} ORDER BY d.id DESC {limit}
"""


async def list_disclosures(look: Look, window: Window, narrowed: Narrowed) -> list[Record]:
    """Disclosures, newest first."""
    where = disclosures_where(look, narrowed)
    where.add("d.id < {0}::uuid", window.beyond)
    limited = where.limit(window.limit)
    rows = await fetch(look.connection, _DISCLOSURES.format(where=where, limit=limited), where.parameters)
    return await with_pseudonyms(look, rows)


async def list_decisions(look: Look, window: Window, narrowed: Narrowed) -> list[Record]:
    """Decisions, newest first, with the codes of what was refused."""
    where = decisions_where(look, narrowed)
    where.add("d.id < {0}::uuid", window.beyond)
    limited = where.limit(window.limit)
    rows = await fetch(look.connection, _DECISIONS.format(where=where, limit=limited), where.parameters)
    return await with_pseudonyms(look, rows)


_PSEUDONYMS = "SELECT person_id, pseudonym FROM person_key WHERE person_id = ANY($1::uuid[])"


async def with_pseudonyms(look: Look, rows: Sequence[Any]) -> list[Record]:
    """The rows as records, `person_ids` replaced by `people`: pseudonyms, or a word for who was erased."""
    people = sorted({person for row in rows for person in row["person_ids"]})
    known = {row.person_id: row.pseudonym for row in await fetch(look.connection, _PSEUDONYMS, (people,))}
    shown = []
    for row in rows:
        record = dict(row)
        record["people"] = [known.get(person) or ERASED for person in record.pop("person_ids")]
        shown.append(record)
    return shown


_ACCESSES = "SELECT r.* FROM access_record AS r WHERE {where} ORDER BY r.id DESC {limit}"


def accesses_where(look: Look, narrowed: Narrowed) -> Where:
    """The conditions of the officer's access log, as `access_record AS r`."""
    where = scoped(audit_scope.ACCESSES, look.place_id, look.entity_id)
    where.add("r.organisation_id = {0}::uuid", narrowed.organisation_id)
    where.add("r.actor_id = {0}::text", narrowed.actor_id)
    where.add("r.act = {0}::text", narrowed.act)
    where.add("r.purpose = {0}::text", narrowed.purpose)
    where.add("r.people @> ARRAY[{0}::text]", narrowed.person)
    _between(where, narrowed, "r.at")
    return where


async def list_accesses(look: Look, window: Window, narrowed: Narrowed) -> list[Record]:
    """Who looked at what, newest first: acts told by other services, and the looks of officers here."""
    where = accesses_where(look, narrowed)
    where.add("r.id < {0}::uuid", window.beyond)
    limited = where.limit(window.limit)
    rows = await fetch(look.connection, _ACCESSES.format(where=where, limit=limited), where.parameters)
    return [dict(row) for row in rows]


_REVIEW = {
    ReviewState.AWAITING: "o.reviewed_at IS NULL",
    ReviewState.OVERDUE: "o.reviewed_at IS NULL AND o.review_by < $3",
    ReviewState.REVIEWED: "o.reviewed_at IS NOT NULL",
}
_OVERRIDES = """
SELECT o.id, o.organisation_id, o.recipient_organisation_id, o.person_ids, o.categories, o.share, o.family_told,
  o.used_by, o.used_at, o.stands_until, o.review_by, o.decision_id, o.restriction_confirmed_by, o.reviewed_by,
  o.reviewed_at, o.upheld, o.reviewed_at IS NULL AND o.review_by < $3 AS overdue
FROM safeguarding_override AS o WHERE {where} ORDER BY o.id {limit}
"""
_ONE_OFFS = """
SELECT o.id, o.organisation_id, o.recipient_organisation_id, o.person_ids, o.categories, o.ground, o.condition,
  o.decided_by, o.decided_at, o.stands_until
FROM one_off_disclosure AS o WHERE {where} ORDER BY o.id {limit}
"""


async def list_overrides(look: Look, window: Window, narrowed: Narrowed) -> list[Record]:
    """Safeguarding overrides, oldest first; why they were used is the safeguarding lead's to read, not an auditor's."""
    where = scoped(audit_scope.OVERRIDES, look.place_id, look.entity_id)
    where.parameters.append(window.now)
    where.also(_REVIEW[narrowed.review] if narrowed.review else "$3::timestamptz IS NOT NULL")
    where.add("o.organisation_id = {0}::uuid", narrowed.organisation_id)
    _between(where, narrowed, "o.used_at")
    where.add("o.id > {0}::uuid", window.beyond)
    limited = where.limit(window.limit)
    rows = await fetch(look.connection, _OVERRIDES.format(where=where, limit=limited), where.parameters)
    return await with_pseudonyms(look, rows)


async def list_one_offs(look: Look, window: Window, narrowed: Narrowed) -> list[Record]:
    """Disclosures decided once, without an agreement, oldest first."""
    where = scoped(audit_scope.OVERRIDES, look.place_id, look.entity_id)
    where.add("o.organisation_id = {0}::uuid", narrowed.organisation_id)
    _between(where, narrowed, "o.decided_at")
    where.add("o.id > {0}::uuid", window.beyond)
    limited = where.limit(window.limit)
    rows = await fetch(look.connection, _ONE_OFFS.format(where=where, limit=limited), where.parameters)
    return await with_pseudonyms(look, rows)
