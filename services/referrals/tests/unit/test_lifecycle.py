"""The table of the lifecycle, cell by cell: every state, action and party."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import uuid4

import pytest

from connective.contracts.categories import Category
from connective.contracts.referral_events import REQUEST_FACTS
from connective.referrals.domain.details import (
    DECLINE_CODES,
    HOLD_CODES,
    PAUSE_CODES,
    WITHDRAW_CODES,
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
from connective.referrals.domain.lifecycle import act, allowed_actions
from connective.referrals.domain.notes import UNABLE, Try, log_contact_attempt, silence, tell_family
from connective.referrals.domain.receiving import Receiving, receiving
from connective.referrals.domain.refusals import DetailsRefused, IllegalAction
from connective.referrals.domain.request import (
    By,
    Decline,
    Hold,
    Missing,
    NeedNow,
    Outcome,
    Pause,
    PeopleAsked,
    Promise,
    Relied,
    Request,
    View,
    Words,
)
from connective.referrals.domain.states import FINAL, OPEN, RULES, Action, Party, State
from connective.referrals.domain.status import FHIR_STATUS, referral_status

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
PROMISE = Promise(acknowledge_within_days=2, decide_within_days=10, contact_attempts=3)
WORDS = Words("Which mornings suit?", frozenset({Category.PROGRESS}))
MISSING = Missing(Category.HEALTH, "no_article_9_condition", "The agreement names no condition.", "Amend it.")


def a_decline(code: str = "at_capacity", **changes: object) -> Decline:
    decline = Decline(
        code=code,
        family_sentence="We cannot help in the next weeks.",
        next_step="Your worker will ask another service.",
        tells="lead_practitioner",
        tell_by=date(2026, 3, 4),
        second_look="Ask your worker to write to our manager.",
        front_door="recipient_phoned" if code == "needs_statutory_help" else None,
    )
    return replace(decline, **changes)  # type: ignore[arg-type]  # each test changes one known field


def an_outcome(code: str = "received", **changes: object) -> Outcome:
    outcome = Outcome(code=code, needs=(), views=(), no_view_reason="not_asked")
    return replace(outcome, **changes)  # type: ignore[arg-type]  # each test changes one known field


DETAILS: dict[Action, Details] = {
    Action.SUBMIT: Submitting((), (), PROMISE, Relied()),
    Action.ASK: Saying(WORDS),
    Action.ANSWER: Saying(WORDS),
    Action.MESSAGE: Saying(WORDS),
    Action.WAITLIST: Waitlisting(date(2026, 6, 1)),
    Action.DECLINE: Declining(a_decline(), None),
    Action.REASSESS: Declining(a_decline("assessed_not_eligible"), None),
    Action.PAUSE: Pausing("family_away", date(2026, 4, 1)),
    Action.COMPLETE: Completing(an_outcome(), None),
    Action.PROPOSE_REDIRECT: Redirecting(uuid4()),
    Action.REDIRECT: Redirecting(uuid4()),
    Action.WITHDRAW: Reason("no_longer_needed"),
    Action.HOLD: Reason("consent_withdrawn"),
    Action.LAPSE: Reason("acknowledge_by"),
}


def a_request(state: State = State.DRAFT, **changes: object) -> Request:
    unsent = state in {State.DRAFT, State.BLOCKED}
    request = Request(
        id=uuid4(),
        place_id=uuid4(),
        discloser_organisation_id=uuid4(),
        form_version=1,
        people=PeopleAsked((uuid4(),), uuid4()),
        referral_id=uuid4(),
        family_id=uuid4(),
        reference="REQ-7K3M-92QD",
        referrer_organisation_id=uuid4(),
        recipient_organisation_id=uuid4(),
        service_id=uuid4(),
        service_kind="food_bank",
        sensitive=False,
        promise=PROMISE,
        state=state,
        version=4,
        since=NOW - timedelta(minutes=30),
        submitted_at=None if unsent else NOW - timedelta(minutes=30),
        asked_in=State.ACCEPTED if state is State.INFORMATION_REQUESTED else None,
        hold=Hold(("coordinator",), State.ACCEPTED) if state is State.ON_HOLD else None,
    )
    return replace(request, **changes)  # type: ignore[arg-type]  # each test changes known fields


def by(party: Party) -> By:
    return By(party, "somebody", uuid4())


# Written out again from the domain rules on purpose: the table under test must not be its own judge.
S = State
SENT = {S.SUBMITTED, S.RECEIVED, S.INFORMATION_REQUESTED, S.WAITLISTED, S.ACCEPTED, S.IN_PROGRESS, S.ON_HOLD}
EXPECTED: dict[tuple[Action, Party], set[State]] = {
    (Action.SUBMIT, Party.REFERRER): {S.DRAFT, S.BLOCKED},
    (Action.CORRECT, Party.REFERRER): {S.SUBMITTED},
    (Action.AMEND, Party.REFERRER): {S.DRAFT, S.BLOCKED, *SENT},
    (Action.RECEIVE, Party.RECIPIENT): {S.SUBMITTED},
    (Action.ASK, Party.RECIPIENT): {S.RECEIVED, S.WAITLISTED, S.ACCEPTED, S.IN_PROGRESS},
    (Action.ANSWER, Party.REFERRER): {S.INFORMATION_REQUESTED},
    (Action.ACCEPT, Party.RECIPIENT): {S.RECEIVED, S.WAITLISTED},
    (Action.WAITLIST, Party.RECIPIENT): {S.RECEIVED, S.ACCEPTED},
    (Action.DECLINE, Party.RECIPIENT): {S.RECEIVED, S.WAITLISTED, S.INFORMATION_REQUESTED},
    (Action.START, Party.RECIPIENT): {S.ACCEPTED},
    (Action.PAUSE, Party.RECIPIENT): {S.IN_PROGRESS},
    (Action.RESUME, Party.RECIPIENT): set(),
    (Action.REASSESS, Party.RECIPIENT): {S.ACCEPTED, S.IN_PROGRESS},
    (Action.COMPLETE, Party.RECIPIENT): {S.ACCEPTED, S.IN_PROGRESS},
    (Action.PROPOSE_REDIRECT, Party.RECIPIENT): {S.RECEIVED, S.WAITLISTED, S.ACCEPTED},
    (Action.REDIRECT, Party.REFERRER): {S.RECEIVED, S.WAITLISTED, S.ACCEPTED},
    (Action.WITHDRAW, Party.REFERRER): {S.DRAFT, S.BLOCKED, *SENT},
    (Action.HOLD, Party.HUB): {S.DRAFT, S.BLOCKED, *SENT},
    (Action.HOLD, Party.COORDINATOR): {S.DRAFT, S.BLOCKED, *SENT},
    (Action.RELEASE, Party.HUB): {S.ON_HOLD},
    (Action.RELEASE, Party.COORDINATOR): {S.ON_HOLD},
    (Action.LAPSE, Party.HUB): {S.SUBMITTED, S.RECEIVED, S.WAITLISTED, S.INFORMATION_REQUESTED},
    (Action.MESSAGE, Party.REFERRER): SENT - {S.ON_HOLD},
    (Action.MESSAGE, Party.RECIPIENT): SENT - {S.ON_HOLD},
}
TARGETS: dict[Action, State | None] = {
    Action.SUBMIT: S.SUBMITTED,
    Action.CORRECT: S.DRAFT,
    Action.AMEND: None,
    Action.PROPOSE_REDIRECT: None,
    Action.RECEIVE: S.RECEIVED,
    Action.ASK: S.INFORMATION_REQUESTED,
    Action.ANSWER: S.ACCEPTED,
    Action.ACCEPT: S.ACCEPTED,
    Action.WAITLIST: S.WAITLISTED,
    Action.DECLINE: S.DECLINED,
    Action.START: S.IN_PROGRESS,
    Action.PAUSE: S.ON_HOLD,
    Action.REASSESS: S.DECLINED,
    Action.COMPLETE: S.COMPLETED,
    Action.REDIRECT: S.REDIRECTED,
    Action.WITHDRAW: S.WITHDRAWN,
    Action.HOLD: S.ON_HOLD,
    Action.RELEASE: S.ACCEPTED,
    Action.LAPSE: S.LAPSED,
    Action.MESSAGE: None,
}
BESIDE = {
    "blocked",
    "not_engaged",
    "overdue",
    "redirect_refused",
    "second_look_answered",
    "second_look_asked",
}
"""Facts of clocks and notes, which are no action of the table."""
ANNOUNCED = {*REQUEST_FACTS, "message_posted"}
"""A message is announced under a subject of its own."""
CELLS = list(product(State, Action, Party))


@pytest.mark.parametrize(("state", "action", "party"), CELLS)
def test_every_cell_of_the_table(state: State, action: Action, party: Party) -> None:
    request = a_request(state)
    if state in EXPECTED.get((action, party), set()):
        after, fact = act(request, action, by(party), NOW, DETAILS.get(action))
        assert after.state is (TARGETS[action] or state)
        assert (after.version, fact.version) == (5, 5)
        assert (fact.before, fact.after, fact.action) == (state, after.state, action)
        assert fact.name in ANNOUNCED
        assert action in allowed_actions(request, party, NOW)
    else:
        with pytest.raises(IllegalAction) as refused:
            act(request, action, by(party), NOW, DETAILS.get(action))
        assert set(refused.value.legal) == {str(a) for a in allowed_actions(request, party, NOW)}
        assert action not in allowed_actions(request, party, NOW)


def test_final_states_keep_their_state() -> None:
    assert {S.COMPLETED, S.DECLINED, S.LAPSED, S.REDIRECTED, S.WITHDRAWN} == FINAL
    for state, party in product(FINAL, Party):
        assert allowed_actions(a_request(state), party, NOW) == frozenset()


def test_every_action_has_one_rule_and_a_published_fact() -> None:
    assert set(RULES) == set(Action)
    assert {rule.fact for rule in RULES.values()} | BESIDE == ANNOUNCED


def test_correcting_ends_after_an_hour() -> None:
    sent = a_request(S.SUBMITTED, submitted_at=NOW - timedelta(hours=1))
    assert Action.CORRECT in allowed_actions(sent, Party.REFERRER, NOW)
    assert Action.CORRECT not in allowed_actions(sent, Party.REFERRER, NOW + timedelta(seconds=1))
    assert act(sent, Action.CORRECT, by(Party.REFERRER), NOW)[0].submitted_at is None


def test_submit_is_blocked_when_something_required_may_not_be_shared() -> None:
    blocked, fact = act(
        a_request(), Action.SUBMIT, by(Party.REFERRER), NOW, Submitting((MISSING,), (MISSING,), PROMISE, Relied())
    )
    assert (blocked.state, fact.name, fact.reason_code) == (S.BLOCKED, "blocked", "no_article_9_condition")
    assert (blocked.missing, blocked.without, blocked.submitted_at) == ((MISSING,), (), None)
    again, fact = act(blocked, Action.SUBMIT, by(Party.REFERRER), NOW, Submitting((MISSING,), (), PROMISE, Relied()))
    assert (again.state, fact.name) == (S.BLOCKED, "blocked")
    sent, fact = act(again, Action.SUBMIT, by(Party.REFERRER), NOW, Submitting((), (MISSING,), PROMISE, Relied()))
    assert (sent.state, sent.missing, sent.without, sent.submitted_at) == (S.SUBMITTED, (), (MISSING,), NOW)


@pytest.mark.parametrize("state", [S.RECEIVED, S.WAITLISTED, S.ACCEPTED, S.IN_PROGRESS])
def test_an_answer_returns_to_the_state_it_was_asked_in(state: State) -> None:
    asked, fact = act(a_request(state), Action.ASK, by(Party.RECIPIENT), NOW, Saying(WORDS))
    assert fact.words == WORDS
    held, _ = act(asked, Action.HOLD, by(Party.HUB), NOW, Reason("objection_raised"))
    released, _ = act(held, Action.RELEASE, by(Party.COORDINATOR), NOW)
    answered, _ = act(released, Action.ANSWER, by(Party.REFERRER), NOW, Saying(WORDS))
    assert (answered.state, answered.asked_in) == (state, None)


def test_a_paused_request_is_still_spoken_of_and_a_held_one_is_not() -> None:
    paused = a_request(S.ON_HOLD, hold=None, pause=Pause("family_away", date(2026, 4, 1)))
    assert Action.MESSAGE in allowed_actions(paused, Party.REFERRER, NOW)
    assert Action.MESSAGE not in allowed_actions(a_request(S.ON_HOLD), Party.REFERRER, NOW)


def test_an_empty_question_is_no_question() -> None:
    with pytest.raises(DetailsRefused):
        act(a_request(S.RECEIVED), Action.ASK, by(Party.RECIPIENT), NOW, Saying(Words("  ", frozenset())))


@pytest.mark.parametrize("state", sorted(OPEN - {S.ON_HOLD}))
def test_release_returns_to_the_state_it_was_held_in(state: State) -> None:
    held, fact = act(a_request(state), Action.HOLD, by(Party.HUB), NOW, Reason("organisation_suspended"))
    assert (held.state, fact.reason_code) == (S.ON_HOLD, "organisation_suspended")
    twice, _ = act(held, Action.HOLD, by(Party.COORDINATOR), NOW, Reason("coordinator"))
    again, _ = act(twice, Action.HOLD, by(Party.COORDINATOR), NOW, Reason("coordinator"))
    assert again.hold == Hold(("organisation_suspended", "coordinator"), state)
    released, _ = act(again, Action.RELEASE, by(Party.COORDINATOR), NOW)
    assert (released.state, released.hold) == (state, None)


def test_a_pause_is_the_recipients_and_a_hold_is_not_theirs_to_lift() -> None:
    paused, _ = act(a_request(S.IN_PROGRESS), Action.PAUSE, by(Party.RECIPIENT), NOW, DETAILS[Action.PAUSE])
    assert paused.pause == Pause("family_away", date(2026, 4, 1))
    assert allowed_actions(paused, Party.RECIPIENT, NOW) == {Action.MESSAGE, Action.RESUME}
    assert Action.RELEASE not in allowed_actions(paused, Party.COORDINATOR, NOW)
    held, _ = act(paused, Action.HOLD, by(Party.HUB), NOW, Reason("consent_withdrawn"))
    assert allowed_actions(held, Party.RECIPIENT, NOW) == frozenset()
    released, _ = act(held, Action.RELEASE, by(Party.HUB), NOW)
    resumed, _ = act(released, Action.RESUME, by(Party.RECIPIENT), NOW)
    assert (released.state, resumed.state, resumed.pause) == (S.ON_HOLD, S.IN_PROGRESS, None)


@pytest.mark.parametrize("code", sorted(DECLINE_CODES - {"insufficient_information", "other", "unable_to_contact"}))
def test_decline_codes(code: str) -> None:
    declined, fact = act(
        a_request(S.RECEIVED), Action.DECLINE, by(Party.RECIPIENT), NOW, Declining(a_decline(code), None)
    )
    assert (declined.state, fact.reason_code) == (S.DECLINED, code)


def refused_pointers(request: Request, action: Action, details: Details) -> set[tuple[str, str]]:
    with pytest.raises(DetailsRefused) as refused:
        act(request, action, by(Party.RECIPIENT), NOW, details)
    return {(error.pointer, error.code) for error in refused.value.errors}


def test_insufficient_information_needs_an_unanswered_question() -> None:
    details = Declining(a_decline("insufficient_information"), None)
    assert refused_pointers(a_request(S.RECEIVED), Action.DECLINE, details) == {("/code", "ask-first")}
    asked = a_request(S.INFORMATION_REQUESTED)
    assert act(asked, Action.DECLINE, by(Party.RECIPIENT), NOW, details)[0].state is S.DECLINED


def test_other_needs_words() -> None:
    assert refused_pointers(a_request(S.RECEIVED), Action.DECLINE, Declining(a_decline("other"), None)) == {
        ("/text", "required")
    }
    said, fact = act(
        a_request(S.RECEIVED), Action.DECLINE, by(Party.RECIPIENT), NOW, Declining(a_decline("other"), WORDS)
    )
    assert said.decline is not None
    assert fact.words == WORDS


def test_statutory_help_asks_who_phones_the_front_door() -> None:
    details = Declining(a_decline("needs_statutory_help", front_door=None), None)
    assert refused_pointers(a_request(S.RECEIVED), Action.DECLINE, details) == {("/front_door", "required")}


def test_unable_to_contact_takes_the_attempts_promised() -> None:
    request = a_request(S.RECEIVED)
    details = Declining(a_decline("unable_to_contact"), None)
    for _ in range(3):
        assert refused_pointers(request, Action.DECLINE, details) == {("/code", "attempts-promised")}
        request, _ = log_contact_attempt(request, Try("telephone"), by(Party.RECIPIENT), NOW)
    assert act(request, Action.DECLINE, by(Party.RECIPIENT), NOW, details)[0].state is S.DECLINED


def test_every_decline_tells_the_family_something_by_somebody_in_time() -> None:
    bare = a_decline(family_sentence=" ", next_step="", second_look="", tells="nobody", tell_by=date(2026, 3, 1))
    assert refused_pointers(a_request(S.RECEIVED), Action.DECLINE, Declining(bare, None)) == {
        ("/family_sentence", "required"),
        ("/next_step", "required"),
        ("/second_look", "required"),
        ("/tells", "unknown-code"),
        ("/tell_by", "in-the-past"),
    }


def test_a_decline_is_not_a_reassessment_nor_the_other_way_round() -> None:
    assert refused_pointers(
        a_request(S.RECEIVED), Action.DECLINE, Declining(a_decline("assessed_not_eligible"), None)
    ) == {("/code", "unknown-code")}
    assert refused_pointers(a_request(S.ACCEPTED), Action.REASSESS, Declining(a_decline(), None)) == {
        ("/code", "unknown-code")
    }


def test_outcomes_have_two_halves() -> None:
    request = a_request(S.IN_PROGRESS)
    person = request.people.contact
    wrong = an_outcome("gone", needs=(NeedNow(person, "debt_or_arrears", 9),), no_view_reason=None)
    assert refused_pointers(request, Action.COMPLETE, Completing(wrong, None)) == {
        ("/code", "unknown-code"),
        ("/needs/0/severity_now", "out-of-range"),
        ("/no_view_reason", "required"),
        ("/no_views", "required"),
    }
    child = View(request.people.subjects[0], None, "too_young")
    family = View(None, Words("It helped.", frozenset({Category.VOICE})))
    right = an_outcome(needs=(NeedNow(person, "debt_or_arrears", None),), views=(family, child), no_view_reason=None)
    done, fact = act(request, Action.COMPLETE, by(Party.RECIPIENT), NOW, Completing(right, None))
    assert (done.outcome, fact.reason_code) == (right, "received")
    stranger = an_outcome(needs=(NeedNow(uuid4(), "sorrow", 1),), views=(replace(family, person_id=uuid4()),))
    assert refused_pointers(request, Action.COMPLETE, Completing(stranger, None)) == {
        ("/needs/0/person_id", "not-asked-for"),
        ("/needs/0/code", "unknown-code"),
        ("/views/0/person_id", "not-asked-for"),
    }
    unknown = an_outcome(no_view_reason="no_idea")
    assert refused_pointers(a_request(S.ACCEPTED), Action.COMPLETE, Completing(unknown, None)) == {
        ("/no_view_reason", "unknown-code")
    }


@pytest.mark.parametrize(
    ("state", "action", "codes"),
    [(S.ACCEPTED, Action.WITHDRAW, WITHDRAW_CODES), (S.ACCEPTED, Action.HOLD, HOLD_CODES)],
)
def test_reasons_are_codes(state: State, action: Action, codes: frozenset[str]) -> None:
    party = Party.HUB if action is Action.HOLD else Party.REFERRER
    for code in codes:
        assert act(a_request(state), action, by(party), NOW, Reason(code))[1].reason_code == code
    with pytest.raises(DetailsRefused):
        act(a_request(state), action, by(party), NOW, Reason("because"))


def test_pauses_and_waiting_look_ahead() -> None:
    for code in PAUSE_CODES:
        act(a_request(S.IN_PROGRESS), Action.PAUSE, by(Party.RECIPIENT), NOW, Pausing(code, date(2026, 3, 3)))
    assert refused_pointers(a_request(S.IN_PROGRESS), Action.PAUSE, Pausing("tired", date(2026, 3, 2))) == {
        ("/reason", "unknown-code"),
        ("/review_on", "in-the-past"),
    }
    assert refused_pointers(a_request(S.RECEIVED), Action.WAITLIST, Waitlisting(date(2026, 3, 1))) == {
        ("/expected_on", "in-the-past")
    }


def test_details_of_another_action_are_a_programming_error() -> None:
    with pytest.raises(TypeError):
        act(a_request(S.RECEIVED), Action.ACCEPT, by(Party.RECIPIENT), NOW, Reason("other"))
    with pytest.raises(TypeError):
        act(a_request(S.RECEIVED), Action.ASK, by(Party.RECIPIENT), NOW, None)


def test_clocks_start_anew_with_a_state_and_when_waiting_is_confirmed() -> None:
    waiting = a_request(S.WAITLISTED, escalations=1)
    confirmed, _ = act(waiting, Action.AMEND, by(Party.REFERRER), NOW)
    assert (confirmed.since, confirmed.escalations) == (NOW, 0)
    received = a_request(S.RECEIVED, escalations=1)
    amended, _ = act(received, Action.AMEND, by(Party.REFERRER), NOW)
    assert (amended.since, amended.escalations) == (received.since, 1)
    accepted, _ = act(received, Action.ACCEPT, by(Party.RECIPIENT), NOW)
    assert (accepted.since, accepted.escalations) == (NOW, 0)


def test_telling_the_family_ends_a_declines_task_once() -> None:
    declined = a_request(S.DECLINED)
    worker = by(Party.REFERRER)
    told, (fact,) = tell_family(declined, "told", worker, NOW)
    assert told.family_told is not None
    assert (fact.name, fact.version, fact.announced) == ("family_told", told.version, False)
    with pytest.raises(IllegalAction):
        tell_family(told, "told", worker, NOW)
    with pytest.raises(IllegalAction):
        tell_family(a_request(S.COMPLETED), "told", worker, NOW)
    with pytest.raises(DetailsRefused):
        tell_family(declined, "forgotten", worker, NOW)


def test_contact_attempts_are_logged_while_the_recipient_has_it() -> None:
    with pytest.raises(IllegalAction):
        log_contact_attempt(a_request(S.SUBMITTED), Try("telephone"), by(Party.RECIPIENT), NOW)
    with pytest.raises(DetailsRefused):
        log_contact_attempt(a_request(S.ACCEPTED), Try("telepathy"), by(Party.RECIPIENT), NOW)


def test_fhir_names_every_state_that_can_be_sent() -> None:
    assert set(FHIR_STATUS) == set(State) - {S.BLOCKED}
    assert {status: {s for s in FHIR_STATUS if FHIR_STATUS[s] == status} for status in set(FHIR_STATUS.values())} == {
        "draft": {S.DRAFT},
        "requested": {S.SUBMITTED},
        "received": {S.RECEIVED},
        "accepted": {S.ACCEPTED},
        "rejected": {S.DECLINED},
        "in-progress": {S.WAITLISTED, S.IN_PROGRESS},
        "on-hold": {S.ON_HOLD, S.INFORMATION_REQUESTED},
        "completed": {S.COMPLETED},
        "cancelled": {S.WITHDRAWN, S.REDIRECTED},
        "failed": {S.LAPSED},
    }


@pytest.mark.parametrize(
    ("states", "status"),
    [
        ([], "draft"),
        ([S.DRAFT, S.DRAFT], "draft"),
        ([S.DRAFT, S.BLOCKED], "blocked"),
        ([S.BLOCKED, S.SUBMITTED], "active"),
        ([S.COMPLETED, S.ON_HOLD], "active"),
        ([S.COMPLETED, S.DECLINED], "completed"),
        ([S.WITHDRAWN, S.WITHDRAWN], "withdrawn"),
        ([S.WITHDRAWN, S.LAPSED], "returned_without_action"),
    ],
)
def test_a_referrals_status_is_derived(states: list[State], status: str) -> None:
    assert referral_status(states) == status


def test_a_family_nobody_can_reach_prompts_the_referrer_once() -> None:
    request, told = a_request(S.ACCEPTED), []
    for _ in range(PROMISE.contact_attempts + 1):
        assert silence(request) is None or told
        request, facts = log_contact_attempt(request, Try("telephone"), by(Party.RECIPIENT), NOW)
        told += [(fact.name, fact.version) for fact in facts if fact.announced]
    assert told == [("not_engaged", 4 + PROMISE.contact_attempts)]
    assert "speak to your safeguarding lead" in getattr(silence(request), "sentence", "")
    quiet = replace(request, state=S.ON_HOLD, hold=Hold(("referrer_decides",), S.ACCEPTED))
    assert silence(quiet) is None
    reached, facts = log_contact_attempt(request, Try("home_visit", reached=True), by(Party.RECIPIENT), NOW)
    assert (reached.contact_attempts, [fact.announced for fact in facts], silence(reached)) == (0, [False], None)
    started, _ = act(request, Action.START, by(Party.RECIPIENT), NOW)
    assert (started.contact_attempts, silence(started)) == (0, None)
    given_up, _ = act(request, Action.COMPLETE, by(Party.RECIPIENT), NOW, Completing(an_outcome(UNABLE), None))
    assert silence(given_up) is not None


def test_a_service_that_promises_no_tries_is_still_asked_for_one() -> None:
    request = a_request(S.ACCEPTED, promise=replace(PROMISE, contact_attempts=0))
    assert silence(request) is None
    assert silence(log_contact_attempt(request, Try("letter"), by(Party.RECIPIENT), NOW)[0]) is not None


@pytest.mark.parametrize(
    ("states", "sensitive", "expected"),
    [
        ((), False, Receiving.NONE_SHOWN),
        ((S.DRAFT,), False, Receiving.IN_PREPARATION),
        ((S.BLOCKED, S.SUBMITTED), False, Receiving.WAITING),
        ((S.WAITLISTED, S.IN_PROGRESS), False, Receiving.RECEIVING),
        ((S.DECLINED, S.COMPLETED), False, Receiving.NONE_SHOWN),
        ((S.IN_PROGRESS,), True, Receiving.NONE_SHOWN),
    ],
)
def test_what_a_family_has_already(states: tuple[State, ...], sensitive: bool, expected: Receiving) -> None:
    assert receiving(states, sensitive=sensitive) is expected
