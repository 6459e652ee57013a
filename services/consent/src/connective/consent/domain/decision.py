"""May this be shared? The seven rules of §5 over what was found, person by person.

Every rule is evaluated and reported. A category is permitted about a person when no rule refuses it; a rule may refuse
it about everyone (a refusal without a person) or about one.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from connective.consent.domain.answers import Decision, Refusal, SubjectPermission
from connective.consent.domain.evidence import Evidence, Override
from connective.consent.domain.rules.agreements import (
    KEPT,
    Candidate,
    candidates,
    weigh,
    weigh_people,
    without_agreement,
)
from connective.consent.domain.rules.conditions import conditions, conditions_without_agreement
from connective.consent.domain.rules.exchange import Exchange, exchange_of
from connective.consent.domain.rules.override import clears, override
from connective.consent.domain.rules.parties import parties
from connective.consent.domain.rules.people import Hearing
from connective.consent.domain.verdicts import Verdict, results
from connective.contracts.categories import Category
from connective.contracts.sharing import Outcome, Question


class _Weighed(NamedTuple):
    """The verdicts under one agreement, or under none."""

    candidate: Candidate | None
    verdicts: tuple[Verdict, ...]
    refusals: tuple[Refusal, ...]
    permitted: dict[UUID, frozenset[Category]]

    @property
    def reach(self) -> int:
        """How many categories about how many persons it permits."""
        return sum(len(categories) for categories in self.permitted.values())


def _for_each_person(refusals: Iterable[Refusal], people: tuple[UUID, ...]) -> Iterator[tuple[UUID, Refusal]]:
    for refusal in refusals:
        for person_id in people if refusal.person_id is None else (refusal.person_id,):
            yield person_id, refusal


def _standing(refusals: tuple[Refusal, ...], people: tuple[UUID, ...], lifted: Override) -> Iterator[Refusal]:
    """The refusals an override leaves; where it lifts one for some people only, it is split among the others."""
    for refusal in refusals:
        each = [(p, refusal._replace(person_id=p)) for p, _ in _for_each_person((refusal,), people)]
        left = [one for _, one in each if not clears(lifted, one)]
        yield from [refusal] if len(left) == len(each) else left


def _permitted(question: Question, refusals: tuple[Refusal, ...]) -> dict[UUID, frozenset[Category]]:
    if not refusals:
        return dict.fromkeys(question.subjects, question.categories)
    everybody = {refusal.category for refusal in refusals if refusal.person_id is None}
    refused = {person_id: set(everybody) for person_id in question.subjects}
    for refusal in refusals:
        if refusal.person_id is not None:
            refused[refusal.person_id].add(refusal.category)
    return {person_id: question.categories - those for person_id, those in refused.items()}


@lru_cache(maxsize=KEPT)
def _of_the_exchange(candidate: Candidate, exchange: Exchange, today: date) -> tuple[Verdict, Verdict, Verdict]:
    """Rules 1 to 3 under an agreement, as far as they are the same about everybody: worked out once a day."""
    return parties(exchange), weigh(candidate, exchange, today), conditions(candidate, exchange)


def _first_three(
    question: Question, evidence: Evidence, candidate: Candidate | None, today: date
) -> tuple[Verdict, Verdict, Verdict]:
    exchange = exchange_of(question, evidence)
    if candidate is None:
        rule_2 = without_agreement(question, evidence)
        return parties(exchange), rule_2, conditions_without_agreement(exchange, evidence.one_off)
    rule_1, rule_2, rule_3 = _of_the_exchange(candidate, exchange, today)
    return rule_1, weigh_people(rule_2, candidate, question, evidence), rule_3


def _weighed(question: Question, evidence: Evidence, candidate: Candidate | None, hearing: Hearing) -> _Weighed:
    verdicts = (
        *_first_three(question, evidence, candidate, hearing.today),
        *hearing.verdicts(candidate, question, evidence),
        override(evidence),
    )
    refusals = tuple(chain.from_iterable([v.refusals for v in verdicts]))
    if evidence.override is not None:
        refusals = tuple(_standing(refusals, question.subjects, evidence.override))
    return _Weighed(candidate, verdicts, refusals, _permitted(question, refusals))


def _best(question: Question, evidence: Evidence, hearing: Hearing) -> _Weighed:
    """The way that permits most: one agreement carries a decision, never two patched together.

    A one-off disclosure or a shared controller is weighed beside the agreements, and gives way to them when equal.
    """
    found = candidates(evidence.flows)
    ways: list[Candidate | None] = [*found]
    if not found or evidence.one_off is not None or evidence.same_entity:
        ways.append(None)
    weighed = [_weighed(question, evidence, way, hearing) for way in ways]
    return weighed[0] if len(weighed) == 1 else max(weighed, key=lambda w: w.reach)


def _outcome(question: Question, weighed: _Weighed) -> Outcome:
    permitted = weighed.permitted.values()
    if not weighed.refusals or all(categories == question.categories for categories in permitted):
        return Outcome.PERMIT
    return Outcome.PARTIAL if any(permitted) else Outcome.DENY


def decide(question: Question, evidence: Evidence, at: datetime) -> Decision:
    """The answer to the question. `evidence` has one entry per subject; `at` carries its time zone."""
    return _decide(question, evidence, Hearing(at))


def decide_each(questions: Sequence[Question], found: Sequence[Evidence], at: datetime) -> list[Decision]:
    """The answers to the questions of one call, each with its evidence: the same as one by one, and sooner."""
    hearing = Hearing(at)
    return [_decide(question, evidence, hearing) for question, evidence in zip(questions, found, strict=True)]


def _decide(question: Question, evidence: Evidence, hearing: Hearing) -> Decision:
    best = _best(question, evidence, hearing)
    head = best.candidate.head if best.candidate else None
    permitted = best.permitted
    return Decision(
        outcome=_outcome(question, best),
        categories=frozenset.intersection(*permitted.values()) if best.refusals else question.categories,
        subjects=tuple(SubjectPermission(p, permitted[p]) for p in question.subjects),
        agreement_id=head.agreement_id if head else None,
        agreement_reference=head.reference if head else None,
        agreement_version=head.version if head else None,
        basis=head.discloser_basis.article_6.value if head else None,
        consent_record_ids=tuple(sorted({i for v in best.verdicts for i in v.relied_on})),
        refusals=best.refusals,
        rules=results(best.verdicts),
        warnings=tuple(dict.fromkeys(w for v in best.verdicts for w in v.warnings)),
        decided_at=hearing.at,
    )
