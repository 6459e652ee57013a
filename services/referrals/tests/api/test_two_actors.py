"""Two people act on one request in any order, on old versions and twice: the API does what the model says, once."""

import asyncio
import random
from datetime import date
from typing import Any
from uuid import UUID

from connective.contracts.categories import Category
from connective.kit.testing import key_header
from connective.referrals.domain.clocks import tell_family_by
from connective.referrals.domain.details import Completing, Declining, Details, Pausing, Reason, Saying, Waitlisting
from connective.referrals.domain.lifecycle import act, allowed_actions
from connective.referrals.domain.refusals import Refused
from connective.referrals.domain.request import By, Decline, Outcome, PeopleAsked, Promise, Request, Words
from connective.referrals.domain.states import FINAL, Action, Party, State

_WORDS = {"text": "Which mornings suit?", "categories": ["progress"]}
_SAID = Saying(Words("Which mornings suit?", frozenset({Category.PROGRESS})))
_NO = {"code": "at_capacity", "family_sentence": "Not now.", "next_step": "Another.", "second_look": "Write to us."}
BODIES: dict[Action, Any] = {
    Action.ANSWER: _WORDS,
    Action.ASK: _WORDS,
    Action.COMPLETE: {"code": "received", "no_view_reason": "not_asked"},
    Action.DECLINE: _NO,
    Action.MESSAGE: _WORDS,
    Action.PAUSE: {"reason": "family_away", "review_on": "2026-09-01"},
    Action.WAITLIST: {"expected_on": "2026-09-01"},
    Action.WITHDRAW: {"reason": "no_longer_needed"},
}
BOTH_SIDES = (
    (Party.REFERRER, (Action.ANSWER, Action.MESSAGE, Action.CORRECT, Action.WITHDRAW)),
    (
        Party.RECIPIENT,
        (
            Action.RECEIVE,
            Action.ASK,
            Action.ACCEPT,
            Action.WAITLIST,
            Action.DECLINE,
            Action.START,
            Action.PAUSE,
            Action.RESUME,
            Action.COMPLETE,
            Action.MESSAGE,
        ),
    ),
)
RARE = {Action.CORRECT, Action.DECLINE, Action.COMPLETE, Action.WITHDRAW}
"""Drawn less often, or every walk would end at once."""


def details(action: Action, at: Any) -> Details:
    """What the model is told where the API is sent a body."""
    decline = Decline("at_capacity", "Not now.", "Another.", "lead_practitioner", tell_family_by(at), "Write to us.")
    return {
        Action.ANSWER: _SAID,
        Action.ASK: _SAID,
        Action.COMPLETE: Completing(Outcome("received", (), (), "not_asked"), None),
        Action.DECLINE: Declining(decline, None),
        Action.MESSAGE: _SAID,
        Action.PAUSE: Pausing("family_away", date(2026, 9, 1)),
        Action.WAITLIST: Waitlisting(date(2026, 9, 1)),
        Action.WITHDRAW: Reason("no_longer_needed"),
    }.get(action)


def model_of(world: Any, shown: dict[str, Any], food: Any) -> Request:
    """The request as the rules alone know it, just sent."""
    ids = [UUID(shown["id"])] * 4
    return Request(
        id=ids[0],
        place_id=world.place,
        referral_id=ids[1],
        family_id=ids[2],
        reference=shown["reference"],
        referrer_organisation_id=world.school,
        discloser_organisation_id=world.school,
        recipient_organisation_id=food.organisation_id,
        service_id=food.service_id,
        service_kind=food.kind,
        sensitive=False,
        promise=Promise(2, 10, 2),
        form_version=1,
        people=PeopleAsked((world.mother,), world.mother),
        state=State.SUBMITTED,
        version=shown["version"],
        since=world.clock(),
        submitted_at=world.clock(),
    )


async def walk(world: Any, food: Any, chance: random.Random) -> Request:
    """One request from its sending on: each step is taken by the API and by the model, and sometimes sent twice."""
    shown = (await world.make(world.ask(food)))["requests"][0]
    model = model_of(world, shown, food)
    askers = {Party.REFERRER: world.worker(), Party.RECIPIENT: world.partner(food)}
    for _ in range(14):
        party, actions = chance.choice(BOTH_SIDES)
        action = chance.choices(actions, [1 if each in RARE else 5 for each in actions])[0]
        stale = action is not Action.MESSAGE and chance.random() < 0.15
        version = model.version - 1 if stale else model.version
        expected: Request | None = None
        if not stale:
            try:
                expected, _ = act(model, action, By(party, "x"), world.clock(), details(action, world.clock()))
            except Refused:
                expected = None
        path = "messages" if action is Action.MESSAGE else str(action)
        headers = askers[party] | key_header() | ({} if action is Action.MESSAGE else {"If-Match": f'"{version}"'})
        address = f"/requests/{shown['id']}/{path}"
        answers = [
            await world.client.post(address, json=BODIES.get(action), headers=headers)
            for _ in range(chance.choice((1, 1, 2)))
        ]
        refused = 412 if stale else 409 if expected is None else None
        known = party is Party.REFERRER or model.submitted_at is not None
        for answer in answers:
            if not known:
                assert answer.status_code == 404, answer.text
            elif refused is not None:
                assert answer.status_code == refused, (action, model.state, answer.text)
            else:
                assert answer.status_code in {200, 201}, (action, model.state, answer.text)
        model = expected or model
        head = await world.client.head(f"/requests/{shown['id']}", headers=askers[Party.REFERRER])
        assert head.headers["ETag"] == f'"{model.version}"', action
        if expected is not None:
            told = answers[-1].json()
            assert (told["state"], told["version"]) == (str(model.state), model.version)
            legal = sorted(str(each) for each in allowed_actions(model, party, world.clock()))
            assert told["allowed_actions"] == legal
        if model.state in FINAL or model.state is State.DRAFT:
            break
    return model


async def test_api_and_model_go_the_same_way_whatever_two_people_do(world: Any) -> None:
    food = world.service()
    seed = random.randrange(1 << 30)  # noqa: S311 - any walk is as good as another
    walks = [walk(world, food, random.Random(f"{seed}-{n}")) for n in range(6)]  # noqa: S311 - as above
    results = await asyncio.gather(*walks, return_exceptions=True)
    broken = [each for each in results if isinstance(each, BaseException)]
    assert not broken, f"seed {seed}: {broken[0]!r}"
    rows = await world.rows("SELECT count(*) AS facts FROM request_history")
    versions = sum(each.version - 1 for each in results if isinstance(each, Request))
    assert rows[0]["facts"] == versions, "every step that was taken is in the history, once"
