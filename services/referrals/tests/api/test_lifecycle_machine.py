"""The API and the pure rules go the same way, whatever people do in whatever order: a Hypothesis state machine.

A referrer, a recipient, a coordinator, the consent service, the Hub's clock and a partner's reading client act on one
request: in order and out of it, on versions that are gone, twice under one key. The rules are asked first, the API
does it on real PostgreSQL, and after each step every side must be told the state and the actions the rules give.

`CONNECTIVE_WALKS=500 pytest …` walks for minutes instead of seconds.
"""

import asyncio
import json
import os
from collections.abc import Coroutine
from datetime import date, timedelta
from typing import Any, ClassVar, TypeVar

import httpx
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from lifecycle_steps import (
    CODES,
    ENDING,
    REFERRERS,
    VERBS,
    Call,
    Step,
    draft_of,
    redirecting,
    step_of,
)

from connective.contracts.categories import Category
from connective.contracts.events import EVENTS
from connective.kit.ids import new_id
from connective.kit.testing import key_header
from connective.referrals.commands.escalate_due import escalate_due
from connective.referrals.domain.details import Reason, Submitting
from connective.referrals.domain.escalation import escalate
from connective.referrals.domain.lifecycle import act, allowed_actions
from connective.referrals.domain.notes import Try, log_contact_attempt, tell_family
from connective.referrals.domain.proposals import Noted, ProposalReason, refuse_proposal
from connective.referrals.domain.refusals import DetailsRefused, Refused
from connective.referrals.domain.request import By, Fact, Missing, Promise, Relied, Request
from connective.referrals.domain.states import FINAL, UNSENT, Action, Party, State

WALKS = int(os.environ.get("CONNECTIVE_WALKS", "10"))
STEPS = 18
HUB = By(Party.HUB, "service:referrals")
PARTIES = st.sampled_from((Party.REFERRER, Party.RECIPIENT, Party.RECIPIENT, Party.COORDINATOR))
SELDOM = st.sampled_from((False, False, False, False, True))
BLOCKING = Missing(None, "family_not_asked", "Not asked.", "Ask.")
Answer = TypeVar("Answer")


