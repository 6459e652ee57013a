"""What somebody can do with a request now: what the API allows, and what is noted beside it, the likeliest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connective.frontend.domain.sessions import Person


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: a button that does it, or a link to the form that asks what it needs."""

    verb: str
    text: str
    at_once: bool = False
    main: bool = False


WORK = "referrals:request:work"
REFER = "referrals:referral:write"
TELL = "referrals:family:tell"
WRITE = "referrals:message:write"
ASSIGN = "referrals:assignment:write"
RECIPIENT: dict[str, Step] = {
    "accept": Step("accept", "Accept this request", at_once=True, main=True),
    "start": Step("start", "First contact is made: start", at_once=True, main=True),
    "complete": Step("complete", "Finish, and say what came of it", main=True),
    "resume": Step("resume", "Take it up again", at_once=True, main=True),
    "ask": Step("ask", "Ask a question"),
    "message": Step("message", "Write a message"),
    "waitlist": Step("waitlist", "Put it on the waiting list"),
    "pause": Step("pause", "Pause the work"),
    "propose_redirect": Step("propose-redirect", "Propose another service"),
    "decline": Step("decline", "Decline"),
    "reassess": Step("reassess", "End it: our assessment found that it is not for them"),
}
REFERRER: dict[str, Step] = {
    "answer": Step("answer", "Answer their question", main=True),
    "submit": Step("submit", "Send it", main=True),
    "message": Step("message", "Write a message"),
    "amend": Step("amend", "Change what you wrote"),
    "correct": Step("correct", "Take it back to correct it", at_once=True),
    "redirect": Step("redirect", "Send it to another service instead"),
    "withdraw": Step("withdraw", "Take it back for good"),
}
COORDINATOR: dict[str, Step] = {
    "hold": Step("hold", "Hold it", at_once=True),
    "release": Step("release", "End the hold", at_once=True),
}
DONE = {
    "accept": "You accepted this request. Whoever asked can see that.",
    "answer": "Your answer was sent.",
    "ask": "Your question was sent. It waits for their answer.",
    "amend": "Your changes were saved. They are told that there is a new version.",
    "assign": "It is noted whose work this is.",
    "file-removed": "Your file was taken back.",
    "attachments": "Your file was sent. The other side can have it once it was scanned.",
    "blocked": "It was not sent: something is missing. What would clear it stands below.",
    "carry-on": "It goes on.",
    "changed": "Nothing was done: this request has changed since you opened it. This is how it is now.",
    "complete": "This request is finished. Whoever asked can see what came of it.",
    "concern-reported": "It is noted that you reported a concern. Whoever asked is not told of it here.",
    "contact-attempts": "Your try to reach the family was logged.",
    "correct": "You took it back. Change it, then send it again.",
    "decline": "You declined this request. Whoever asked can see why, and what the family is told.",
    "elsewhere": "The other service was asked.",
    "family-told": "It is noted. Nobody has to tell the family any more.",
    "hold": "It is on hold.",
    "message": "Your message was sent.",
    "pause": "It is paused. You are reminded on the day you chose.",
    "propose-redirect": "Your proposal was sent. The request stays yours until they decide.",
    "reassess": "This request has ended. Whoever asked can see why, and what the family is told.",
    "redirect": "This is the new request to the other service. It is not sent yet: change what you wrote to what its "
    "form asks, then send it.",
    "refuse-redirect": "It stays where it is.",
    "release": "The hold has ended.",
    "resume": "You took it up again.",
    "second-look": "You asked for a second look.",
    "second-look-answer": "Your answer to the second look was sent.",
    "start": "First contact is noted.",
    "submit": "It was sent.",
    "vouchers": "The voucher was made.",
    "waitlist": "It is on your waiting list. Whoever asked can see when a place is expected.",
    "withdraw": "You took this request back.",
}
"""What a page says once something was done."""
_NOTED_FROM = frozenset({"received", "information_requested", "waitlisted", "accepted", "in_progress", "on_hold"})
_ENDED = frozenset({"completed", "declined", "lapsed", "redirected", "withdrawn"})
_SENT_ELSEWHERE = frozenset({"declined", "lapsed"})


def steps_of(
    record: Mapping[str, Any],
    side: str,
    history: Sequence[Mapping[str, Any]],
    proposals: Sequence[Mapping[str, Any]],
    person: Person,
) -> list[Step]:
    """The steps, main ones first."""
    status = record["status"]
    allowed = status["allowed_actions"]
    own = RECIPIENT if side == "recipient" else REFERRER
    steps = [step for code, step in {**own, **COORDINATOR}.items() if code in allowed]
    facts = {each["fact"] for each in history}
    steps += _beside(status, side, facts, person)
    if side == "referrer" and person.may(REFER):
        steps += _as_referrer(status, facts, any(each["state"] == "open" for each in proposals))
    if person.may(WRITE) and (side == "referrer" or status["state"] != "submitted") and status["state"] not in _ENDED:
        steps.append(Step("attach", "Send a file"))
    if person.may(ASSIGN) and (record["view"] != "tombstone"):
        steps.append(Step("assign", "Take it on, or give it to a colleague"))
    return sorted(steps, key=lambda step: not step.main)


def _beside(status: Mapping[str, Any], side: str, facts: set[str], person: Person) -> list[Step]:
    """What a recipient notes beside the lifecycle, and telling the family, which is either side's task."""
    steps = []
    if side == "recipient" and person.may(WORK):
        if status["state"] in _NOTED_FROM:
            steps.append(Step("contact-attempts", "Log a try to reach the family"))
        if "second_look_asked" in facts and "second_look_answered" not in facts:
            steps.append(Step("second-look-answer", "Answer the second look", main=True))
        steps.append(Step("concern-reported", "Note that you reported a concern"))
    decline = status["decline"]
    if decline and decline["family_told"] is None and person.may(TELL):
        mine = "lead_practitioner" if side == "referrer" else "recipient"
        if decline["tells"] == mine:
            steps.append(Step("family-told", "Say that the family has been told", main=True))
    return steps


def _as_referrer(status: Mapping[str, Any], facts: set[str], proposed: bool) -> list[Step]:
    steps = []
    if proposed and "redirect" in status["allowed_actions"]:
        steps.append(Step("refuse-redirect", "Keep it where it is", at_once=True))
    if "referrer_decides" in status["hold_reasons"]:
        steps.append(Step("carry-on", "It goes on", at_once=True, main=True))
    if status["state"] in _SENT_ELSEWHERE:
        steps.append(Step("elsewhere", "Ask another service instead", main=True))
    if status["state"] == "declined" and "second_look_asked" not in facts:
        steps.append(Step("second-look", "Ask for a second look"))
    if status["state"] == "blocked" and status["service_kind"] == "food_bank":
        steps.append(Step("vouchers", "Give the family a voucher for today"))
    return steps


AT_ONCE = frozenset(
    {step.verb for step in (*RECIPIENT.values(), *REFERRER.values(), *COORDINATOR.values()) if step.at_once}
    | {"refuse-redirect", "carry-on"}
)
"""Verbs that need no more than a button."""
MOVES = frozenset(step.verb for step in (*RECIPIENT.values(), *REFERRER.values())) - AT_ONCE - {"message"}
"""Verbs of the lifecycle that ask something first: they fit the state in which somebody saw it, and maybe no other."""
