"""Reads what decisions are taken from: one statement for any number of questions, after the locks are held."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pydantic_core

from connective.consent.domain.consent import ConsentState, Kind, Scope
from connective.consent.domain.days import day_of
from connective.consent.domain.evidence import (
    Evidence,
    Notice,
    Objection,
    ObjectionState,
    OneOff,
    OneOffGround,
    Override,
    Restriction,
    Ruling,
    Statement,
    SubjectEvidence,
)
from connective.consent.storage.same_people import NOBODY, Same, same_people
from connective.consent.storage.standing import Between, standing_between
from connective.contracts.authority import Authority
from connective.contracts.categories import Category, Purpose
from connective.contracts.sharing import Question
from connective.kit.database import Unit

_READ = """
SELECT (SELECT mark FROM register_mark WHERE place_id = $5) AS mark, json_build_object(
  'people', (
    SELECT json_agg(json_build_array(s.id, f.age_years, f.facts_at, encode(k.key, 'hex')))
    FROM unnest($3::uuid[]) AS s (id)
    LEFT JOIN person_fact AS f ON f.person_id = s.id LEFT JOIN person_key AS k ON k.person_id = s.id),
  'statements', (
    SELECT json_agg(x) FROM (
      SELECT s.person_id, s.authority, c.id, c.kind, c.state, c.giver_id, c.recipient_organisation_ids,
             c.service_kinds, c.purposes, c.categories, coalesce(c.withdrawn_at, c.said_at) AS said_at, c.expires_at
      FROM consent_subject AS s JOIN consent_record AS c ON c.id = s.consent_id
      WHERE s.person_id = ANY($3::uuid[])) AS x),
  'rulings', (SELECT json_agg(r) FROM ruling AS r WHERE r.person_id = ANY($3::uuid[])),
  'notices', (
    SELECT json_agg(x) FROM (
      SELECT s.person_id, n.recipient_organisation_ids, n.purposes
      FROM notice_subject AS s JOIN notice AS n ON n.id = s.notice_id
      WHERE s.person_id = ANY($3::uuid[])) AS x),
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
_DAYS_IN_A_YEAR = 365.25
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence for each question, in order, and the key of each person that has one."""

    evidence: tuple[Evidence, ...]
    person_keys: dict[UUID, bytes]


async def read_evidence(unit: Unit, questions: Sequence[Question], at: datetime) -> Found:
    """What is known about these questions now, when their locks are held.

    Of somebody whose records were merged, what stands about every one of them counts. That is looked up only where the
    first look shows that somebody was: nearly nobody is.
    """
    subjects = list({person for q in questions for person in q.subjects})
    found, document = await _read(unit, questions, subjects, at)
    same = NOBODY
    if document["merged"]:
        same = await same_people(unit.connection, subjects)
        found, document = await _read(unit, questions, list(same.everybody(subjects)), at)
        same = await same_people(unit.connection, {*subjects, *_named(document)})
        _count_for_all(document, same)
    standing = await standing_between(unit, questions, found.mark, day_of(at))
    people = _people(subjects, document, at, same)
    keys = {UUID(person): bytes.fromhex(key) for person, _, _, key in document["people"] if key}
    evidence = [_evidence(q, between, people, document) for q, between in zip(questions, standing, strict=True)]
    return Found(tuple(evidence), keys)


async def _read(unit: Unit, questions: Sequence[Question], people: list[UUID], at: datetime) -> tuple[Any, Row]:
    """The row that was read, and what of it is about these people."""
    sides = (
        list({q.discloser_organisation_id for q in questions}),
        list({q.recipient_organisation_id for q in questions}),
    )
    found = await unit.fetch_one(_READ, (*sides, people, at, unit.actor.place))
    return found, pydantic_core.from_json(found.rest)


def _named(document: Row) -> set[UUID]:
    """Everybody else whose word or name stands in what was read."""
    rows = (*(document["overrides"] or ()), *(document["one_offs"] or ()))
    givers = _ids(row["giver_id"] for row in document["statements"] or ())
    return {*givers, *(person for row in rows for person in _ids(row["person_ids"]))}


def _count_for_all(document: Row, same: Same) -> None:
    """What names one record of somebody names all of them."""
    for row in (*(document["overrides"] or ()), *(document["one_offs"] or ())):
        row["person_ids"] = [str(person) for person in same.everybody(_ids(row["person_ids"]))]


def _evidence(question: Question, between: Between, people: dict[UUID, SubjectEvidence], document: Row) -> Evidence:
    lifting = next(iter(_between(question, document["overrides"])), None)
    one_off = next(iter(_between(question, document["one_offs"])), None)
    return Evidence(
        discloser=between.discloser,
        recipient=between.recipient,
        flows=between.flows,
        subjects=tuple(people[person] for person in question.subjects),
        override=_override(lifting) if lifting else None,
        one_off=_one_off(one_off) if one_off else None,
    )


def _between(question: Question, rows: Iterable[Row] | None) -> list[Row]:
    if not rows:
        return []
    ends = (str(question.discloser_organisation_id), str(question.recipient_organisation_id))
    people = {str(person) for person in question.subjects}
    return [
        row
        for row in rows
        if (row["organisation_id"], row["recipient_organisation_id"]) == ends and people & set(row["person_ids"])
    ]


def _ids(values: Iterable[str]) -> frozenset[UUID]:
    return frozenset(map(UUID, values))


def _scope(row: Row) -> Scope:
    return Scope(
        recipient_organisation_ids=_ids(row["recipient_organisation_ids"]),
        service_kinds=frozenset(row["service_kinds"]),
        purposes=frozenset(map(Purpose, row["purposes"])),
        categories=frozenset(map(Category, row["categories"])),
    )


def _statement(row: Row, giver_id: UUID) -> Statement:
    return Statement(
        consent_id=UUID(row["id"]),
        kind=Kind(row["kind"]),
        giver_id=giver_id,
        authority=Authority(row["authority"]),
        state=ConsentState(row["state"]),
        scope=_scope(row),
        said_at=datetime.fromisoformat(row["said_at"]),
        expires_at=datetime.fromisoformat(row["expires_at"]) if row["expires_at"] else None,
    )


def _ruling(row: Row) -> Ruling:
    decided_at = datetime.fromisoformat(row["decided_at"])
    return Ruling(UUID(row["id"]), Kind(row["kind"]), row["share"], _scope(row), decided_at)


def _notice(row: Row) -> Notice:
    return Notice(_ids(row["recipient_organisation_ids"]), frozenset(map(Purpose, row["purposes"])))


def _objection(row: Row) -> Objection:
    return Objection(ObjectionState(row["state"]), _ids(row["recipient_organisation_ids"]))


def _restriction(row: Row) -> Restriction:
    return Restriction(row["kind"], _ids(row["named_organisation_ids"]))


def _override(row: Row) -> Override:
    categories = frozenset(map(Category, row["categories"]))
    return Override(UUID(row["id"]), _ids(row["person_ids"]), categories, row["restriction_confirmed"])


def _one_off(row: Row) -> OneOff:
    categories = frozenset(map(Category, row["categories"]))
    people = _ids(row["person_ids"])
    return OneOff(UUID(row["id"]), OneOffGround(row["ground"]), people, categories, row["condition"])


def _age(years: int | None, known_at: str | None, at: datetime) -> int | None:
    """The age in whole years that a person has reached at least, from when it was last known."""
    if years is None or known_at is None:
        return None
    passed = (at - datetime.fromisoformat(known_at)).days / _DAYS_IN_A_YEAR
    return years + max(0, int(passed))


def _least_age(ages: Iterable[int | None]) -> int | None:
    """Of ages that records of one person give, the least: the careful answer protects more."""
    return min((age for age in ages if age is not None), default=None)


def _by_person(rows: Iterable[Row] | None) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows or ():
        grouped.setdefault(row["person_id"], []).append(row)
    return grouped


def _people(subjects: list[UUID], document: Row, at: datetime, same: Same) -> dict[UUID, SubjectEvidence]:
    ages = {person: _age(years, known_at, at) for person, years, known_at, _ in document["people"]}
    kinds = ("statements", "rulings", "notices", "objections", "restrictions")
    statements, rulings, notices, objections, restrictions = (_by_person(document[kind]) for kind in kinds)

    def subject(person: UUID) -> SubjectEvidence:
        records = [str(each) for each in sorted(same.of(person))]

        def of(grouped: dict[str, list[Row]]) -> Iterator[Row]:
            return (row for record in records for row in grouped.get(record, ())) if grouped else iter(())

        return SubjectEvidence(
            person_id=person,
            age_years=_least_age(ages.get(record) for record in records),
            statements=tuple(_statement(row, same.giver_for(UUID(row["giver_id"]), person)) for row in of(statements)),
            rulings=tuple(map(_ruling, of(rulings))),
            notices=tuple(map(_notice, of(notices))),
            objections=tuple(map(_objection, of(objections))),
            restrictions=tuple(map(_restriction, of(restrictions))),
        )

    return {person: subject(person) for person in subjects}
