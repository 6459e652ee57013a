"""The table of a request's lifecycle (domain rules, section 4) as data."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where one request stands. Neither side may set the other's states."""

    ACCEPTED = "accepted"
    BLOCKED = "blocked"
    COMPLETED = "completed"
    DECLINED = "declined"
    DRAFT = "draft"
    INFORMATION_REQUESTED = "information_requested"
    IN_PROGRESS = "in_progress"
    LAPSED = "lapsed"
    ON_HOLD = "on_hold"
    RECEIVED = "received"
    REDIRECTED = "redirected"
    SUBMITTED = "submitted"
    WAITLISTED = "waitlisted"
    WITHDRAWN = "withdrawn"


FINAL = frozenset({State.COMPLETED, State.DECLINED, State.LAPSED, State.REDIRECTED, State.WITHDRAWN})
"""A final request keeps its state: what follows is a new request that replaces it."""

OPEN = frozenset(State) - FINAL

UNSENT = frozenset({State.BLOCKED, State.DRAFT})
"""The recipient does not know of these."""


class Party(StrEnum):
    """In what capacity somebody acts on one request."""

    COORDINATOR = "coordinator"
    HUB = "hub"
    RECIPIENT = "recipient"
    REFERRER = "referrer"


def side_of(held: frozenset[Party]) -> Party:
    """On which side an organisation works; where it asked itself, on the referrer's, as when it reads."""
    return Party.REFERRER if Party.REFERRER in held else Party.RECIPIENT


class Action(StrEnum):
    """The verbs of the lifecycle."""

    ACCEPT = "accept"
    AMEND = "amend"
    ANSWER = "answer"
    ASK = "ask"
    COMPLETE = "complete"
    CORRECT = "correct"
    DECLINE = "decline"
    HOLD = "hold"
    LAPSE = "lapse"
    MESSAGE = "message"
    PAUSE = "pause"
    PROPOSE_REDIRECT = "propose_redirect"
    REASSESS = "reassess"
    RECEIVE = "receive"
    REDIRECT = "redirect"
    RELEASE = "release"
    RESUME = "resume"
    START = "start"
    SUBMIT = "submit"
    WAITLIST = "waitlist"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: who may take the action, from where, to where, and the fact it announces."""

    parties: frozenset[Party]
    sources: frozenset[State]
    target: State | None
    """None when the action returns to a remembered state, or its details decide."""
    fact: str


def _rule(parties: set[Party], sources: frozenset[State] | set[State], target: State | None, fact: str) -> Rule:
    return Rule(frozenset(parties), frozenset(sources), target, fact)


_S, _P = State, Party

RULES: dict[Action, Rule] = {
    Action.SUBMIT: _rule({_P.REFERRER}, UNSENT, None, "submitted"),
    Action.CORRECT: _rule({_P.REFERRER}, {_S.SUBMITTED}, _S.DRAFT, "corrected"),
    Action.AMEND: _rule({_P.REFERRER}, OPEN, None, "amended"),
    Action.RECEIVE: _rule({_P.RECIPIENT}, {_S.SUBMITTED}, _S.RECEIVED, "received"),
    Action.ASK: _rule(
        {_P.RECIPIENT},
        {_S.RECEIVED, _S.WAITLISTED, _S.ACCEPTED, _S.IN_PROGRESS},
        _S.INFORMATION_REQUESTED,
        "information_requested",
    ),
    Action.ANSWER: _rule({_P.REFERRER}, {_S.INFORMATION_REQUESTED}, None, "answered"),
    Action.ACCEPT: _rule({_P.RECIPIENT}, {_S.RECEIVED, _S.WAITLISTED}, _S.ACCEPTED, "accepted"),
    Action.WAITLIST: _rule({_P.RECIPIENT}, {_S.RECEIVED, _S.ACCEPTED}, _S.WAITLISTED, "waitlisted"),
    Action.DECLINE: _rule(
        {_P.RECIPIENT}, {_S.RECEIVED, _S.WAITLISTED, _S.INFORMATION_REQUESTED}, _S.DECLINED, "declined"
    ),
    Action.START: _rule({_P.RECIPIENT}, {_S.ACCEPTED}, _S.IN_PROGRESS, "started"),
    Action.PAUSE: _rule({_P.RECIPIENT}, {_S.IN_PROGRESS}, _S.ON_HOLD, "paused"),
    Action.RESUME: _rule({_P.RECIPIENT}, {_S.ON_HOLD}, _S.IN_PROGRESS, "resumed"),
    Action.REASSESS: _rule({_P.RECIPIENT}, {_S.ACCEPTED, _S.IN_PROGRESS}, _S.DECLINED, "declined"),
    Action.COMPLETE: _rule({_P.RECIPIENT}, {_S.ACCEPTED, _S.IN_PROGRESS}, _S.COMPLETED, "completed"),
    Action.REDIRECT: _rule({_P.REFERRER}, {_S.RECEIVED, _S.WAITLISTED, _S.ACCEPTED}, _S.REDIRECTED, "redirected"),
    Action.PROPOSE_REDIRECT: _rule(
        {_P.RECIPIENT}, {_S.RECEIVED, _S.WAITLISTED, _S.ACCEPTED}, None, "redirect_proposed"
    ),
    Action.WITHDRAW: _rule({_P.REFERRER}, OPEN, _S.WITHDRAWN, "withdrawn"),
    Action.HOLD: _rule({_P.HUB, _P.COORDINATOR}, OPEN, _S.ON_HOLD, "held"),
    Action.RELEASE: _rule({_P.HUB, _P.COORDINATOR}, {_S.ON_HOLD}, None, "released"),
    Action.LAPSE: _rule(
        {_P.HUB}, {_S.SUBMITTED, _S.RECEIVED, _S.WAITLISTED, _S.INFORMATION_REQUESTED}, _S.LAPSED, "lapsed"
    ),
    Action.MESSAGE: _rule({_P.REFERRER, _P.RECIPIENT}, OPEN - UNSENT, None, "message_posted"),
}
