"""Whose yes or no counts, when several people may speak for one person (rules 4 and 5).

The latest statement of each giver that covers the question stands, and ends only that giver's own earlier one. The
person's own word comes first where they may decide; then one holder's yes is enough (Children Act 1989 s2(7)), while
another's no is shown to the practice lead, whose recorded ruling binds either way.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from connective.consent.domain.consent import ADULT, OWN_AUTHORITIES, ConsentState, Kind
from connective.consent.domain.evidence import Ruling, Statement, SubjectEvidence
from connective.contracts.authority import FOR_A_CHILD
from connective.contracts.categories import Category
from connective.contracts.sharing import Question


class Answer(StrEnum):
    """What the people who may speak for a person have said, taken together."""

    CHILD_REFUSED = "child_refused"
    """A child who may decide said no; a parent's yes does not overrule it."""
    EXPIRED = "expired"
    NOT_ASKED = "not_asked"
    REFUSED = "refused"
    RULED_OUT = "ruled_out"
    """People differed, and the practice lead decided against."""
    WITHDRAWN = "withdrawn"
    YES = "yes"


class Heard(NamedTuple):
    """The answer, the records it rests on, and whether people who may decide differ."""

    answer: Answer
    relied_on: tuple[UUID, ...] = ()
    differ: bool = False


def _expired(statement: Statement, at: datetime) -> bool:
    return statement.expires_at is not None and statement.expires_at <= at


def _is_about(said: Statement | Ruling, question: Question) -> bool:
    """Is it about this sharing, whatever categories it names?"""
    return said.scope.covers(question.recipient_organisation_id, question.service_kind, question.purpose)


def _latest_of_each(statements: Sequence[Statement]) -> Sequence[Statement]:
    if len(statements) < 2:
        return statements
    by_time = sorted(statements, key=lambda s: (s.said_at, s.consent_id.int))
    return list({s.giver_id: s for s in by_time}.values())


def _yes(statement: Statement, at: datetime) -> bool:
    return statement.state is ConsentState.GIVEN and not _expired(statement, at)


_NO = frozenset({ConsentState.REFUSED, ConsentState.WITHDRAWN})


def _no(statement: Statement) -> bool:
    return statement.state in _NO


def _without_a_yes(standing: Iterable[Statement]) -> Answer:
    states = {s.state for s in standing}
    if ConsentState.REFUSED in states:
        return Answer.REFUSED
    return Answer.WITHDRAWN if ConsentState.WITHDRAWN in states else Answer.EXPIRED


def _said(kind: Kind, subject: SubjectEvidence, question: Question) -> list[Statement]:
    """What was said about this sharing by those who may speak for this person: for the grown, nobody as for a child."""
    said = [s for s in subject.statements if s.kind is kind and _is_about(s, question)]
    if subject.age_years is not None and subject.age_years >= ADULT:
        return [s for s in said if s.authority not in FOR_A_CHILD]
    return said


def hear(subject: SubjectEvidence, question: Question, at: datetime) -> Heard:
    """What counts as this person's agreement to engage now."""
    return _weigh(_said(Kind.AGREEMENT_TO_ENGAGE, subject, question), subject, question, None, at)


def hear_each(
    subject: SubjectEvidence, question: Question, categories: Iterable[Category], at: datetime
) -> Iterator[tuple[Category, Heard]]:
    """What counts as consent about this person now, category by category."""
    said = _said(Kind.CONSENT, subject, question)
    for category in sorted(categories):
        yield category, _weigh([s for s in said if category in s.scope.categories], subject, question, category, at)


def _weigh(
    about: Sequence[Statement], subject: SubjectEvidence, question: Question, category: Category | None, at: datetime
) -> Heard:
    """What those who may speak have said; an agreement to engage is about no category."""
    if not about:
        return Heard(Answer.NOT_ASKED)
    if len(about) == 1 and _yes(about[0], at):
        # By far the most common: one person may speak for them, and said yes.
        return Heard(Answer.YES, (about[0].consent_id,))
    return _weigh_voices(about, subject, question, category, at)


def _weigh_voices(
    about: Sequence[Statement], subject: SubjectEvidence, question: Question, category: Category | None, at: datetime
) -> Heard:
    kind = about[0].kind
    standing = _latest_of_each(about)
    yes = [s for s in standing if _yes(s, at)]
    no = [s for s in standing if _no(s)]
    relied_on = tuple(s.consent_id for s in yes)
    own = next((s for s in no if s.giver_id == subject.person_id and s.authority in OWN_AUTHORITIES), None)
    if own is not None:
        grown = subject.age_years is None or subject.age_years >= ADULT
        overruled = bool(yes) and not grown and _ruled_to_share(subject, kind, question, category, own.said_at)
        return Heard(Answer.YES, relied_on) if overruled else _own_no(own, grown)
    if not yes:
        return Heard(_without_a_yes(standing))
    if not no:
        return Heard(Answer.YES, relied_on)
    ruling = _ruling(subject, kind, question, category)
    if ruling is not None and not ruling.share:
        return Heard(Answer.RULED_OUT)
    return Heard(Answer.YES, relied_on, differ=ruling is None)


def _ruling(subject: SubjectEvidence, kind: Kind, question: Question, category: Category | None) -> Ruling | None:
    about = [
        r
        for r in subject.rulings
        if r.kind is kind and _is_about(r, question) and (category is None or category in r.scope.categories)
    ]
    return max(about, key=lambda r: (r.decided_at, r.ruling_id.int), default=None)


def _own_no(own: Statement, grown: bool) -> Heard:
    if not grown:
        return Heard(Answer.CHILD_REFUSED)
    return Heard(Answer.REFUSED if own.state is ConsentState.REFUSED else Answer.WITHDRAWN)


def _ruled_to_share(
    subject: SubjectEvidence, kind: Kind, question: Question, category: Category | None, refused_at: datetime
) -> bool:
    """Has the practice lead, since the child's no, recorded that another's yes stands all the same?"""
    ruling = _ruling(subject, kind, question, category)
    return ruling is not None and ruling.share and ruling.decided_at >= refused_at
