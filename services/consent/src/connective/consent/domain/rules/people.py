"""Rules 4 to 6 over the questions of one call: what was said about people is weighed once for all recipients alike.

What these rules see of a recipient is whether a record names it. In a call about many recipients most are named by no
record of the people concerned, and then the answer about one is the answer about all of them.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from connective.consent.domain.days import day_of
from connective.consent.domain.evidence import Evidence, SubjectEvidence
from connective.consent.domain.rules.agreements import Candidate
from connective.consent.domain.rules.basis import basis, resting_on_consent
from connective.consent.domain.rules.engagement import engagement
from connective.consent.domain.rules.restrictions import restrictions
from connective.consent.domain.verdicts import Verdict
from connective.contracts.sharing import Question


class AboutPeople(NamedTuple):
    """The verdicts of rules 4 to 6."""

    engagement: Verdict
    basis: Verdict
    restrictions: Verdict


def _named(subject: SubjectEvidence) -> frozenset[UUID]:
    """The organisations that records about a person name; a record that names none is about all."""
    return frozenset().union(
        *[statement.scope.recipient_organisation_ids for statement in subject.statements],
        *[ruling.scope.recipient_organisation_ids for ruling in subject.rulings],
        *[notice.recipient_organisation_ids for notice in subject.notices],
        *[objection.recipient_organisation_ids for objection in subject.objections],
        *[restriction.named_organisation_ids for restriction in subject.restrictions],
    )


class Hearing:
    """Weighs the questions of one call at one instant; the evidence of all of them lives as long as this does."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.today = day_of(at)
        self._named: dict[int, frozenset[UUID]] = {}
        self._known: dict[tuple[Any, ...], dict[UUID | None, AboutPeople]] = {}
        """What was answered about each recipient, and under None what is answered about any that no record names."""

    def verdicts(self, candidate: Candidate | None, question: Question, evidence: Evidence) -> AboutPeople:
        """Rules 4 to 6 under one agreement, or under none."""
        # By identity: the questions of one call share what was read about a person, and comparing it would cost more.
        people = tuple(map(id, evidence.subjects))
        consenting = resting_on_consent(candidate, question)
        alike = (
            people,
            question.categories,
            question.purpose,
            question.service_kind,
            consenting,
            evidence.one_off and evidence.one_off.ground,
        )
        met = self._known.setdefault(alike, {})
        found = self._answered(met, question.recipient_organisation_id, evidence.subjects) if met else None
        if found is None:
            found = met[question.recipient_organisation_id] = AboutPeople(
                engagement(question, evidence, self.at),
                basis(consenting, question, evidence, self.at),
                restrictions(question, evidence),
            )
        return found

    def _answered(
        self, met: dict[UUID | None, AboutPeople], recipient: UUID, subjects: tuple[SubjectEvidence, ...]
    ) -> AboutPeople | None:
        """What holds of this recipient too, of what was answered about others."""
        if recipient in met:
            return met[recipient]
        if self._is_named(recipient, subjects):
            return None
        if None not in met:
            alike = (answer for other, answer in met.items() if other and not self._is_named(other, subjects))
            answer = next(alike, None)
            if answer is None:
                return None
            met[None] = answer
        return met[None]

    def _is_named(self, recipient: UUID, subjects: tuple[SubjectEvidence, ...]) -> bool:
        """Does a record about any of these people name this recipient?"""
        for subject in subjects:
            named = self._named.get(id(subject))
            if named is None:
                named = self._named[id(subject)] = _named(subject)
            if recipient in named:
                return True
        return False
