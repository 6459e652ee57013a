"""Many recipients in one call are answered as each would be alone, and written as the contract's models read."""

from dataclasses import replace
from random import Random
from typing import Any
from uuid import UUID

import consent_builders as b
import pytest
from pydantic import BaseModel

from connective.consent.domain import answers
from connective.consent.domain.agreement_terms import Article6
from connective.consent.domain.answer_text import decision_text, written_question
from connective.consent.domain.consent import ConsentState, Kind, Scope
from connective.consent.domain.decision import decide, decide_each
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
from connective.contracts import sharing
from connective.contracts.authority import Authority
from connective.contracts.categories import Category, Purpose
from connective.contracts.sharing import Question

NAMED = tuple(b.number(n) for n in range(101, 104))
UNNAMED = tuple(b.number(n) for n in range(111, 117))
PEOPLE = (b.MOTHER, b.CHILD)
KINDS = ("whereabouts", "conflict", "processing", "new")
CALLS = 150
HARDLY = 0.15
"""How often something stands in the way: where nearly everything is refused, nothing tells two recipients apart."""


class Draw(Random):
    """Draws evidence from a seed: a case is named by its number, and all take a second."""

    naming: type = Statement

    def some(self, record: type) -> frozenset[UUID]:
        """Recipients that a record names, or none, which means every one. In a call one sort of record names any."""
        return frozenset(self.sample(NAMED, self.randint(0, 2))) if record is self.naming else frozenset()

    def rarely(self, *made: Any) -> tuple[Any, ...]:
        """These, each now and then."""
        return tuple(each for each in made if self.random() < HARDLY)

    def mostly(self, usual: Any, *others: Any) -> Any:
        """The usual one, so that questions of a call are alike; another now and then."""
        return self.choice(others) if self.random() < HARDLY else usual

    def scope(self, record: type) -> Scope:
        named, kinds = self.some(record), self.mostly(frozenset(), frozenset({"food"}))
        return replace(b.EVERYTHING, recipient_organisation_ids=named, service_kinds=kinds, categories=b.ASKED)

    def statement(self, person: UUID, kind: Kind) -> Statement:
        state = self.choice((ConsentState.GIVEN, ConsentState.GIVEN, ConsentState.REFUSED))
        giver, authority = self.choice(((person, Authority.OWN), (b.FATHER, Authority.PARENTAL_RESPONSIBILITY)))
        return b.statement(giver, authority, state, kind, days_ago=self.randint(1, 99), scope=self.scope(Statement))

    def somebody(self, person: UUID) -> SubjectEvidence:
        """One whose records name some recipients, or none."""
        kinds = self.choices(tuple(Kind), k=self.randint(0, 8))
        rulings = [Ruling(b.number(70), kind, self.random() < 0.5, self.scope(Ruling), b.NOW) for kind in Kind]
        return b.subject(
            person,
            self.choice((3, 40)),
            *(self.statement(person, kind) for kind in kinds),
            rulings=tuple(self.sample(rulings, self.choice((0, 2, 2)))),
            notices=tuple(Notice(self.some(Notice), frozenset()) for _ in range(self.choice((0, 1, 1, 2)))),
            objections=self.rarely(*(Objection(state, self.some(Objection)) for state in ObjectionState)),
            restrictions=self.rarely(*(Restriction(kind, self.some(Restriction)) for kind in KINDS)),
        )

    def question(self, recipient: UUID) -> Question:
        return b.question(
            recipient_organisation_id=recipient,
            service_id=self.choice((None, b.number(9))),
            service_kind=self.mostly("food", None, 'a "quoted" kind'),
            subjects=self.mostly(PEOPLE, PEOPLE[:1], PEOPLE[1:]),
            categories=self.mostly(b.ASKED, b.ASKED | {Category.PROGRESS}, frozenset({Category.PROGRESS})),
            purpose=self.mostly(Purpose.REFERRAL, Purpose.SAFEGUARDING),
        )

    def evidence(self, question: Question, read: dict[UUID, SubjectEvidence]) -> Evidence:
        article = self.mostly(Article6.CONSENT, Article6.PUBLIC_TASK)
        line = b.flow(reference='DSA "1"\n', discloser_basis=b.basis(b.COUNCIL, article))
        once = OneOff(b.number(72), self.choice(tuple(OneOffGround)), frozenset(PEOPLE), b.ASKED, "")
        lifting = Override(b.number(71), frozenset({b.CHILD}), b.ASKED, restriction_confirmed=self.random() < 0.5)
        return b.evidence(
            recipient=b.party(question.recipient_organisation_id, b.NHS, "Felpersham"),
            flows=self.mostly((line,), ()),
            subjects=tuple(read[person] for person in question.subjects),
            one_off=self.mostly(None, once),
            override=self.mostly(None, lifting),
        )

    def call(self) -> tuple[list[Question], list[Evidence]]:
        """Questions about the same people for many recipients; what was read about a person is shared by all."""
        self.naming = self.choice((Statement, Ruling, Notice, Objection, Restriction))
        read = {person: self.somebody(person) for person in PEOPLE}
        questions = [self.question(each) for each in self.sample(NAMED + UNNAMED, len(NAMED + UNNAMED))]
        return questions, [self.evidence(question, read) for question in questions]


def test_together_is_as_one_by_one() -> None:
    for seed in range(CALLS):
        questions, found = Draw(seed).call()
        together = decide_each(questions, found, b.NOW)
        assert together == [decide(question, one, b.NOW) for question, one in zip(questions, found, strict=True)], seed
        for question, decision in zip(questions, together, strict=True):
            assert Question.model_validate_json(written_question(question).question) == question
            assert sharing.Decision.model_validate_json(decision_text(decision)) == general(decision), seed


def general(decision: answers.Decision) -> sharing.Decision:
    """The same as the contract's validated model."""
    return sharing.Decision(
        **decision._asdict()
        | {
            "subjects": tuple(sharing.SubjectPermission(**one._asdict()) for one in decision.subjects),
            "refusals": tuple(sharing.Refusal(**one._asdict()) for one in decision.refusals),
            "rules": tuple(sharing.RuleResult(**one._asdict()) for one in decision.rules),
        }
    )


@pytest.mark.parametrize(
    ("ours", "contract"),
    [
        (answers.Decision, sharing.Decision),
        (answers.Refusal, sharing.Refusal),
        (answers.RuleResult, sharing.RuleResult),
        (answers.SubjectPermission, sharing.SubjectPermission),
    ],
    ids=lambda each: f"{each.__module__}.{each.__name__}",
)
def test_answers_have_the_contract_s_names(ours: Any, contract: type[BaseModel]) -> None:
    assert ours._fields == tuple(contract.model_fields)