class Walk(RuleBasedStateMachine):
    """One request from its making on. Every rule asks the model what must come of it, and then calls the API."""

    world: ClassVar[Any]
    loop: ClassVar[asyncio.AbstractEventLoop]

    def wait(self, coroutine: Coroutine[Any, Any, Answer]) -> Answer:
        """What the test's own loop answers; the machine runs in a thread beside it."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(600)

    @initialize(refused=SELDOM)
    def is_made(self, refused: bool) -> None:
        """A referral with one request, sent or blocked."""
        self.failed = True
        self.food, self.elsewhere = self.world.service(), self.world.service()
        self.accounts = {party: new_id() for party in Party}
        self.record = new_id()
        self.world.consent.agreement_id = new_id()
        self.world.consent.consent_record_ids = (self.record,)
        self.calls: list[Call] = []
        self.noted: list[Noted] = []
        self.vouchers = 0
        self.refuse(refused)
        shown = self.wait(self.world.make(self.world.ask(self.food)))["requests"][0]
        self.begin(draft_of(self.world, shown, self.food))
        self.note(*act(self.model, Action.SUBMIT, self.by(Party.REFERRER), self.world.clock(), self.submitting()))

    def begin(self, draft: Request) -> None:
        """Follow this request from now on."""
        self.model, self.facts, self.unanswered = draft, list[Fact](), False
        self.address = f"/requests/{draft.id}"

    def refuse(self, refused: bool) -> None:
        """Let consent permit everything, or nothing, to the recipient."""
        self.refused = refused
        refusals = dict.fromkeys(Category, "family_not_asked") if refused else {}
        for service in (self.food, self.elsewhere):
            self.world.consent.refused[service.organisation_id] = refusals

    def submitting(self) -> Submitting:
        """What the decision says at this moment."""
        consent = self.world.consent
        relied = Relied(consent.agreement_id, consent.consent_record_ids)
        return Submitting((BLOCKING,) if self.refused else (), (), Promise(2, 10, 2), relied)

    def note(self, after: Request, *facts: Fact) -> None:
        """The rules took a step: the API must have taken it too."""
        self.model = after
        self.facts += facts
        self.failed = False

    def by(self, party: Party) -> By:
        """Somebody of this side, for the rules."""
        return HUB if party is Party.HUB else By(party, "x")

    def headers(self, party: Party) -> dict[str, str]:
        """The same person or client of this side, signed in anew."""
        world, account = self.world, self.accounts[party]
        if party is Party.RECIPIENT:
            service = self.food.organisation_id
            return dict(
                world.identities.client(place=world.place, organisation=service, scope="requests:work", client=account)
            )
        role, organisation = {
            Party.REFERRER: ("support_worker", world.school),
            Party.COORDINATOR: ("hub_coordinator", account),
        }[party]
        return dict(
            world.identities.person(place=world.place, organisation=organisation, roles=[role], account=account)
        )

    def send(self, call: Call) -> httpx.Response:
        """Send a call; its body as the same bytes every time."""
        content = None if call.body is None else json.dumps(call.body)
        headers = self.headers(call.party) | call.headers | {"Content-Type": "application/json"}
        return self.wait(self.world.client.post(call.address, content=content, headers=headers))

    def knows(self, party: Party) -> bool:
        """Whether this side may know that the request exists."""
        return party is not Party.RECIPIENT or self.model.submitted_at is not None

    def foreseen(self, party: Party, step: Step, *, stale: bool) -> tuple[tuple[Request, Fact] | None, int]:
        """What the rules make of one action, and the status that it must be answered with."""
        if not self.knows(party):
            return None, 404
        if stale and step.action is not Action.MESSAGE:
            return None, 412
        try:
            taken = act(self.model, step.action, self.by(party), self.world.clock(), step.details)
        except DetailsRefused:
            return None, 422
        except Refused:
            return None, 409
        if self.unanswered and step.action is Action.SUBMIT:
            return None, 422
        return taken, 201 if step.action in {Action.MESSAGE, Action.REDIRECT} else 200

    def takes(self, party: Party, step: Step, *, stale: bool, twice: bool, path: str | None = None) -> None:
        """One action by one side: the rules say what must come of it, and the API is held to that."""
        self.failed = True
        expected, status = self.foreseen(party, step, stale=stale)
        at, version = self.world.clock(), self.model.version - stale
        versioned = step.action is not Action.MESSAGE
        headers = key_header() | ({"If-Match": f'"{version}"'} if versioned else {})
        call = Call(party, f"{self.address}/{path or step.action}", step.body, headers, status)
        answers = [self.send(call) for _ in range(1 + twice)]
        for answer in answers:
            assert answer.status_code == status, (step.action, self.model.state, answer.text)
        if status == 409:
            legal = sorted(str(each) for each in allowed_actions(self.model, party, at))
            assert answers[0].json()["allowed_actions"] == legal
        if expected is None:
            self.failed = False
            return
        self.note(*expected)
        self.calls.append(call)
        self.unanswered &= step.action is not Action.AMEND
        if step.action is Action.REDIRECT:
            self.follow(answers[0].json())
        elif self.knows(party):
            told = answers[-1].json()
            assert (told["state"], told["version"]) == (str(self.model.state), self.model.version)

    def follow(self, draft: dict[str, Any]) -> None:
        """After a redirect the old request keeps its history, and the new draft is walked on: its form waits."""
        self.failed = True
        self.compare_history()
        ended = self.model
        self.food, self.elsewhere = self.elsewhere, self.food
        self.calls = [call for call in self.calls if call.party is Party.REFERRER]
        self.noted, self.vouchers = [], 0
        self.begin(draft_of(self.world, draft, self.food))
        self.unanswered = True
        assert (draft["replaces"], draft["state"], draft["version"]) == (str(ended.id), "draft", 1)
        self.failed = False

    @rule(data=st.data(), party=PARTIES, legal=st.booleans(), stale=SELDOM, twice=SELDOM)
    def acts(self, data: st.DataObject, party: Party, legal: bool, stale: bool, twice: bool) -> None:
        """Any verb by any side: half of the time one that the rules allow now."""
        possible = list(VERBS[party])
        if legal:
            allowed = allowed_actions(self.model, party, self.world.clock())
            possible = [action for action in possible if action in allowed] or possible
        action = data.draw(st.sampled_from(possible))
        if action in ENDING and not data.draw(SELDOM):
            action = Action.MESSAGE if party is not Party.COORDINATOR else Action.HOLD
        code = data.draw(st.sampled_from(CODES.get(action, ("",))))
        path = "messages" if action is Action.MESSAGE else None
        self.takes(party, step_of(action, self.world.clock(), code), stale=stale, twice=twice, path=path)

    @rule(refused=SELDOM, stale=SELDOM, twice=SELDOM)
    def is_submitted(self, refused: bool, stale: bool, twice: bool) -> None:
        """The referrer sends a draft, asks again for a blocked one, or tries to send what was sent."""
        self.refuse(refused)
        step = Step(Action.SUBMIT, None, self.submitting())
        self.takes(Party.REFERRER, step, stale=stale, twice=twice)

    @rule(stale=SELDOM, twice=SELDOM)
    def is_redirected(self, stale: bool, twice: bool) -> None:
        """The referrer sends the family elsewhere."""
        step = redirecting(Action.REDIRECT, self.elsewhere.service_id)
        self.takes(Party.REFERRER, step, stale=stale, twice=twice)

    @rule(stale=SELDOM, twice=SELDOM)
    def is_proposed_elsewhere(self, stale: bool, twice: bool) -> None:
        """The recipient proposes another service."""
        before = self.model.version
        step = redirecting(Action.PROPOSE_REDIRECT, self.elsewhere.service_id)
        self.takes(Party.RECIPIENT, step, stale=stale, twice=twice, path="propose-redirect")
        if self.model.version != before:
            proposed = Noted(new_id(), self.world.clock(), self.elsewhere.service_id, ProposalReason.BETTER_SUITED)
            self.noted.append(proposed)

    @rule()
    def proposal_is_refused(self) -> None:
        """The referrer keeps the request where it is."""
        at = self.world.clock()
        self.notes(
            Party.REFERRER,
            "refuse-redirect",
            None,
            lambda: refuse_proposal(self.model, self.noted, self.by(Party.REFERRER), at),
        )
        if self.noted and self.facts[-1].name == "redirect_refused":
            self.noted.append(Noted(new_id(), at, None, None))

    def notes(self, party: Party, path: str, body: Any, rules: Any) -> None:
        """Something beside the table of actions: `rules` answer the request and the facts, or refuse."""
        self.failed = True
        try:
            expected, status = rules(), 200
        except Refused:
            expected, status = None, 409
        if not self.knows(party):
            expected, status = None, 404
        headers = key_header() | {"If-Match": f'"{self.model.version}"'}
        call = Call(party, f"{self.address}/{path}", body, headers, status)
        answer = self.send(call)
        assert answer.status_code == status, (path, self.model.state, answer.text)
        self.failed = False
        if expected is not None:
            self.note(*expected)
            self.calls.append(call)

    @rule(reached=SELDOM)
    def family_is_tried(self, reached: bool) -> None:
        """The recipient logs a try to reach the family; enough in vain prompt the referrer."""

        def rules() -> tuple[Request, *tuple[Fact, ...]]:
            tried = Try("telephone", reached)
            after, facts = log_contact_attempt(self.model, tried, self.by(Party.RECIPIENT), self.world.clock())
            return after, *facts

        self.notes(Party.RECIPIENT, "contact-attempts", {"method": "telephone", "reached": reached}, rules)

    @rule(party=st.sampled_from((Party.REFERRER, Party.RECIPIENT)))
    def family_is_told(self, party: Party) -> None:
        """The task that a decline leaves."""

        def rules() -> tuple[Request, *tuple[Fact, ...]]:
            after, facts = tell_family(self.model, "told", self.by(party), self.world.clock())
            return after, *facts

        self.notes(party, "family-told", {"code": "told"}, rules)

    @rule(reads_only=st.booleans())
    def is_opened(self, reads_only: bool) -> None:
        """The recipient reads it: decided anew, received, or closed and held when sharing is not permitted now."""
        self.failed = True
        at, model = self.world.clock(), self.model
        scope = "requests:read" if reads_only else "requests:work"
        reader = self.world.identities.client(
            place=self.world.place, organisation=self.food.organisation_id, scope=scope
        )
        answer = self.wait(self.world.client.get(self.address, headers=reader))
        if model.submitted_at is None:
            assert answer.status_code == 404
        elif model.state not in FINAL and (model.hold is not None or self.refused):
            assert answer.status_code == 403
            if model.hold is None:
                self.note(*act(model, Action.HOLD, HUB, at, Reason("sharing_not_permitted")))
            assert (answer.json()["state"], answer.json()["version"]) == (str(self.model.state), self.model.version)
        else:
            if model.state is State.SUBMITTED:
                self.note(*act(model, Action.RECEIVE, self.by(Party.RECIPIENT), at))
            status = answer.json()["status"]
            legal = [] if reads_only else sorted(map(str, allowed_actions(self.model, Party.RECIPIENT, at)))
            assert (status["state"], status["allowed_actions"]) == (str(self.model.state), legal), status
        self.failed = False

    @rule(subject=st.sampled_from(("consent.withdrawn", "agreement.suspended", "agreement.reinstated")))
    def consent_says(self, subject: str) -> None:
        """Consent is withdrawn, or the agreement suspended or reinstated, at any moment; the event comes twice."""
        self.failed = True
        document = self.event(subject)
        for _ in range(2):
            self.wait(self.world.running.consumer.apply([(f"hub.consent.{subject}", document)]))
        model, held = self.model, None if self.model.hold is None else self.model.hold.reasons
        code = {"consent.withdrawn": "consent_withdrawn"}.get(subject, "agreement_suspended")
        if model.state not in FINAL | UNSENT:
            if subject == "agreement.reinstated":
                if held == (code,):
                    self.note(*act(model, Action.RELEASE, HUB, self.world.clock()))
            elif code not in (held or ()):
                self.note(*act(model, Action.HOLD, HUB, self.world.clock(), Reason(code)))
        self.failed = False

    def event(self, subject: str) -> bytes:
        """One event as consent announces it."""
        scope = {"recipient_organisation_ids": (), "service_kinds": (), "purposes": (), "categories": ()}
        told: dict[str, Any] = {"consent_id": self.record, "kind": "consent", "person_ids": (), **scope}
        if subject.startswith("agreement"):
            agreement = self.world.consent.agreement_id
            told = {"agreement_id": agreement, "version": 1, "legal_entity_ids": (), "ends_on": date(2027, 1, 1)}
        kind = EVENTS[f"hub.consent.{subject}"]
        event = kind(**{name: value for name, value in told.items() if name in kind.model_fields})
        envelope = {
            "specversion": "1.0",
            "id": str(new_id()),
            "source": "/services/consent",
            "type": event.type_name(),
            "subject": str(event.aggregate_id),
            "time": self.world.clock().strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "traceparent": "",
            "aggregateversion": 1,
            "placeid": str(self.world.place),
            "data": json.loads(event.model_dump_json()),
        }
        return json.dumps(envelope).encode()

    @rule(action=st.sampled_from((Action.ACCEPT, Action.DECLINE, Action.WAITLIST)), stale=SELDOM)
    def is_triaged(self, action: Action, stale: bool) -> None:
        """The same rules in the bulk, with a stranger's request beside it that must not stop this one."""
        self.failed = True
        at, version = self.world.clock(), self.model.version - stale
        step = step_of(action, at, "at_capacity")
        details = {Action.DECLINE: {"decline": step.body}, Action.WAITLIST: step.body}.get(action, {})
        items = [{"request_id": str(each), "version": version or 1} for each in (new_id(), self.model.id)]
        call = Call(
            Party.RECIPIENT, "/requests/triage", {"action": action, **details, "items": items}, key_header(), 207
        )
        answer = self.send(call)
        assert answer.status_code == 207, answer.text
        stranger, ours = answer.json()["items"]
        assert stranger["status"] == 404
        if not self.knows(Party.RECIPIENT) or stale:
            assert ours["status"] == (412 if self.knows(Party.RECIPIENT) else 404), ours
        else:
            try:
                after, fact = act(self.model, action, self.by(Party.RECIPIENT), at, step.details)
            except Refused:
                assert ours["status"] == 409, ours
            else:
                assert (ours["status"], ours["request"]["state"]) == (200, str(after.state))
                self.note(after, fact)
        self.failed = False

    @rule()
    def help_comes_by_voucher(self) -> None:
        """While it is blocked a voucher may be given, and used once; the request itself stays as it is."""
        self.failed = True
        body = {"adults": 1, "children_by_age_band": {"1-4": 1}, "packing_notes": ["no_nuts"]}
        call = Call(Party.REFERRER, f"{self.address}/vouchers", body, key_header(), 201)
        answer = self.send(call)
        assert answer.status_code == (201 if self.model.state is State.BLOCKED else 409), answer.text
        if answer.status_code == 201:
            voucher = answer.json()
            used = Call(
                Party.RECIPIENT, f"/vouchers/{voucher['id']}/use", None, key_header() | {"If-Match": '"1"'}, 200
            )
            assert [self.send(used).status_code for _ in range(2)] == [200, 200]
            again = Call(Party.RECIPIENT, used.address, None, key_header() | {"If-Match": '"2"'}, 409)
            assert self.send(again).status_code == 409
        self.failed = False

    @rule(party=st.sampled_from((Party.REFERRER, Party.RECIPIENT)))
    def is_assigned(self, party: Party) -> None:
        """Whose work it is changes nothing of the request; nobody but a member can have it."""
        self.failed = True
        headers = self.headers(party)
        if party is Party.RECIPIENT:
            organisation = self.food.organisation_id
            headers = self.world.identities.person(
                place=self.world.place, organisation=organisation, roles=["partner_worker"]
            )
        sending = self.world.post(f"{self.address}/assign", {"account_id": str(new_id())}, headers)
        assert self.wait(sending).status_code == (422 if self.knows(party) else 404)
        self.failed = False

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def is_sent_again(self, data: st.DataObject) -> None:
        """An answer was lost: the same call under its key does nothing twice; another body under it is refused."""
        self.failed = True
        call = data.draw(st.sampled_from(self.calls))
        again = self.send(call)
        if self.knows(call.party):
            assert (again.status_code, again.headers["Idempotent-Replay"]) == (call.status, "true"), again.text
        else:
            assert again.status_code == 404, "taken back, it is not there for the recipient"
        other = self.send(Call(call.party, call.address, [call.body], call.headers, 422))
        assert other.status_code == 422, other.text
        self.failed = False

    @rule()
    def stranger_asks(self) -> None:
        """Nobody else finds it, whatever its state."""
        stranger = self.world.worker(new_id())
        assert self.wait(self.world.client.head(self.address, headers=stranger)).status_code == 404
        sending = self.world.post(f"{self.address}/withdraw", {"reason": "other"}, stranger, self.model.version)
        assert self.wait(sending).status_code == 404

    @rule(hours=st.sampled_from((0.5, 1, 5, 24 * 3, 24 * 8, 24 * 90)))
    def time_passes(self, hours: float) -> None:
        """The Hub's clock comes by: it reminds, tells the coordinator, or lapses what nobody answered."""
        self.failed = True
        self.world.clock.move(timedelta(hours=hours))
        self.wait(escalate_due(self.world.running.database, self.world.clock()))
        stepped = escalate(self.model, self.world.clock())
        if stepped is not None:
            self.note(*stepped)
        self.failed = False

    @invariant()
    def everybody_is_told_what_the_rules_say(self) -> None:
        """State, version and what they may do: for the referrer who reads, and for the recipient without opening it."""
        if self.failed:
            return
        self.failed = True
        at, model = self.world.clock(), self.model
        own = self.wait(self.world.client.get(self.address, headers=self.headers(Party.REFERRER))).json()["status"]
        legal = sorted(str(each) for each in allowed_actions(model, Party.REFERRER, at))
        assert (own["state"], own["version"], own["allowed_actions"]) == (str(model.state), model.version, legal)
        assert own["hold_reasons"] == list(model.hold.reasons if model.hold else ())
        assert own["contact_attempts"] == model.contact_attempts
        theirs = allowed_actions(model, Party.RECIPIENT, at)
        illegal = min(a for a in (Action.ACCEPT, Action.RECEIVE, Action.RESUME) if a not in theirs)
        call = Call(Party.RECIPIENT, f"{self.address}/{illegal}", None, self.matching(), 409)
        refused = self.send(call)
        assert refused.status_code == (409 if self.knows(Party.RECIPIENT) else 404), refused.text
        if self.knows(Party.RECIPIENT):
            assert refused.json()["allowed_actions"] == sorted(map(str, theirs))
        self.failed = False

    def matching(self) -> dict[str, str]:
        """The headers of a new act on the present version."""
        return key_header() | {"If-Match": f'"{self.model.version}"'}

    def compare_history(self) -> None:
        """What is kept, and what was announced, is what the rules said happened: each thing once, in order."""
        kept = "SELECT version, fact, before, after, reason_code, party FROM request_history WHERE request_id = $1"
        rows = self.wait(self.world.rows(f"{kept} ORDER BY version", self.model.id))
        assert [tuple(row) for row in rows] == [
            (f.version, f.name, str(f.before), str(f.after), f.reason_code, str(f.by.party)) for f in self.facts
        ]
        told = "SELECT aggregate_version FROM outbox WHERE aggregate_id = $1 AND subject NOT LIKE '%audit%' ORDER BY id"
        announced = [f.version for f in self.facts if f.announced]
        assert [row[0] for row in self.wait(self.world.rows(told, self.model.id))] == announced

    def teardown(self) -> None:
        """Compare the whole history, and end the request, so that the clock does not find it in the next walk."""
        if getattr(self, "failed", True):
            return
        if self.model.state not in FINAL:
            step = step_of(Action.WITHDRAW, self.world.clock(), "no_longer_needed")
            self.takes(Party.REFERRER, step, stale=False, twice=False)
        self.compare_history()


async def test_api_and_rules_go_the_same_way_whatever_is_done(world: Any) -> None:
    assert set(REFERRERS) < set(Action)
    bound = type("BoundWalk", (Walk,), {"world": world, "loop": asyncio.get_running_loop()})
    patient = settings(max_examples=WALKS, stateful_step_count=STEPS, database=None, print_blob=True)
    await asyncio.to_thread(run_state_machine_as_test, bound, settings=patient)
