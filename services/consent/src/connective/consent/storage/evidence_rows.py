"""What is recorded about people, from the rows as they were read to what rules weigh.

A decision about a family reads one statement once for each person it is about; what is the same of each is made once.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from connective.consent.domain.consent import ConsentState, Kind, Scope
from connective.consent.domain.evidence import (
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
from connective.consent.storage.same_people import Same
from connective.contracts.authority import Authority
from connective.contracts.categories import Category, Purpose

_DAYS_IN_A_YEAR = 365.25
# A member by its code: asking the enumeration for it takes five times as long.
_AUTHORITIES = {each.value: each for each in Authority}
_CATEGORIES = {each.value: each for each in Category}
_KINDS = {each.value: each for each in Kind}
_PURPOSES = {each.value: each for each in Purpose}
_STATES = {each.value: each for each in ConsentState}
Row = dict[str, Any]
Columns = Sequence[Any]
"""A row whose columns come in the order in which they were asked for."""


class _Said(NamedTuple):
    """One record of consent, apart from about whom it is and by what authority."""

    consent_id: UUID
    kind: Kind
    giver_id: UUID
    state: ConsentState
    scope: Scope
    said_at: datetime
    expires_at: datetime | None


def ids(values: Iterable[str]) -> frozenset[UUID]:
    """Ids from their texts."""
    return frozenset(map(UUID, values))


def _scope(
    recipients: Iterable[str], kinds: Iterable[str], purposes: Iterable[str], categories: Iterable[str]
) -> Scope:
    return Scope(
        recipient_organisation_ids=ids(recipients),
        service_kinds=frozenset(kinds),
        purposes=frozenset(map(_PURPOSES.__getitem__, purposes)),
        categories=frozenset(map(_CATEGORIES.__getitem__, categories)),
    )


def _said(row: Columns, known: Mapping[str, UUID]) -> _Said:
    _, _, consent_id, kind, state, giver_id, *scope, said_at, expires_at = row
    return _Said(
        consent_id=UUID(consent_id),
        kind=_KINDS[kind],
        giver_id=known.get(giver_id) or UUID(giver_id),
        state=_STATES[state],
        scope=_scope(*scope),
        said_at=datetime.fromisoformat(said_at),
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
    )


def _ruling(row: Row) -> Ruling:
    scope = _scope(row["recipient_organisation_ids"], row["service_kinds"], row["purposes"], row["categories"])
    decided_at = datetime.fromisoformat(row["decided_at"])
    return Ruling(UUID(row["id"]), Kind(row["kind"]), row["share"], scope, decided_at)


def _notice(recipients: Iterable[str], purposes: Iterable[str]) -> Notice:
    return Notice(ids(recipients), frozenset(map(_PURPOSES.__getitem__, purposes)))


def _objection(row: Row) -> Objection:
    return Objection(ObjectionState(row["state"]), ids(row["recipient_organisation_ids"]))


def _restriction(row: Row) -> Restriction:
    return Restriction(row["kind"], ids(row["named_organisation_ids"]))


def override_of(row: Row) -> Override:
    """A safeguarding override that stands."""
    categories = frozenset(map(Category, row["categories"]))
    return Override(UUID(row["id"]), ids(row["person_ids"]), categories, row["restriction_confirmed"])


def one_off_of(row: Row) -> OneOff:
    """A one-off disclosure that stands."""
    categories = frozenset(map(Category, row["categories"]))
    people = ids(row["person_ids"])
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


class _Recorded:
    """The rows by the id of the record of a person, as text, that they are about."""

    def __init__(self, document: Row, subjects: Iterable[UUID], at: datetime) -> None:
        self._known = {str(person): person for person in subjects}
        self.ages = {person: _age(years, since, at) for person, years, since, _, _ in document["people"]}
        self.statements: dict[str, list[tuple[_Said, Authority]]] = {}
        self._say(document["statements"] or ())
        self.notices: dict[str, list[Notice]] = {}
        for person, recipients, purposes in document["notices"] or ():
            self.notices.setdefault(person, []).append(_notice(recipients, purposes))
        self.rulings = _by_person(document["rulings"])
        self.objections = _by_person(document["objections"])
        self.restrictions = _by_person(document["restrictions"])

    def _say(self, rows: Iterable[Columns]) -> None:
        made: dict[str, _Said] = {}
        for row in rows:
            said = made.get(row[2])
            if said is None:
                said = made[row[2]] = _said(row, self._known)
            self.statements.setdefault(row[0], []).append((said, _AUTHORITIES[row[1]]))


def _by_person(rows: Iterable[Row] | None) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows or ():
        grouped.setdefault(row["person_id"], []).append(row)
    return grouped


def _statement(said: _Said, authority: Authority, giver_id: UUID) -> Statement:
    consent_id, kind, _, state, scope, said_at, expires_at = said
    return Statement(consent_id, kind, giver_id, authority, state, scope, said_at, expires_at)


def _subject(person: UUID, recorded: _Recorded, same: Same) -> SubjectEvidence:
    """What stands about a person: about any record of theirs."""
    records = [str(each) for each in sorted(same.of(person))] if same.groups else [str(person)]
    giver_for = same.giver_for
    return SubjectEvidence(
        person_id=person,
        age_years=_least_age([recorded.ages.get(record) for record in records]),
        statements=tuple(
            [
                _statement(said, authority, giver_for(said.giver_id, person) if same.groups else said.giver_id)
                for record in records
                for said, authority in recorded.statements.get(record, ())
            ]
        ),
        rulings=tuple([_ruling(row) for record in records for row in recorded.rulings.get(record, ())]),
        notices=tuple([notice for record in records for notice in recorded.notices.get(record, ())]),
        objections=tuple([_objection(row) for record in records for row in recorded.objections.get(record, ())]),
        restrictions=tuple([_restriction(row) for record in records for row in recorded.restrictions.get(record, ())]),
    )


def people_of(subjects: Iterable[UUID], document: Row, at: datetime, same: Same) -> dict[UUID, SubjectEvidence]:
    """What rules weigh of each of these people."""
    recorded = _Recorded(document, subjects, at)
    return {person: _subject(person, recorded, same) for person in subjects}
