"""Reads what decisions are taken from: one statement for any number of questions, after the locks are held."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import pydantic_core

from connective.consent.domain.agreement import State
from connective.consent.domain.agreement_terms import Article6, Article9, LawfulBasis, PeopleCovered
from connective.consent.domain.consent import ConsentState, Kind, Scope
from connective.consent.domain.days import day_of
from connective.consent.domain.evidence import (
    Evidence,
    FlowEvidence,
    Notice,
    Objection,
    ObjectionState,
    OneOff,
    OneOffGround,
    Override,
    PartyEvidence,
    Restriction,
    Ruling,
    Statement,
    SubjectEvidence,
)
from connective.consent.storage.same_people import NOBODY, Same, same_people
from connective.contracts.authority import Authority
from connective.contracts.categories import AssuranceLevel, Category, Method, Purpose
from connective.contracts.sharing import Question
from connective.kit.database import Unit

_READ = """
SELECT
  ARRAY(
    SELECT to_json(x)::text FROM (
      SELECT o.id, o.legal_entity_id, e.name, o.state = 'active' AS active, o.assurance_level,
             e.processing_signed_at IS NOT NULL
               AND (e.processing_ends_on IS NULL OR e.processing_ends_on >= $6) AS processing_signed,
             e.ico_registered_until, e.training_valid_until
      FROM organisation AS o JOIN legal_entity AS e ON e.id = o.legal_entity_id
      WHERE o.id = ANY($1::uuid[] || $2::uuid[])) AS x) AS parties,
  ARRAY(
    SELECT to_json(f)::text FROM agreement_flow AS f
    WHERE f.agreement_id = ANY($5::uuid[]) AND f.purpose = ANY($3::text[])
      AND f.from_entity_id IN (SELECT legal_entity_id FROM organisation WHERE id = ANY($1::uuid[]))
      AND f.to_entity_id IN (SELECT legal_entity_id FROM organisation WHERE id = ANY($2::uuid[]))) AS flows,
  json_build_object(
  'people', (SELECT json_agg(p) FROM person_fact AS p WHERE p.person_id = ANY($4::uuid[])),
  'keys', (
    SELECT json_agg(json_build_object('person_id', k.person_id, 'key', encode(k.key, 'hex')))
    FROM person_key AS k WHERE k.person_id = ANY($4::uuid[])),
  'statements', (
    SELECT json_agg(x) FROM (
      SELECT s.person_id, s.authority, c.id, c.kind, c.state, c.giver_id, c.recipient_organisation_ids,
             c.service_kinds, c.purposes, c.categories, coalesce(c.withdrawn_at, c.said_at) AS said_at, c.expires_at
      FROM consent_subject AS s JOIN consent_record AS c ON c.id = s.consent_id
      WHERE s.person_id = ANY($4::uuid[])) AS x),
  'rulings', (SELECT json_agg(r) FROM ruling AS r WHERE r.person_id = ANY($4::uuid[])),
  'notices', (
    SELECT json_agg(x) FROM (
      SELECT s.person_id, n.recipient_organisation_ids, n.purposes
      FROM notice_subject AS s JOIN notice AS n ON n.id = s.notice_id
      WHERE s.person_id = ANY($4::uuid[])) AS x),
  'objections', (
    SELECT json_agg(x) FROM (
      SELECT o.person_id, o.state, o.recipient_organisation_ids
      FROM objection AS o WHERE o.person_id = ANY($4::uuid[])) AS x),
  'restrictions', (
    SELECT json_agg(r) FROM restriction AS r WHERE r.person_id = ANY($4::uuid[]) AND r.active),
  'merged', EXISTS (SELECT FROM same_person AS m WHERE m.active) AND EXISTS (
    SELECT FROM same_person AS m WHERE m.active AND (
      m.person_id = ANY($4::uuid[]) OR m.other_id = ANY($4::uuid[]) OR EXISTS (
        SELECT FROM consent_subject AS s JOIN consent_record AS c ON c.id = s.consent_id
        WHERE s.person_id = ANY($4::uuid[]) AND c.giver_id IN (m.person_id, m.other_id)))),
  'overrides', (
    SELECT json_agg(x) FROM (
      SELECT o.id, o.organisation_id, o.recipient_organisation_id, o.person_ids, o.categories,
             o.restriction_confirmed_at IS NOT NULL AS restriction_confirmed
      FROM safeguarding_override AS o
      WHERE o.organisation_id = ANY($1::uuid[]) AND o.recipient_organisation_id = ANY($2::uuid[])
        AND o.share AND o.stands_until > $7 AND o.upheld IS NOT false AND o.person_ids && $4::uuid[]
      ORDER BY o.id) AS x),
  'one_offs', (
    SELECT json_agg(x) FROM (
      SELECT o.id, o.organisation_id, o.recipient_organisation_id, o.person_ids, o.categories, o.ground, o.condition
      FROM one_off_disclosure AS o
      WHERE o.organisation_id = ANY($1::uuid[]) AND o.recipient_organisation_id = ANY($2::uuid[])
        AND o.stands_until > $7 AND o.person_ids && $4::uuid[]
      ORDER BY o.id) AS x)
)::text AS rest
"""
_DAYS_IN_A_YEAR = 365.25
_READ_ALREADY = 4096
"""Organisations and lines of agreements kept as read, by their text as stored: another text is another record, so none
can be out of date. People's own records are never kept."""
Row = dict[str, Any]
Ends = tuple[UUID, UUID, Purpose]
"""The two legal entities a line of an agreement lies between, and what for."""


