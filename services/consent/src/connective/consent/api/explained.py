"""What is asked of `POST /decisions`, and decisions with their paths as they are answered."""

from datetime import datetime

from connective.consent.api.deps import Answer
from connective.contracts.sharing import DecisionsAsked, Outcome, RecordedDecision


class AskDecisions(DecisionsAsked):
    """One or many questions; with `explain`, the path of each answer comes with it."""

    explain: bool = False


class FactOut(Answer):
    """One thing a rule looked at."""

    what: str
    found: str


class StepOut(Answer):
    """One rule of a decision's path."""

    rule: int
    name: str
    looked_at: list[FactOut]
    passed: bool
    concluded: str


class PathOut(Answer):
    """What each of the seven rules looked at, as it stands now, and what it concluded then."""

    steps: list[StepOut]
    outcome: Outcome
    outcome_now: Outcome
    looked_at_at: datetime


class DecisionsExplained(Answer):
    """The decisions, in the order of the questions, and their paths where they were asked for."""

    items: list[RecordedDecision]
    paths: list[PathOut] | None
