"""Reads what decisions are taken from: one statement for any number of questions, after the locks are held.

Rulings, objections, restrictions, merged records, overrides and one-off disclosures are read by a second one, only
where somebody is named in `more_recorded`: each table that a statement names is opened and prepared at every execution,
and the six took half of the server's time for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pydantic_core

from connective.consent.domain.days import day_of
from connective.consent.domain.evidence import Evidence, SubjectEvidence
from connective.consent.storage.evidence_rows import Row, ids, one_off_of, override_of, people_of
from connective.consent.storage.records import array_text
from connective.consent.storage.same_people import NOBODY, Same, same_people
from connective.consent.storage.standing import Between, standing_between
from connective.contracts.sharing import Question
from connective.kit.database import Unit

_READ = """
SELECT (SELECT mark FROM register_mark WHERE place_id = $2) AS mark, json_build_object(
  'people', (
    SELECT json_agg(json_build_array(s.id, f.age_years, f.facts_at, encode(k.key, 'hex'), m.person_id IS NOT NULL))
    FROM unnest($1::text::uuid[]) AS s (id)
    LEFT JOIN person_fact AS f ON f.person_id = s.id LEFT JOIN person_key AS k ON k.person_id = s.id
    LEFT JOIN more_recorded AS m ON m.person_id = s.id AND m.place_id = $2),
  'statements', (
    SELECT json_agg(json_build_array(
      s.person_id, s.authority, c.id, c.kind, c.state, c.giver_id, c.recipient_organisation_ids, c.service_kinds,
      c.purposes, c.categories, coalesce(c.withdrawn_at, c.said_at), c.expires_at))
    FROM consent_subject AS s JOIN consent_record AS c ON c.id = s.consent_id
    WHERE s.person_id = ANY($1::text::uuid[])),
  'notices', (
    SELECT json_agg(json_build_array(s.person_id, n.recipient_organisation_ids, n.purposes))
    FROM notice_subject AS s JOIN notice AS n ON n.id = s.notice_id
    WHERE s.person_id = ANY($1::text::uuid[]))
)::text AS rest
"""
"""What is recorded about most people. The others, and those who speak for them, stand in `more_recorded`."""
_IS_MORE = """
SELECT EXISTS (SELECT FROM more_recorded WHERE person_id = ANY($1::text::uuid[]) AND place_id = $2) AS recorded
"""
_READ_MORE = """
SELECT json_build_object(
  'rulings', (SELECT json_agg(r) FROM ruling AS r WHERE r.person_id = ANY($3::uuid[])),
  'objections', (
    SELECT json_agg(x) FROM (
      SELECT o.person_id, o.state, o.recipient_organisation_ids
      FROM objection AS o WHERE o.person_id = ANY($3::uuid[])) AS x),
  'restrictions', (
    SELECT json_agg(r) FROM restriction AS r WHERE r.person_id = ANY($3::uuid[]) AND r.active),
  'merged', EXISTS (SELECT FROM same_person AS m WHERE m.active) AND EXISTS (
    SELECT FROM same_person AS m WHERE m.active AND (
      m.person_id = ANY($3::uuid[]) OR m.other_id = ANY($3::uuid[]) OR EXISTS (
        SELECT FROM consent_subject AS s JOIN consent_record AS c ON c.id = s.consent_id
        WHERE s.person_id = ANY($3::uuid[]) AND c.giver_id IN (m.person_id, m.other_id)))),
  'overrides', (
    SELECT json_agg(x) FROM (
      SELECT o.id, o.organisation_id, o.recipient_organisation_id, o.person_ids, o.categories,
             o.restriction_confirmed_at IS NOT NULL AS restriction_confirmed
      FROM safeguarding_override AS o
      WHERE o.organisation_id = ANY($1::uuid[]) AND o.recipient_organisation_id = ANY($2::uuid[])
        AND o.share AND o.stands_until > $4 AND o.upheld IS NOT false AND o.person_ids && $3::uuid[]
      ORDER BY o.id) AS x),
  'one_offs', (
    SELECT json_agg(x) FROM (
      SELECT o.id, o.organisation_id, o.recipient_organisation_id, o.person_ids, o.categories, o.ground, o.condition
      FROM one_off_disclosure AS o
      WHERE o.organisation_id = ANY($1::uuid[]) AND o.recipient_organisation_id = ANY($2::uuid[])
        AND o.stands_until > $4 AND o.person_ids && $3::uuid[]
      ORDER BY o.id) AS x)
)::text AS rest
"""
_NO_MORE: dict[str, Any] = {
    "rulings": None,
    "objections": None,
    "restrictions": None,
    "merged": False,
    "overrides": None,
    "one_offs": None,
}
_GIVER = 5
"""The column of a statement's giver."""


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence for each question, in order, and the key of each person that has one."""

    evidence: tuple[Evidence, ...]
    person_keys: dict[UUID, bytes]


async def read_evidence(unit: Unit, questions: Sequence[Question], at: datetime) -> Found:
    """What is known about these questions now, when their locks are held.

    Of somebody whose records were merged, what stands about every one of them counts. That is looked up only where the
    first look shows that more is recorded about somebody: about nearly nobody is.
    """
    subjects = list({person for q in questions for person in q.subjects})
    found, document = await _read(unit, subjects)
    same = NOBODY
    if await _is_more(unit, document):
        document |= await _read_more(unit, questions, subjects, at)
        if document["merged"]:
            same = await same_people(unit.connection, subjects)
            everybody = list(same.everybody(subjects))
            found, document = await _read(unit, everybody)
            document |= await _read_more(unit, questions, everybody, at)
            same = await same_people(unit.connection, {*subjects, *_named(document)})
            _count_for_all(document, same)
    standing = await standing_between(unit, questions, found.mark, day_of(at))
    people = people_of(subjects, document, at, same)
    keys = {UUID(person): bytes.fromhex(key) for person, _, _, key, _ in document["people"] if key}
    evidence = [_evidence(q, between, people, document) for q, between in zip(questions, standing, strict=True)]
    return Found(tuple(evidence), keys)


async def _read(unit: Unit, people: Iterable[UUID]) -> tuple[Any, Row]:
    """The row that was read, and what of it is about these people."""
    found = await unit.fetch_one(_READ, (array_text(people), unit.actor.place))
    return found, {**_NO_MORE, **pydantic_core.from_json(found.rest)}


async def _read_more(unit: Unit, questions: Sequence[Question], people: list[UUID], at: datetime) -> Row:
    sides = (
        list({q.discloser_organisation_id for q in questions}),
        list({q.recipient_organisation_id for q in questions}),
    )
    found = await unit.fetch_one(_READ_MORE, (*sides, people, at))
    more: Row = pydantic_core.from_json(found.rest)
    return more


async def _is_more(unit: Unit, document: Row) -> bool:
    """Is more recorded about any of these people, or about anybody who speaks for them?

    Who speaks is mostly one of them; of somebody else it is asked apart.
    """
    if any(row[-1] for row in document["people"]):
        return True
    people = {row[0] for row in document["people"]}
    others = {row[_GIVER] for row in document["statements"] or ()} - people
    if not others:
        return False
    return bool((await unit.fetch_one(_IS_MORE, (array_text(others), unit.actor.place))).recorded)


def _named(document: Row) -> set[UUID]:
    """Everybody else whose word or name stands in what was read."""
    rows = (*(document["overrides"] or ()), *(document["one_offs"] or ()))
    givers = ids(row[_GIVER] for row in document["statements"] or ())
    return {*givers, *(person for row in rows for person in ids(row["person_ids"]))}


def _count_for_all(document: Row, same: Same) -> None:
    """What names one record of somebody names all of them."""
    for row in (*(document["overrides"] or ()), *(document["one_offs"] or ())):
        row["person_ids"] = [str(person) for person in same.everybody(ids(row["person_ids"]))]


def _evidence(question: Question, between: Between, people: dict[UUID, SubjectEvidence], document: Row) -> Evidence:
    lifting = _between(question, document["overrides"])
    one_off = _between(question, document["one_offs"])
    return Evidence(
        discloser=between.discloser,
        recipient=between.recipient,
        flows=between.flows,
        subjects=tuple(people[person] for person in question.subjects),
        override=override_of(lifting) if lifting else None,
        one_off=one_off_of(one_off) if one_off else None,
    )


def _between(question: Question, rows: Iterable[Row] | None) -> Row | None:
    """The first of them that is between the two of this question, about any of its people."""
    if not rows:
        return None
    ends = (str(question.discloser_organisation_id), str(question.recipient_organisation_id))
    people = {str(person) for person in question.subjects}
    for row in rows:
        if (row["organisation_id"], row["recipient_organisation_id"]) == ends and people & set(row["person_ids"]):
            return row
    return None