@dataclass(frozen=True, slots=True)
class Found:
    """The evidence for each question, in order, and the key of each person that has one."""

    evidence: tuple[Evidence, ...]
    person_keys: dict[UUID, bytes]


async def read_evidence(unit: Unit, questions: Sequence[Question], agreements: list[UUID], at: datetime) -> Found:
    """What is known about these questions now, under agreements whose locks are held.

    Of somebody whose records were merged, what stands about every one of them counts. That is looked up only where the
    first look shows that somebody was: nearly nobody is.
    """
    subjects = list({person for q in questions for person in q.subjects})
    before = (
        list({q.discloser_organisation_id for q in questions}),
        list({q.recipient_organisation_id for q in questions}),
        list({q.purpose.value for q in questions}),
    )
    after = (agreements, day_of(at), at)
    found = await unit.fetch_one(_READ, (*before, subjects, *after))
    document = pydantic_core.from_json(found.rest)
    same = NOBODY
    if document["merged"]:
        same = await same_people(unit.connection, subjects)
        found = await unit.fetch_one(_READ, (*before, list(same.everybody(subjects)), *after))
        document = pydantic_core.from_json(found.rest)
        same = await same_people(unit.connection, {*subjects, *_named(document)})
        _count_for_all(document, same)
    parties = {party.organisation_id: party for party in map(_party, found.parties)}
    flows: dict[Ends, list[FlowEvidence]] = {}
    for ends, flow in map(_flow, found.flows):
        flows.setdefault(ends, []).append(flow)
    people = _people(subjects, document, at, same)
    return Found(
        tuple(_evidence(q, parties, flows, people, document) for q in questions),
        {UUID(row["person_id"]): bytes.fromhex(row["key"]) for row in document["keys"] or ()},
    )


def _named(document: Row) -> set[UUID]:
    """Everybody else whose word or name stands in what was read."""
    rows = (*(document["overrides"] or ()), *(document["one_offs"] or ()))
    givers = _ids(row["giver_id"] for row in document["statements"] or ())
    return {*givers, *(person for row in rows for person in _ids(row["person_ids"]))}


def _count_for_all(document: Row, same: Same) -> None:
    """What names one record of somebody names all of them."""
    for row in (*(document["overrides"] or ()), *(document["one_offs"] or ())):
        row["person_ids"] = [str(person) for person in same.everybody(_ids(row["person_ids"]))]


