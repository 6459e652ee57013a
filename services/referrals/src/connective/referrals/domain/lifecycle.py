"""The request lifecycle as one pure function: a request, an action and an instant give the next request and the fact.

The table itself is data (states.py); this module applies it. An illegal action is refused with the legal ones listed,
and nothing else in the service sets a state.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from connective.referrals.domain import details as rules
from connective.referrals.domain.clocks import local_day
from connective.referrals.domain.details import (
    Completing,
    Declining,
    Details,
    Pausing,
    Reason,
    Redirecting,
    Saying,
    Submitting,
    Waitlisting,
)
from connective.referrals.domain.refusals import DetailsRefused, FieldError, IllegalAction
from connective.referrals.domain.request import By, Fact, Hold, Pause, Relied, Request, Words
from connective.referrals.domain.states import RULES, Action, Party, State

CORRECTION_WINDOW = timedelta(hours=1)
"""How long after sending a referrer may take an unread request back to correct it (domain rules, section 4)."""

_CONFIRMED_BY_AMENDING = frozenset({State.BLOCKED, State.DRAFT, State.WAITLISTED})
"""States whose clock asks the referrer "is it still needed?": amending it is the answer, and starts the clock anew."""

Effect = tuple[Request, str | None, Words | None]
"""The changed request (its state included), the reason code, and the words said."""

D = TypeVar("D")


def _expect(details: Details, kind: type[D]) -> D:
    if not isinstance(details, kind):
        raise TypeError(f"this action takes {kind.__name__}, not {type(details).__name__}")
    return details


def _refuse(errors: list[FieldError]) -> None:
    if errors:
        raise DetailsRefused(errors)


def _to(request: Request, state: State | None) -> Request:
    return request if state is None else replace(request, state=state)


def _plain(request: Request, action: Action, details: Details, at: datetime) -> Effect:
    _expect(details, type(None))
    changed = _to(request, RULES[action].target)
    if action is Action.RECEIVE:
        changed = replace(changed, received_at=at)
    if action is Action.START:
        # First contact was made: what had been tried in vain before it counts no longer.
        changed = replace(changed, contact_attempts=0)
    if action is Action.RESUME:
        changed = replace(changed, pause=None)
    if action is Action.CORRECT:
        changed = replace(changed, submitted_at=None, without=(), relied=Relied())
    if action is Action.AMEND:
        changed = replace(changed, content_version=request.version + 1)
    return changed, None, None


def _submit(request: Request, action: Action, details: Details, at: datetime) -> Effect:
    del action
    said = _expect(details, Submitting)
    if said.missing:
        blocked = replace(request, state=State.BLOCKED, missing=said.missing, without=())
        return blocked, said.missing[0].code, None
    sent = replace(
        request,
        state=State.SUBMITTED,
        missing=(),
        without=said.without,
        submitted_at=at,
        promise=said.promise,
        relied=said.relied,
    )
    return sent, None, None


def _ask(request: Request, action: Action, details: Details, at: datetime) -> Effect:
    del at
    said = _expect(details, Saying)
    _refuse(rules.saying(said))
    return replace(_to(request, RULES[action].target), asked_in=request.state), None, said.words


def _message(request: Request, action: Action, details: Details, at: datetime) -> Effect:
    del action, at
    said = _expect(details, Saying)
    _refuse(rules.saying(said))
    return request, None, said.words


def _answer(request: Request, action: Action, details: Details, at: datetime) -> Effect:
    del action, at
    said = _expect(details, Saying)
    _refuse(rules.saying(said))
    assert request.asked_in is not None  # noqa: S101 - only `ask` leads to information_requested, and it remembers
    return replace(request, state=request.asked_in, asked_in=None), None, said.words


def _waitlist(request: Request, action: Action, details: Details, at: datetime) -> Effect:
    said = _expect(details, Waitlisting)
    _refuse(rules.waitlisting(said, local_day(at)))
    return replace(_to(request, RULES[action].target), expected_on=said.expected_on), None, None


def _decline(request: Request, action: Action, details: Details, at: datetime) -> Effect:
    said = _expect(details, Declining)
    codes = rules.REASSESS_CODES if action is Action.REASSESS else rules.DECLINE_CODES
    _refuse(rules.declining(request, said, local_day(at), codes))
    declined = replace(_to(request, RULES[action].target), decline=said.decline, asked_in=None)
    return declined, said.decline.code, said.words


def _pause(request: Request, action: Action, details: Details, at: datetime) -> Effect:
    said = _expect(details, Pausing)
    _refuse(rules.pausing(said, local_day(at)))
    paused = replace(_to(request, RULES[action].target), pause=Pause(said.reason_code, said.review_on))
    return paused, said.reason_code, None


def _complete(request: Request, action: Action, details: Details, at: datetime) -> Effect:
    del at
    said = _expect(details, Completing)
    _refuse(rules.completing(request, said))
    return replace(_to(request, RULES[action].target), outcome=said.outcome), said.outcome.code, said.words


def _redirect(request: Request, action: Action, details: Details, at: datetime) -> Effect:
    del at
    _expect(details, Redirecting)
    return _to(request, RULES[action].target), None, None


def _hold(request: Request, action: Action, details: Details, at: datetime) -> Effect:
    del at
    said = _expect(details, Reason)
    _refuse(rules.reason(said, rules.HOLD_CODES))
    if request.hold is None:
        hold = Hold(reasons=(said.code,), held_in=request.state)
    else:
        known = request.hold.reasons
        hold = replace(request.hold, reasons=known if said.code in known else (*known, said.code))
    return replace(_to(request, RULES[action].target), hold=hold), said.code, None


def _release(request: Request, action: Action, details: Details, at: datetime) -> Effect:
    del action, at
    _expect(details, type(None))
    assert request.hold is not None  # noqa: S101 - `_possible` lets only held requests be released
    return replace(request, state=request.hold.held_in, hold=None), None, None


def _with_reason(codes: frozenset[str]) -> Callable[[Request, Action, Details, datetime], Effect]:
    def effect(request: Request, action: Action, details: Details, at: datetime) -> Effect:
        del at
        said = _expect(details, Reason)
        _refuse(rules.reason(said, codes))
        return _to(request, RULES[action].target), said.code, None

    return effect


_EFFECTS: dict[Action, Callable[[Request, Action, Details, datetime], Effect]] = {
    Action.ACCEPT: _plain,
    Action.AMEND: _plain,
    Action.ANSWER: _answer,
    Action.ASK: _ask,
    Action.COMPLETE: _complete,
    Action.CORRECT: _plain,
    Action.DECLINE: _decline,
    Action.HOLD: _hold,
    Action.LAPSE: _with_reason(rules.LAPSE_CODES),
    Action.MESSAGE: _message,
    Action.PAUSE: _pause,
    Action.PROPOSE_REDIRECT: _redirect,
    Action.REASSESS: _decline,
    Action.RECEIVE: _plain,
    Action.REDIRECT: _redirect,
    Action.RELEASE: _release,
    Action.RESUME: _plain,
    Action.START: _plain,
    Action.SUBMIT: _submit,
    Action.WAITLIST: _waitlist,
    Action.WITHDRAW: _with_reason(rules.WITHDRAW_CODES),
}


def _possible(request: Request, action: Action, at: datetime) -> bool:
    """What the table says in words beside its cells: the hour for correcting, and who holds a request."""
    if action is Action.CORRECT:
        return request.submitted_at is not None and at <= request.submitted_at + CORRECTION_WINDOW
    if action is Action.RESUME:
        return request.pause is not None and request.hold is None
    if action is Action.RELEASE:
        return request.hold is not None
    if action is Action.MESSAGE:
        return request.hold is None
    return True


_IN_STATE = {
    (party, state): tuple(action for action, rule in RULES.items() if party in rule.parties and state in rule.sources)
    for party in Party
    for state in State
}
"""The table's actions by whose they are and from where: every answer about a request asks for them."""


def allowed_actions(request: Request, party: Party, at: datetime) -> frozenset[Action]:
    """What this party may do with this request at this instant."""
    return frozenset(action for action in _IN_STATE[party, request.state] if _possible(request, action, at))


def act(request: Request, action: Action, by: By, at: datetime, details: Details = None) -> tuple[Request, Fact]:
    """Take one action, giving the next version of the request and the fact to record and announce.

    `at` is an aware instant. Raises IllegalAction (with the legal actions of this party) when the table does not
    allow it, and DetailsRefused when what comes with the action breaks that action's own rules.
    """
    legal = allowed_actions(request, by.party, at)
    if action not in legal:
        raise IllegalAction(action, request.state, legal)
    changed, reason_code, words = _EFFECTS[action](request, action, details, at)
    restarts = changed.state is not request.state or (
        action is Action.AMEND and request.state in _CONFIRMED_BY_AMENDING
    )
    after = replace(
        changed,
        version=request.version + 1,
        since=at if restarts else request.since,
        escalations=0 if restarts else request.escalations,
    )
    name = "blocked" if after.state is State.BLOCKED and action is Action.SUBMIT else RULES[action].fact
    return after, Fact(name, action, request.state, after.state, after.version, at, by, reason_code, words)