def _evidence(
    question: Question,
    parties: dict[UUID, PartyEvidence],
    flows: dict[Ends, list[FlowEvidence]],
    people: dict[UUID, SubjectEvidence],
    document: Row,
) -> Evidence:
    discloser = parties.get(question.discloser_organisation_id)
    recipient = parties.get(question.recipient_organisation_id)
    between: list[FlowEvidence] = []
    if discloser is not None and recipient is not None:
        between = flows.get((discloser.legal_entity_id, recipient.legal_entity_id, question.purpose), [])
    lifting = next(iter(_between(question, document["overrides"])), None)
    one_off = next(iter(_between(question, document["one_offs"])), None)
    return Evidence(
        discloser=discloser,
        recipient=recipient,
        flows=tuple(between),
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


@lru_cache(maxsize=_READ_ALREADY)
def _party(text: str) -> PartyEvidence:
    row = pydantic_core.from_json(text)
    return PartyEvidence(
        organisation_id=UUID(row["id"]),
        legal_entity_id=UUID(row["legal_entity_id"]),
        name=row["name"],
        active=row["active"],
        assurance_level=AssuranceLevel(row["assurance_level"]),
        processing_signed=row["processing_signed"],
        ico_registered_until=date.fromisoformat(row["ico_registered_until"]),
        training_valid_until=date.fromisoformat(row["training_valid_until"]),
    )


def _basis(row: Row) -> LawfulBasis:
    return LawfulBasis(
        **{
            **row,
            "legal_entity_id": UUID(row["legal_entity_id"]),
            "purpose": Purpose(row["purpose"]),
            "article_6": Article6(row["article_6"]),
            "article_9": Article9(row["article_9"]) if row["article_9"] else None,
        }
    )


@lru_cache(maxsize=_READ_ALREADY)
def _flow(text: str) -> tuple[Ends, FlowEvidence]:
    row = pydantic_core.from_json(text)
    flow = FlowEvidence(
        agreement_id=UUID(row["agreement_id"]),
        reference=row["reference"],
        version=row["version"],
        state=State(row["state"]),
        signed=row["signed"],
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=date.fromisoformat(row["ends_on"]),
        dpia_review_due_on=date.fromisoformat(row["dpia_review_due_on"]),
        categories=frozenset(map(Category, row["categories"])),
        methods=frozenset(map(Method, row["methods"])),
        people_covered=PeopleCovered(row["people_covered"]),
        excluded_organisation_ids=_ids(row["excluded_organisation_ids"]),
        discloser_basis=_basis(row["discloser_basis"]),
        recipient_basis=_basis(row["recipient_basis"]),
    )
    return (UUID(row["from_entity_id"]), UUID(row["to_entity_id"]), Purpose(row["purpose"])), flow


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


def _age(row: Row | None, at: datetime) -> int | None:
    """The age in whole years that a person has reached at least, from when it was last known."""
    if row is None or row["age_years"] is None:
        return None
    passed = (at - datetime.fromisoformat(row["facts_at"])).days / _DAYS_IN_A_YEAR
    return int(row["age_years"]) + max(0, int(passed))


def _least_age(ages: Iterable[int | None]) -> int | None:
    """Of ages that records of one person give, the least: the careful answer protects more."""
    return min((age for age in ages if age is not None), default=None)


def _people(subjects: list[UUID], document: Row, at: datetime, same: Same) -> dict[UUID, SubjectEvidence]:
    facts = {row["person_id"]: row for row in document["people"] or ()}
    grouped: dict[str, dict[str, list[Row]]] = {
        kind: {} for kind in ("statements", "rulings", "notices", "objections", "restrictions")
    }
    for kind, by_person in grouped.items():
        for row in document[kind] or ():
            by_person.setdefault(row["person_id"], []).append(row)

    def of(kind: str, person: UUID) -> list[Row]:
        return [row for each in sorted(same.of(person)) for row in grouped[kind].get(str(each), ())]

    def said(person: UUID) -> tuple[Statement, ...]:
        rows = of("statements", person)
        return tuple(_statement(row, same.giver_for(UUID(row["giver_id"]), person)) for row in rows)

    return {
        person: SubjectEvidence(
            person_id=person,
            age_years=_least_age(_age(facts.get(str(each)), at) for each in same.of(person)),
            statements=said(person),
            rulings=tuple(map(_ruling, of("rulings", person))),
            notices=tuple(map(_notice, of("notices", person))),
            objections=tuple(map(_objection, of("objections", person))),
            restrictions=tuple(map(_restriction, of("restrictions", person))),
        )
        for person in subjects
    }
